# What `cmake --install` puts below a prefix. Component `program`: lutra (and lutra-train), its manual, its completions,
# pages and licence. Component `library`: static libraries, headers, and the files that find_package(lutra) reads.
include_guard(GLOBAL)
include(CMakePackageConfigHelpers)

set(cmake_folder "${CMAKE_INSTALL_LIBDIR}/cmake/lutra")
install(EXPORT lutra NAMESPACE lutra:: FILE lutraTargets.cmake DESTINATION "${cmake_folder}" COMPONENT library)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/lutraConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/lutraConfigVersion.cmake" "${CMAKE_CURRENT_LIST_DIR}/lutraConfig.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/LutraPackages.cmake"
        DESTINATION "${cmake_folder}" COMPONENT library)

# lutra_install_output(<file> DESTINATION <folder> ARGUMENTS <argument>...): installs what `lutra <argument>...` prints.
function(lutra_install_output file)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "DESTINATION" "ARGUMENTS")
  set(output "${PROJECT_BINARY_DIR}/printed/${file}")
  list(JOIN ARG_ARGUMENTS " " arguments)
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/printed")
  install(CODE "execute_process(COMMAND \"$<TARGET_FILE:lutra>\" ${arguments} OUTPUT_FILE \"${output}\" COMMAND_ERROR_IS_FATAL ANY)"
          COMPONENT program)
  install(FILES "${output}" DESTINATION "${ARG_DESTINATION}" COMPONENT program)
endfunction()

lutra_install_output(lutra.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" ARGUMENTS man)
lutra_install_output(lutra DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" ARGUMENTS completion bash)
lutra_install_output(_lutra DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" ARGUMENTS completion zsh)

# The pages keep their places, so that links from page to page hold.
file(GLOB pages CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "*.md")
foreach(folder accelerators models scenarios software tests traces)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${folder}/*.md" "${folder}/*.svg")
  list(APPEND pages ${found})
endforeach()
foreach(page LICENSE ${pages})
  cmake_path(GET page PARENT_PATH folder)
  install(FILES "${PROJECT_SOURCE_DIR}/${page}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}" COMPONENT program)
endforeach()
