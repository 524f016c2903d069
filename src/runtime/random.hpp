// Randomness that the program asks the system for: seeded, the same in every execution.
#pragma once

#include <cstddef>

namespace trama::runtime {

void fill_random(void* bytes, std::size_t count);

}  // namespace trama::runtime
