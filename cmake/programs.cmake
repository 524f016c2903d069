# What programs under test are made of: the in-tree twins of the package's targets, and
# trama_test_program for the programs of tests/.

# Instrumented by the compiler, linked to our runtime by path: so a program of GCC's and one of
# clang's (which would otherwise link its own runtime statically) are the same to Trama.
add_library(trama_instrument INTERFACE)
add_library(Trama::instrument ALIAS trama_instrument)
target_compile_options(trama_instrument INTERFACE -fsanitize=thread -g
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
if(TARGET trama_runtime)
  target_link_libraries(trama_instrument INTERFACE trama_runtime)
else()
  target_link_options(trama_instrument INTERFACE -fsanitize=thread)
endif()

# For tests that call trama::check.
add_library(trama_check INTERFACE)
add_library(Trama::check ALIAS trama_check)
target_link_libraries(trama_check INTERFACE trama_instrument trama_headers)
target_compile_definitions(trama_check INTERFACE "TRAMA_TOOL=\"${PROJECT_BINARY_DIR}/trama\"")
if(TARGET trama)
  add_dependencies(trama_check trama)
endif()

# trama_test_program(<name> <source> [FLAGS flag…])
#
# A program as a user would build it: by the plain compiler, with -fsanitize=thread and nothing
# of Trama's. Built at tests/programs/<name> (which may have a folder in it); a flag given last
# wins, so `FLAGS -O0` works. No warnings: many of these programs are wrong on purpose.
function(trama_test_program name source)
  cmake_parse_arguments(arg "" "" "FLAGS" ${ARGN})
  cmake_path(GET name PARENT_PATH folder)
  cmake_path(GET name FILENAME file)
  string(REPLACE "/" "_" target "program_${name}")
  add_executable(${target} "${source}")
  set_target_properties(${target} PROPERTIES OUTPUT_NAME "${file}"
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/programs/${folder}")
  target_compile_options(${target} PRIVATE -g -O1 -fsanitize=thread
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan> ${arg_FLAGS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_link_options(${target} PRIVATE -fsanitize=thread ${arg_FLAGS})
  else()
    target_link_libraries(${target} PRIVATE trama_instrument)
  endif()
endfunction()
