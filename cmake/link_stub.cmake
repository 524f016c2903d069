# cmake -D NM=… -D LIBRARY=… -D OUTPUT=… -P link_stub.cmake
#
# Writes assembly that defines every name that LIBRARY exports, but for those of the C++ library
# that it wraps to see what they do. A program that has the C++ library inside it is linked
# against that: it then keeps the real functions, behind which the wrappers would have nothing.
execute_process(COMMAND "${NM}" -D --defined-only "${LIBRARY}" OUTPUT_VARIABLE symbols
                COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${symbols}")
set(text "\t.text\n")
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^.* " "" name "${line}")
  if(NOT name MATCHES "^_ZN?K?St")
    string(APPEND text "\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n")
  endif()
endforeach()
string(APPEND text "\tret\n\t.section .note.GNU-stack,\"\",@progbits\n")
file(WRITE "${OUTPUT}" "${text}")
