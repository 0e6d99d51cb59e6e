# RTL twins under Verilator: models for lockstep tests, and lint. Where Verilator is absent both are reported as skipped.
include_guard(GLOBAL)

option(LUTRA_RTL "build and lint the RTL twins, where Verilator is found" ON)
set(LUTRA_NO_VERILATOR "LUTRA_RTL is off")
if(LUTRA_RTL)
  find_package(verilator QUIET HINTS "$ENV{VERILATOR_ROOT}")
  set(LUTRA_NO_VERILATOR "no Verilator (apt-get install verilator)")
endif()
set(LUTRA_SHARED_RTL "${PROJECT_SOURCE_DIR}/accelerators/array/rtl")

# lutra_skipped_test(<name> <reason>): a ctest entry that says why it did not run.
function(lutra_skipped_test name reason)
  add_test(NAME "${name}" COMMAND "${CMAKE_COMMAND}" -E echo "skipped: ${reason}")
  set_tests_properties("${name}" PROPERTIES SKIP_REGULAR_EXPRESSION "^skipped: ")
endfunction()

# Sets `folder` and `packages` for the RTL of a family, accelerators/<family>/rtl, or of another folder of accelerators.
macro(lutra_rtl_folder family)
  set(folder "${PROJECT_SOURCE_DIR}/accelerators/${family}/rtl")
  if(NOT EXISTS "${folder}")
    set(folder "${PROJECT_SOURCE_DIR}/accelerators/${family}")
  endif()
  file(GLOB packages CONFIGURE_DEPENDS "${folder}/*_pkg.sv")
  list(PREPEND packages "${LUTRA_SHARED_RTL}/array_pkg.sv")
endmacro()

# lutra_rtl_lint(<family> <top> [OUTPUT_STATIONARY]): ctest entries that lint a top of the family's RTL, for either
# dataflow; OUTPUT_STATIONARY: the top knows no other and has no parameter for it.
function(lutra_rtl_lint family top)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "OUTPUT_STATIONARY" "" "")
  if(NOT verilator_FOUND)
    lutra_skipped_test("rtl_lint/${top}" "${LUTRA_NO_VERILATOR}")
    return()
  endif()
  lutra_rtl_folder(${family})
  file(GLOB waivers CONFIGURE_DEPENDS "${folder}/*.vlt")
  set(lint "${VERILATOR_BIN}" --lint-only -Wall "-I${folder}" "-I${LUTRA_SHARED_RTL}" "${LUTRA_SHARED_RTL}/lint.vlt" ${waivers}
           ${packages} "${folder}/${top}.sv" --top ${top})
  if(ARG_OUTPUT_STATIONARY)
    add_test(NAME "rtl_lint/${top}" COMMAND ${lint})
    return()
  endif()
  foreach(weight_stationary 0 1)
    add_test(NAME "rtl_lint/${top}/weight_stationary_${weight_stationary}"
             COMMAND ${lint} "-GWEIGHT_STATIONARY=1'b${weight_stationary}")
  endforeach()
endfunction()

# lutra_rtl_model(<family> <name> TOP <top> PARAMETERS <NAME=value>... [LIBRARY <part>]
#                 [REPLACE <file> <text> <other text>]...)
# adds to the library lutra_rtl_<part, else family> the elaboration <name> of a top of the family's RTL. Its header
# <name>.h declares struct lutra::test::<name> with the parameters as constants and the Verilator class as Top. REPLACE
# elaborates a copy in which the first occurrence of a text of <file> reads otherwise: a planted bug.
function(lutra_rtl_model family name)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "TOP;LIBRARY" "PARAMETERS;REPLACE")
  lutra_rtl_folder(${family})
  if(NOT ARG_LIBRARY)
    set(ARG_LIBRARY ${family})
  endif()
  set(library lutra_rtl_${ARG_LIBRARY})
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  if(NOT TARGET ${library})
    add_library(${library} STATIC)
    set_target_properties(${library} PROPERTIES EXPORT_COMPILE_COMMANDS OFF)
  endif()

  set(copies "")
  while(ARG_REPLACE)
    list(POP_FRONT ARG_REPLACE file text other)
    cmake_path(GET file FILENAME leaf)
    set(source "${PROJECT_SOURCE_DIR}/${file}")
    set(copy "${generated}/rtl/${leaf}")
    set(script "${generated}/replace_${leaf}.cmake")
    file(CONFIGURE OUTPUT "${script}" CONTENT [==[
file(READ "@source@" content)
string(FIND "${content}" [=[@text@]=] at)
if(at EQUAL -1)
  message(FATAL_ERROR [=[@file@ does not contain '@text@', which @name@ wants to replace]=])
endif()
string(REPLACE [=[@text@]=] [=[@other@]=] content "${content}")
file(WRITE "@copy@" "${content}")
]==] @ONLY)
    execute_process(COMMAND "${CMAKE_COMMAND}" -P "${script}" COMMAND_ERROR_IS_FATAL ANY)
    add_custom_command(OUTPUT "${copy}" COMMAND "${CMAKE_COMMAND}" -P "${script}" DEPENDS "${source}" "${script}")
    target_sources(${library} PRIVATE "${copy}")
    list(APPEND copies "-I${generated}/rtl")
  endwhile()
  list(REMOVE_DUPLICATES copies)
  set(top_file "${folder}/${ARG_TOP}.sv")
  if(EXISTS "${generated}/rtl/${ARG_TOP}.sv")
    set(top_file "${generated}/rtl/${ARG_TOP}.sv")
  endif()

  set(constants "")
  set(arguments "")
  foreach(parameter IN LISTS ARG_PARAMETERS)
    list(APPEND arguments "-G${parameter}")
    string(REPLACE "=" " = " constant "${parameter}")
    string(APPEND constants "  static constexpr int ${constant};\n")
  endforeach()
  file(CONFIGURE OUTPUT "${generated}/${name}.h" @ONLY CONTENT
       "#pragma once\n#include \"V${name}.h\"\nnamespace lutra::test {\nstruct ${name} {\n  using Top = V${name};\n${constants}};\n}  // namespace lutra::test\n")

  verilate(${library} PREFIX V${name} TOP_MODULE ${ARG_TOP} SOURCES ${packages} "${top_file}"
           OPT_FAST -O1 OPT_SLOW -O0 OPT_GLOBAL -O1
           VERILATOR_ARGS --no-timing --x-assign unique --x-initial unique -Wno-WIDTH ${arguments} ${copies}
                          "-I${folder}" "-I${LUTRA_SHARED_RTL}")
  target_include_directories(${library} PUBLIC "${generated}")
  get_target_property(folders ${library} INTERFACE_INCLUDE_DIRECTORIES)
  set_target_properties(${library} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${folders}")
endfunction()
