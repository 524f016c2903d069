// What hooks_played.cpp was told, in the engine's place.
#pragma once

#include <string>
#include <vector>

namespace aio_test {

extern bool is_listening;
extern std::vector<std::string> told;
extern const void* forgotten_frame;

}  // namespace aio_test
