# Rooms: one folder of src/, one static library, one test executable.

# Sources of a room (`out`) and of its tests (`out_tests`); files appear and vanish, CMake notices.
function(trama_room_sources room out out_tests)
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${room}/*.cpp"
       "${PROJECT_SOURCE_DIR}/src/${room}/*.c" "${PROJECT_SOURCE_DIR}/src/${room}/*.S")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  set(${out} "${sources}" PARENT_SCOPE)
  set(${out_tests} "${tests}" PARENT_SCOPE)
endfunction()

# One executable of GoogleTest cases; each case is a test of its own to ctest, except under the
# sanitizers, whose start-up would cost more than most cases.
function(trama_gtest name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${name} PRIVATE ${arg_LINK} trama_warnings GTest::gmock GTest::gtest_main)
  # Tests are compiled more often than they are run: the optimiser takes most of the time.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  if(TRAMA_SANITIZE)
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  else()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# trama_room(<name> [DEPENDS room…] [LINK library…] [DEFINE definition…] [MAIN executable])
#
# Makes `trama_<name>` of src/<name>/*.cpp (an INTERFACE library where there is nothing to
# compile) and `<name>_test` of src/<name>/*_test.cpp. What is in src/<name>/testing/*.cpp becomes
# `trama_<name>_testing`, which the tests of this room and of the rooms above it may use. With MAIN, main.cpp becomes that
# executable at the top of the build folder, and the rest a library that the tests link too.
function(trama_room name)
  cmake_parse_arguments(arg "" "MAIN" "DEPENDS;LINK;DEFINE" ${ARGN})
  list(TRANSFORM arg_DEPENDS PREPEND trama_)
  trama_room_sources(${name} sources tests)
  set(main "${PROJECT_SOURCE_DIR}/src/${name}/main.cpp")
  if(arg_MAIN)
    list(REMOVE_ITEM sources "${main}")
  endif()

  if(sources)
    add_library(trama_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(trama_${name} PRIVATE trama_warnings)
  else()
    add_library(trama_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(trama_${name} ${scope} "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(trama_${name} ${scope} ${arg_DEPENDS} ${arg_LINK})
  target_compile_definitions(trama_${name} ${scope} ${arg_DEFINE})

  if(arg_MAIN AND EXISTS "${main}")
    add_executable(${arg_MAIN} "${main}")
    target_link_libraries(${arg_MAIN} PRIVATE trama_${name} trama_warnings)
    set_target_properties(${arg_MAIN} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
  endif()
  if(BUILD_TESTING)
    file(GLOB testing CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/testing/*.cpp")
    if(testing)
      add_library(trama_${name}_testing STATIC EXCLUDE_FROM_ALL ${testing})
      target_link_libraries(trama_${name}_testing PUBLIC trama_${name} PRIVATE trama_warnings)
    endif()
  endif()
  if(tests AND BUILD_TESTING)
    set(oracles)
    foreach(room IN LISTS arg_DEPENDS ITEMS trama_${name})
      if(TARGET ${room}_testing)
        list(APPEND oracles ${room}_testing)
      endif()
    endforeach()
    trama_gtest(${name}_test SOURCES ${tests} LINK trama_${name} ${oracles})
  endif()
endfunction()
