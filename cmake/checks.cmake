# Format and static analysis: targets `format`, `tidy`, `tidy_pure`; tests `format`, `tidy_pure`.
#
# Both tools change their mind from one major version to the next, so one version is meant:
# Debian 12's. Where it is missing, the test is reported as skipped.
set(TRAMA_CLANG_TOOLS_MAJOR 14)

# Sets `variable` to the path of the tool, or to …-NOTFOUND where its version is another.
function(trama_find_clang_tool variable name)
  find_program(${variable} NAMES ${name}-${TRAMA_CLANG_TOOLS_MAJOR} ${name})
  if(${variable})
    execute_process(COMMAND ${${variable}} --version OUTPUT_VARIABLE version)
    if(NOT version MATCHES "version ${TRAMA_CLANG_TOOLS_MAJOR}\\.")
      set(${variable} "${variable}-NOTFOUND" PARENT_SCOPE)
    endif()
  endif()
endfunction()
trama_find_clang_tool(TRAMA_CLANG_FORMAT clang-format)
trama_find_clang_tool(TRAMA_CLANG_TIDY clang-tidy)

set(run_format ${CMAKE_COMMAND} -D "TOOL=${TRAMA_CLANG_FORMAT}"
               -D "VERSION=${TRAMA_CLANG_TOOLS_MAJOR}" -P "${PROJECT_SOURCE_DIR}/cmake/format.cmake")
add_custom_target(format COMMAND ${run_format} fix WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" VERBATIM)
if(BUILD_TESTING)
  add_test(NAME format COMMAND ${run_format} check WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(format PROPERTIES SKIP_REGULAR_EXPRESSION "skipped:")
endif()

# One stamp for each file found clean: only what changed, or what it may include, is looked at
# again. Not the tests: GoogleTest's macros say nothing about us.
set(tidy_depends "${PROJECT_SOURCE_DIR}/.clang-tidy" "${PROJECT_SOURCE_DIR}/cmake/tidy.cmake")
set(tidy_stamps)
foreach(room IN LISTS TRAMA_PURE_ROOMS ITEMS report cli runtime)
  file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${room}/*.hpp")
  list(APPEND tidy_depends ${headers})
  trama_room_sources(${room} sources tests)
  set(testing)
  if(BUILD_TESTING) # the oracles; only they include the headers beside them
    file(GLOB testing CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${room}/testing/*.cpp")
    file(GLOB testing_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${room}/testing/*.hpp")
    list(APPEND sources ${testing})
  endif()
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  foreach(source IN LISTS sources)
    cmake_path(GET source STEM name)
    set(stamp "${PROJECT_BINARY_DIR}/tidy/${room}-${name}")
    set(beside)
    if(source IN_LIST testing)
      set(beside ${testing_headers})
    endif()
    add_custom_command(OUTPUT "${stamp}"
      COMMAND ${CMAKE_COMMAND} -D "TOOL=${TRAMA_CLANG_TIDY}" -D "DATABASE=${PROJECT_BINARY_DIR}"
              -D "SOURCE=${source}" -D "STAMP=${stamp}" -P "${PROJECT_SOURCE_DIR}/cmake/tidy.cmake"
      DEPENDS "${source}" ${beside} ${tidy_depends} COMMENT "clang-tidy src/${room}/${name}.cpp" VERBATIM)
    list(APPEND tidy_stamps "${stamp}")
  endforeach()
  if(room STREQUAL "explore") # the last of the pure rooms
    add_custom_target(tidy_pure DEPENDS ${tidy_stamps})
  endif()
endforeach()
add_custom_target(tidy DEPENDS ${tidy_stamps})

if(BUILD_TESTING AND TRAMA_CLANG_TIDY)
  set(keep_going)
  if(CMAKE_GENERATOR MATCHES "Ninja")
    set(keep_going -- -k 0)
  endif()
  add_test(NAME tidy_pure COMMAND ${CMAKE_COMMAND} --build "${PROJECT_BINARY_DIR}" --target tidy_pure
           ${keep_going})
  set_tests_properties(tidy_pure PROPERTIES LABELS slow TIMEOUT 600 PROCESSORS 2)
elseif(BUILD_TESTING)
  add_test(NAME tidy_pure COMMAND ${CMAKE_COMMAND} -E echo
           "skipped: no clang-tidy ${TRAMA_CLANG_TOOLS_MAJOR} (make setup)")
  set_tests_properties(tidy_pure PROPERTIES SKIP_REGULAR_EXPRESSION "skipped:")
endif()
