// Session: why verify gives a program up, for who asked for it.
#pragma once

#include <string>

#include "explore/graph_guide.hpp"

namespace trama::runtime {

/// What the program did in its last execution that no graph holds; empty where there is nothing.
/// Atomics of different sizes are told as the command line reads them: `mixed-sizes`, and for two
/// accesses the bytes and the place, `@M+0xOFFSET` in module M.
std::string refusal_of(const GraphGuide& guide);
/// The same for people, where nobody knows of lines and languages.
std::string plain_refusal_of(const GraphGuide& guide);

}  // namespace trama::runtime
