# cmake -D TOOL=… -D DATABASE=folder -D SOURCE=… -D STAMP=… -P tidy.cmake
#
# One file through clang-tidy; says nothing and touches the stamp if the file is clean.
if(NOT TOOL)
  message(FATAL_ERROR "There is no clang-tidy of the right version here: make setup")
endif()
execute_process(COMMAND ${TOOL} -quiet -p "${DATABASE}" "${SOURCE}" RESULT_VARIABLE status
                OUTPUT_VARIABLE findings ERROR_VARIABLE errors)
if(NOT status EQUAL 0)
  if(NOT findings)
    set(findings "${errors}")
  endif()
  message("${findings}")
  message(FATAL_ERROR "clang-tidy objects to ${SOURCE}")
endif()
get_filename_component(folder "${STAMP}" DIRECTORY)
file(MAKE_DIRECTORY "${folder}")
file(TOUCH "${STAMP}")
