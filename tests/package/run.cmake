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
endforeach()
