// Mappings that the program makes during an execution: given back at its end.
#pragma once

#include <cstdint>

namespace trama::runtime {

void release_mappings();
/// Calls `visit(low, high, context)` for those of the running execution.
void for_each_mapping(void (*visit)(std::uint64_t low, std::uint64_t high, void* context),
                      void* context);

}  // namespace trama::runtime
