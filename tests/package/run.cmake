# cmake -D BUILD=… -D SOURCE=… -D GENERATOR=… -D COMPILERS=… -P run.cmake
#
# Installs the build to a folder below it, moves that folder (an installation must not remember
# where it was built), then builds and runs the consumer with each compiler. The consumer's build
# folders stay, so a second run compiles nothing.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGV}\n${output}\nended with ${status}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(work "${BUILD}/tests/package")
set(prefix "${work}/moved")
file(REMOVE_RECURSE "${work}/prefix" "${prefix}")
run(${CMAKE_COMMAND} --install "${BUILD}" --prefix "${work}/prefix")
file(RENAME "${work}/prefix" "${prefix}")
foreach(file IN ITEMS bin/trama lib/trama/libtsan.so.2 lib/cmake/Trama/TramaConfig.cmake
        share/doc/trama/LICENSE)
  if(NOT EXISTS "${prefix}/${file}")
    message(FATAL_ERROR "not installed: ${file}")
  endif()
endforeach()

set(number 0)
foreach(compiler IN LISTS COMPILERS)
  if(NOT compiler) # "…-NOTFOUND"
    continue()
  endif()
  math(EXPR number "${number} + 1")
  set(build "${work}/consumer${number}")
  run(${CMAKE_COMMAND} -S "${SOURCE}" -B "${build}" -G "${GENERATOR}"
      "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${compiler}")
  run(${CMAKE_COMMAND} --build "${build}")
  foreach(program IN ITEMS instrumented checked)
    file(GET_RUNTIME_DEPENDENCIES EXECUTABLES "${build}/${program}"
         RESOLVED_DEPENDENCIES_VAR libraries POST_EXCLUDE_REGEXES "^/lib" "^/usr")
    if(NOT libraries MATCHES "moved/lib/trama/libtsan\\.so\\.2")
      message(FATAL_ERROR "${compiler}: ${program} does not link to Trama's runtime: ${libraries}")
    endif()
    run("${build}/${program}")
    if(NOT output MATCHES "count: 2")
      message(FATAL_ERROR "${compiler}: ${program} printed: ${output}")
    endif()
    message("${compiler}: ${program}: ${output}")
  endforeach()
  run(${CMAKE_CTEST_COMMAND} --test-dir "${build}" --output-on-failure)
  if(NOT output MATCHES "100% tests passed, 0 tests failed out of 6")
    message(FATAL_ERROR "${compiler}: ${output}")
  endif()
endforeach()

# Calls of trama_add_test that CMake must refuse, and by which words.
foreach(wrong IN ITEMS "VERIFY|has no `trama verify` yet" "EXPECT,RACES|there is no such code"
        "RUN,EXECUTIONS,5|RUN is one execution" "--seed,5|unknown: --seed 5")
  string(REGEX MATCH "^([^|]*)\\|(.*)$" wrong "${wrong}")
  set(words "${CMAKE_MATCH_2}")
  string(REPLACE "," ";" call "${CMAKE_MATCH_1}")
  execute_process(COMMAND ${CMAKE_COMMAND} -S "${SOURCE}" -B "${work}/consumer1" "-DWRONG_CALL=${call}"
                  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${words}" at)
  if(status EQUAL 0 OR at EQUAL -1)
    message(FATAL_ERROR "trama_add_test(… ${call}) is not refused by `${words}`:\n${output}")
  endif()
endforeach()
run(${CMAKE_COMMAND} -S "${SOURCE}" -B "${work}/consumer1" -DWRONG_CALL=)
