// Where Trama's runtime library stands.
#pragma once

#include <string>

#include "base/result.hpp"
#include "report/messages.hpp"

namespace trama {

/// $TRAMA_RUNTIME, else lib/libtsan.so.2 beside the executable (as built), else
/// ../lib/trama/libtsan.so.2 from it (as installed).
Result<std::string> find_runtime(Language language);

}  // namespace trama
