// Mappings that the program makes during an execution: given back at its end.
#pragma once

namespace trama::runtime {

void release_mappings();

}  // namespace trama::runtime
