# trama_add_test(<name> <target> [HUNT | RUN | VERIFY]
#                [EXECUTIONS n] [TIME s] [SEED n] [STRATEGY name] [EXPECT code] [ARGS argument…])
#
# A test for CTest: the program <target>, linked to Trama::instrument or built with
# -fsanitize=thread, run under Trama with ARGS.
#
#   HUNT     (the default) explores; fails where an execution fails
#   RUN      one execution
#   VERIFY   every execution there is: not in this version, an error of CMake's
#   EXPECT   the finding that must come: RACE, DEADLOCK, ASSERT …; without it nothing may be found
#
# The trace of what was found is written below <build folder>/trama-out/<name>; the test's output
# shows the report.
function(trama_add_test name target)
  cmake_parse_arguments(arg "HUNT;RUN;VERIFY" "EXECUTIONS;TIME;SEED;STRATEGY;EXPECT" "ARGS" ${ARGN})
  set(call "trama_add_test(${name})")
  if(arg_UNPARSED_ARGUMENTS)
    list(JOIN arg_UNPARSED_ARGUMENTS " " unknown)
    message(FATAL_ERROR "${call}: unknown: ${unknown} (what the program is given stands behind ARGS)")
  endif()
  if(arg_VERIFY)
    message(FATAL_ERROR "${call}: this version of Trama has no `trama verify` yet; use HUNT")
  endif()
  if(arg_RUN AND arg_HUNT)
    message(FATAL_ERROR "${call}: HUNT or RUN, not both")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "${call}: there is no target ${target}")
  endif()
  set(command hunt)
  set(options SEED)
  if(arg_RUN)
    set(command run)
  else()
    list(APPEND options EXECUTIONS TIME STRATEGY)
  endif()
  set(flags)
  foreach(option IN ITEMS EXECUTIONS TIME SEED STRATEGY)
    if(NOT DEFINED arg_${option})
      continue()
    endif()
    if(NOT option IN_LIST options)
      message(FATAL_ERROR "${call}: RUN is one execution: no ${option}")
    endif()
    string(TOLOWER "--${option}" flag)
    list(APPEND flags ${flag} "${arg_${option}}")
  endforeach()
  add_test(NAME ${name} COMMAND "${TRAMA_EXECUTABLE}" ${command} --color never --lang en ${flags}
           --out "${CMAKE_BINARY_DIR}/trama-out/${name}" $<TARGET_FILE:${target}> ${arg_ARGS})
  if(DEFINED arg_EXPECT)
    set(codes RACE DEADLOCK LOST-WAKEUP ASSERT ABORT EXIT UNCAUGHT CRASH MISUSE USE-AFTER-FREE LEAK
              LIVELOCK)
    if(NOT arg_EXPECT IN_LIST codes)
      list(JOIN codes ", " known)
      message(FATAL_ERROR "${call}: EXPECT ${arg_EXPECT}: there is no such code; known are ${known}")
    endif()
    # The report's first line, or one of its lines on further findings.
    set_tests_properties(${name} PROPERTIES PASS_REGULAR_EXPRESSION
                         "(^|\n)(${arg_EXPECT}  |Also ${arg_EXPECT}:)")
  endif()
endfunction()
