// What a memory model let a program do that no interleaving could, in words.
#pragma once

#include <string>
#include <vector>

#include "report/messages.hpp"
#include "trace/trace.hpp"

namespace trama {

/// For each load that read an older store, each store that came behind a newer one: what it did,
/// why it may, and which orders would forbid it. The first of them, or all.
std::vector<std::string> weak_memory_texts(const Trace& trace, Language language, bool all);

}  // namespace trama
