# Trama::aio: trama/aio.hpp and what it needs. There is none where Boost 1.81 is missing; nothing
# else of Trama needs it.
find_package(Boost 1.81 QUIET)
find_package(Threads REQUIRED)
if(Boost_FOUND)
  add_library(trama_aio INTERFACE)
  add_library(Trama::aio ALIAS trama_aio)
  target_link_libraries(trama_aio INTERFACE trama_headers Boost::headers Threads::Threads)
  target_compile_features(trama_aio INTERFACE cxx_std_20)
else()
  message(STATUS "Boost 1.81 is missing: no Trama::aio")
endif()
