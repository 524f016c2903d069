# The runtime: lib/libtsan.so.2, which the loader hands to a program built with -fsanitize=thread.
#
# It runs inside somebody's process, so it and what it links of the pure rooms (compiled a
# second time, with these flags) need nothing but libc: no exceptions, no RTTI, no extern
# templates of libstdc++, no instrumentation. Linking with -z defs and without libstdc++ turns
# a forgotten dependency into a link error.
add_library(trama_runtime_flags INTERFACE)
target_compile_options(trama_runtime_flags INTERFACE
  -fPIC -O3 -g -fvisibility=hidden -fno-stack-protector -fno-omit-frame-pointer
  -ftls-model=initial-exec -fno-builtin-malloc -U_FORTIFY_SOURCE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics
    -D_GLIBCXX_EXTERN_TEMPLATE=0>)
# Link-time optimisation: the hot path runs through four rooms. Some 5 % of an execution.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(trama_runtime_flags INTERFACE -flto=auto -fno-fat-lto-objects)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  target_compile_options(trama_runtime_flags INTERFACE -mfsgsbase -fcf-protection=none
                         -momit-leaf-frame-pointer)
  # Events and choice points are wiped and copied at every step: `rep stos` takes longer to begin
  # than they take to write.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(inline_up_to_512 vector_loop:512:noalign,libcall:-1:noalign)
    target_compile_options(trama_runtime_flags INTERFACE -mmemset-strategy=${inline_up_to_512}
                           -mmemcpy-strategy=${inline_up_to_512})
  endif()
endif()

trama_room_sources(runtime runtime_sources runtime_tests)
if(runtime_tests)
  message(WARNING "src/runtime: *_test.cpp are not built; test the runtime by whole programs")
endif()

if("${runtime_sources}" MATCHES "\\.cpp")
  set(core_sources)
  foreach(room IN LISTS TRAMA_PURE_ROOMS)
    trama_room_sources(${room} sources unused)
    list(APPEND core_sources ${sources})
  endforeach()
  add_library(trama_runtime_core OBJECT ${core_sources})
  target_include_directories(trama_runtime_core PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(trama_runtime_core PRIVATE trama_warnings trama_runtime_flags)
  # The rooms' own entry in compile_commands.json is the one that clang-tidy shall see.
  set_target_properties(trama_runtime_core PROPERTIES EXPORT_COMPILE_COMMANDS OFF)

  add_library(trama_runtime SHARED ${runtime_sources})
  target_include_directories(trama_runtime PRIVATE "${PROJECT_SOURCE_DIR}/src"
                             "${PROJECT_SOURCE_DIR}/include")
  # SOVERSION alone makes both the file and its SONAME libtsan.so.2.
  set_target_properties(trama_runtime PROPERTIES OUTPUT_NAME tsan SOVERSION 2
                        LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib" LINKER_LANGUAGE CXX)
  target_link_options(trama_runtime PRIVATE -O3 -nodefaultlibs LINKER:-z,defs LINKER:-z,now
                      LINKER:--as-needed)
  # GCC's libtsan brings libm along: a program linked --as-needed may count on that.
  target_link_libraries(trama_runtime PRIVATE -Wl,--no-as-needed m -Wl,--as-needed)
  # operator new has two meanings here: see src/runtime/freestanding.cpp.
  foreach(name IN ITEMS _Znwm _Znam _ZnwmSt11align_val_t _ZdlPv _ZdaPv _ZdlPvm _ZdaPvm
          _ZdlPvSt11align_val_t _ZdlPvmSt11align_val_t)
    target_link_options(trama_runtime PRIVATE "LINKER:--wrap=${name}")
  endforeach()
  set_source_files_properties("${PROJECT_SOURCE_DIR}/src/runtime/program_new.cpp"
                              PROPERTIES COMPILE_OPTIONS -fno-lto)
  target_link_libraries(trama_runtime PRIVATE trama_runtime_core trama_warnings
                        trama_runtime_flags c gcc)
  set(exports "${PROJECT_SOURCE_DIR}/src/runtime/exports.map")
  if(EXISTS "${exports}")
    target_link_options(trama_runtime PRIVATE "LINKER:--version-script=${exports}")
    set_property(TARGET trama_runtime PROPERTY LINK_DEPENDS "${exports}")
  endif()

  # What clang's programs are linked against where they hold the C++ library: see link_stub.cmake.
  set(stub "${PROJECT_BINARY_DIR}/lib/static-libstdc++/libtsan.so")
  set(stub_source "${PROJECT_BINARY_DIR}/link_stub.S")
  add_custom_command(OUTPUT "${stub}"
    COMMAND ${CMAKE_COMMAND} -D "NM=${CMAKE_NM}" -D "LIBRARY=$<TARGET_FILE:trama_runtime>"
            -D "OUTPUT=${stub_source}" -P "${PROJECT_SOURCE_DIR}/cmake/link_stub.cmake"
    COMMAND ${CMAKE_COMMAND} -E make_directory "${PROJECT_BINARY_DIR}/lib/static-libstdc++"
    COMMAND ${CMAKE_CXX_COMPILER} -shared -nostdlib -Wl,-soname,libtsan.so.2 "${stub_source}"
            -o "${stub}"
    DEPENDS trama_runtime "${PROJECT_SOURCE_DIR}/cmake/link_stub.cmake" VERBATIM)
  add_custom_target(trama_link_stub ALL DEPENDS "${stub}")
endif()
