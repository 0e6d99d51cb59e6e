# The compile settings every Lutra target shares, and one function per kind of target.
include_guard(GLOBAL)

option(LUTRA_WARNINGS_AS_ERRORS "treat warnings as errors" OFF)
option(LUTRA_SANITIZE "build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")

find_program(LUTRA_CCACHE ccache)
if(LUTRA_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LUTRA_CCACHE}")
endif()

add_library(lutra_settings INTERFACE)
target_include_directories(lutra_settings INTERFACE "${PROJECT_SOURCE_DIR}")
# -ffp-contract=off: a fused multiply-add would make float results differ between machines.
target_compile_options(lutra_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                                -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(lutra_settings INTERFACE -Wno-restrict) # false alarms on std::string, GCC bug 105329
endif()
if(LUTRA_WARNINGS_AS_ERRORS)
  target_compile_options(lutra_settings INTERFACE -Werror)
endif()
if(LUTRA_SANITIZE)
  target_compile_options(lutra_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                  -fno-omit-frame-pointer)
  target_link_options(lutra_settings INTERFACE -fsanitize=address,undefined)
endif()

# lutra_library(<name> [DEPENDS <target>...]): a static library `lutra_<name>` of every *.cpp in the current folder.
function(lutra_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(sources)
    add_library(lutra_${name} STATIC ${sources})
    target_link_libraries(lutra_${name} PUBLIC lutra_settings ${ARG_DEPENDS})
  else() # headers only
    add_library(lutra_${name} INTERFACE)
    target_link_libraries(lutra_${name} INTERFACE lutra_settings ${ARG_DEPENDS})
  endif()
endfunction()

# lutra_test(<name> [DEPENDS <target>...] [PER_PROCESS]): `<name>_test` of every *_test.cpp in the current folder, each
# TEST registered with ctest as a process of its own (a SystemC kernel can be elaborated once per process).
function(lutra_test name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_executable(${name}_test ${sources})
  target_link_libraries(${name}_test PRIVATE lutra_settings ${ARG_DEPENDS} GTest::gmock GTest::gtest)
  if(NOT "lutra_systemc_main" IN_LIST ARG_DEPENDS)
    target_link_libraries(${name}_test PRIVATE GTest::gtest_main)
  endif()
  target_compile_definitions(${name}_test PRIVATE LUTRA_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                  LUTRA_BINARY_DIR="${PROJECT_BINARY_DIR}")
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600
                       DISCOVERY_MODE PRE_TEST)
endfunction()

# lutra_embed(<target> <file>...): compiles files into <target>; software/embedded finds them by their path relative to
# the source tree (or the build tree, for generated files).
function(lutra_embed target)
  set(table "${CMAKE_CURRENT_BINARY_DIR}/${target}_files.S")
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
  string(APPEND text ".section .data.rel.ro,\"aw\"\n.balign 16\n.globl lutra_embedded_files\nlutra_embedded_files:\n${entries}"
                     ".globl lutra_embedded_files_end\nlutra_embedded_files_end:\n.section .note.GNU-stack,\"\",@progbits\n")
  file(GENERATE OUTPUT "${table}" CONTENT "${text}")
  target_sources(${target} PRIVATE "${table}")
  set_source_files_properties("${table}" PROPERTIES GENERATED TRUE OBJECT_DEPENDS "${ARGN}")
endfunction()
