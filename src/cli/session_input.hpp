// The text that tells the runtime what to do: options, one `name=value` a line.
#pragma once

#include <string>
#include <string_view>

#include "base/options.hpp"

namespace trama {

/// `record` asks for the trace of the first execution even where nothing fails.
std::string session_input(const Options& options, bool record);

/// The same, followed by the trace to be replayed.
std::string replay_input(const Options& options, std::string_view trace_text);

}  // namespace trama
