# The compile settings every Lutra target shares, and one function per kind of target.
include_guard(GLOBAL)

option(LUTRA_WARNINGS_AS_ERRORS "treat warnings as errors" OFF)
option(LUTRA_SANITIZE "build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

option(LUTRA_FUZZ "build the harnesses of tests/fuzz as programs of libFuzzer, with its coverage and the sanitizers" OFF)
if(LUTRA_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "LUTRA_FUZZ needs clang++, whose part libFuzzer is: cmake --preset fuzz")
  endif()
  set(LUTRA_SANITIZE ON)
endif()

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")

find_program(LUTRA_CCACHE ccache)
if(LUTRA_CCACHE)
  # Without the sloppiness ccache takes no file that uses a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${LUTRA_CCACHE}")
endif()

# Of these, programs that use the installed libraries get what is not in BUILD_INTERFACE.
add_library(lutra_settings INTERFACE)
set_target_properties(lutra_settings PROPERTIES EXPORT_NAME settings)
install(TARGETS lutra_settings EXPORT lutra COMPONENT library)
target_include_directories(lutra_settings INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
target_compile_features(lutra_settings INTERFACE cxx_std_20)
# -ffp-contract=off: a fused multiply-add would make float results differ between machines.
target_compile_options(lutra_settings INTERFACE
                       "$<BUILD_INTERFACE:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wno-sign-conversion>"
                       -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms on std::string: GCC bugs 105329 and 105651. Which they are depends on the length of literals, so of paths.
  target_compile_options(lutra_settings INTERFACE
                         "$<BUILD_INTERFACE:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>")
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Where several files are compiled as one, clang takes a constant of one of them for shadowed in the next; GCC does not.
  target_compile_options(lutra_settings INTERFACE $<BUILD_INTERFACE:-Wno-shadow>)
endif()
if(LUTRA_WARNINGS_AS_ERRORS)
  target_compile_options(lutra_settings INTERFACE $<BUILD_INTERFACE:-Werror>)
endif()
if(LUTRA_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(lutra_settings INTERFACE
                         $<BUILD_INTERFACE:$<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>>) # ccache asks for it
endif()
if(LUTRA_SANITIZE)
  target_compile_options(lutra_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                  -fno-omit-frame-pointer)
  target_link_options(lutra_settings INTERFACE -fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(lutra_settings INTERFACE -Wno-maybe-uninitialized) # a false alarm on std::regex: GCC bug 105562
    add_library(lutra_throw_under_sanitizer OBJECT "${PROJECT_SOURCE_DIR}/tests/support/throw_under_sanitizer.cpp")
    target_sources(lutra_settings INTERFACE
      "$<BUILD_INTERFACE:$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:$<TARGET_OBJECTS:lutra_throw_under_sanitizer>>>")
    target_link_libraries(lutra_settings INTERFACE $<BUILD_INTERFACE:${CMAKE_DL_LIBS}>)
  endif()
endif()

if(LUTRA_FUZZ)
  target_compile_options(lutra_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Two precompiled headers for all targets: half of what compiling a file takes is reading fmt and the standard library.
# CMAKE_DISABLE_PRECOMPILE_HEADERS=ON builds without, which finds a file that forgets an include.
set(LUTRA_COMMON_HEADERS <fmt/format.h> <fmt/ranges.h> <algorithm> <array> <bit> <charconv> <cmath> <cstdint> <cstring>
    <filesystem> <functional> <limits> <map> <memory> <optional> <set> <span> <string> <string_view> <variant> <vector>)
file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/headers.cpp" CONTENT "")
add_library(lutra_headers OBJECT "${CMAKE_CURRENT_BINARY_DIR}/headers.cpp")
target_link_libraries(lutra_headers PRIVATE lutra_settings fmt::fmt)
target_precompile_headers(lutra_headers PRIVATE ${LUTRA_COMMON_HEADERS})
if(BUILD_TESTING)
  add_library(lutra_test_headers OBJECT "${CMAKE_CURRENT_BINARY_DIR}/headers.cpp")
  target_link_libraries(lutra_test_headers PRIVATE lutra_settings fmt::fmt GTest::gmock GTest::gtest)
  target_precompile_headers(lutra_test_headers PRIVATE ${LUTRA_COMMON_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
endif()

# lutra_library(<name> [SOURCES <glob>...] [HEADERS <glob>...] [DEPENDS <target>...]): a static library `lutra_<name>` of the
# sources that the globs find, every *.cpp of the current folder where none is given. It is installed as lutra::<name>, with the
# headers beside its sources and those that HEADERS finds.
function(lutra_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS" ${ARGN})
  if(NOT ARG_SOURCES)
    set(ARG_SOURCES "*.cpp")
  endif()
  set(sources "")
  foreach(pattern IN LISTS ARG_SOURCES)
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${pattern}")
    list(APPEND sources ${found})
  endforeach()
  list(TRANSFORM ARG_SOURCES REPLACE "cpp$" "h" OUTPUT_VARIABLE header_patterns)
  set(headers "")
  foreach(pattern IN LISTS header_patterns ARG_HEADERS)
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${pattern}")
    list(APPEND headers ${found})
  endforeach()
  if(sources)
    add_library(lutra_${name} STATIC ${sources})
    target_link_libraries(lutra_${name} PUBLIC lutra_settings ${ARG_DEPENDS})
    target_precompile_headers(lutra_${name} REUSE_FROM lutra_headers)
    set(headers_for PUBLIC)
  else() # headers only
    add_library(lutra_${name} INTERFACE)
    target_link_libraries(lutra_${name} INTERFACE lutra_settings ${ARG_DEPENDS})
    set(headers_for INTERFACE)
  endif()
  target_sources(lutra_${name} ${headers_for} FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${headers})
  set_target_properties(lutra_${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS lutra_${name} EXPORT lutra
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library
          FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/lutra" COMPONENT library)
endfunction()

# lutra_test(<name> [SOURCES <glob>...] [DEPENDS <target>...] [LABEL <label>] [UNITY] [OWN_HEADERS] [PROCESSES <n>]):
# `<name>_test` of every *.cpp in the current folder, or of those that the globs find, each TEST registered with ctest as a
# process of its own (a SystemC kernel can be elaborated once per process).
# UNITY: presets may compile them as a few large files, so no two of them may give one name to two things. OWN_HEADERS: their
# definitions are not those of the precompiled header. PROCESSES spreads all tests over so many processes, where a process takes
# longer to start than a test does.
function(lutra_test name)
  cmake_parse_arguments(ARG "UNITY;OWN_HEADERS" "LABEL;PROCESSES" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_SOURCES)
    set(ARG_SOURCES "*.cpp")
  endif()
  set(sources "")
  foreach(pattern IN LISTS ARG_SOURCES)
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${pattern}")
    list(APPEND sources ${found})
  endforeach()
  add_executable(${name}_test ${sources})
  if(NOT ARG_UNITY)
    set_target_properties(${name}_test PROPERTIES UNITY_BUILD OFF)
  endif()
  if(NOT ARG_OWN_HEADERS)
    target_precompile_headers(${name}_test REUSE_FROM lutra_test_headers)
  endif()
  target_link_libraries(${name}_test PRIVATE lutra_settings fmt::fmt ${ARG_DEPENDS} GTest::gmock GTest::gtest)
  if(NOT "lutra_systemc_main" IN_LIST ARG_DEPENDS)
    target_link_libraries(${name}_test PRIVATE GTest::gtest_main)
  endif()
  target_compile_definitions(${name}_test PRIVATE LUTRA_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                  LUTRA_BINARY_DIR="${PROJECT_BINARY_DIR}")
  set(properties TIMEOUT 1800) # for a busy machine
  if(ARG_LABEL)
    list(APPEND properties LABELS ${ARG_LABEL})
  endif()
  if(NOT ARG_PROCESSES)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 600 PROPERTIES ${properties}
                         DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES)
    return()
  endif()
  foreach(part RANGE 1 ${ARG_PROCESSES})
    math(EXPR index "${part} - 1")
    add_test(NAME ${name}/part_${part}_of_${ARG_PROCESSES} COMMAND ${name}_test)
    set_tests_properties(${name}/part_${part}_of_${ARG_PROCESSES} PROPERTIES ${properties}
                         ENVIRONMENT "GTEST_TOTAL_SHARDS=${ARG_PROCESSES};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()

# lutra_embed(<library> <file>...): every program that links the library carries these files; software/common/embedded.h
# finds them by their path relative to the source tree (or the build tree, for generated files). To be called where the
# library is made.
function(lutra_embed library)
  set(table "${CMAKE_CURRENT_BINARY_DIR}/${library}_files.S")
  set(text ".section .rodata\n")
  set(entries "")
  set(index 0)
  foreach(file IN LISTS ARGN)
    cmake_path(IS_PREFIX PROJECT_BINARY_DIR "${file}" in_build)
    if(in_build)
      file(RELATIVE_PATH path "${PROJECT_BINARY_DIR}" "${file}")
    else()
      file(RELATIVE_PATH path "${PROJECT_SOURCE_DIR}" "${file}")
    endif()
    string(APPEND text ".balign 16\nfile_${index}:\n.incbin \"${file}\"\nfile_${index}_end:\n.byte 0\n")
    string(APPEND text "name_${index}: .asciz \"${path}\"\n")
    string(APPEND entries ".quad name_${index}, file_${index}, file_${index}_end - file_${index}\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND text ".section lutra_embedded,\"aw\"\n.balign 8\n${entries}.section .note.GNU-stack,\"\",@progbits\n")
  file(GENERATE OUTPUT "${table}" CONTENT "${text}")
  set_source_files_properties("${table}" PROPERTIES GENERATED TRUE OBJECT_DEPENDS "${ARGN}")
  add_library(${library}_files OBJECT "${table}")
  # The object goes into programs only: a static library's member that nothing refers to would be left out.
  set(in_programs "$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:$<TARGET_OBJECTS:")
  target_sources(${library} INTERFACE "$<BUILD_INTERFACE:${in_programs}${library}_files>>>")
  get_target_property(exported ${library} EXPORT_NAME)
  if(exported)
    set_target_properties(${library}_files PROPERTIES EXPORT_NAME ${exported}_files)
    install(TARGETS ${library}_files EXPORT lutra
            OBJECTS DESTINATION "${CMAKE_INSTALL_LIBDIR}/lutra" COMPONENT library)
    target_sources(${library} INTERFACE "$<INSTALL_INTERFACE:${in_programs}lutra::${exported}_files>>>")
  endif()
endfunction()
