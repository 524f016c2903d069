// The execution graph of a trace: what each load reads, and the modification order of each atomic.
#pragma once

#include <string>

#include "report/messages.hpp"
#include "trace/trace.hpp"

namespace trama {

/// The steps by thread, then the stores to each atomic in order.
std::string graph_text(const Trace& trace, Language language);
/// The same for Graphviz: `dot -Tsvg`.
std::string graph_dot(const Trace& trace, Language language);

}  // namespace trama
