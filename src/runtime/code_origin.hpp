// Which function code belongs to, and whose that is: for pictures, not for hot paths.
#pragma once

#include <cstdint>

namespace trama::runtime {

/// Whose a function is, by its name. A function without one is the user's.
enum class Origin : std::uint8_t { user, standard, asio, entry_point };

/// The beginning of the function at `pc`, which may be a return address; 0 where nobody knows.
std::uint64_t function_at(std::uint64_t pc);

/// Whether a function of the program begins there.
bool begins_function(std::uint64_t address);

/// Requires: a function begins at `function`. `entry_point`: of a task of Asio's.
Origin origin_of(std::uint64_t function);

}  // namespace trama::runtime
