# Build types. Included before project(), so that these are the first values in the cache.
#
# Release keeps assert(): the programs of the course and of the tests use it to say what must
# hold, and an assertion that fails is a finding.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g" CACHE STRING "Flags of a Release build of C++")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g" CACHE STRING "Flags of a Release build of C")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()
