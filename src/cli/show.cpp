// trama show: the picture of a trace file; the program is not needed, unless it wrote the
// file itself (trama::check), with nothing but addresses in it.
#include <unistd.h>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/memory_file.hpp"
#include "cli/screen.hpp"
#include "cli/trace_files.hpp"
#include "report/graph_text.hpp"
#include "report/json_report.hpp"
#include "report/text_report.hpp"

namespace trama {

int command_show(const Invocation& invocation) {
  const Language language = invocation.language;
  if (invocation.operands.empty()) {
    return operating_error(invocation, say(language, Message::error_no_file, "show"));
  }
  if (invocation.operands.size() > 1) {
    return operating_error(invocation,
                           say(language, Message::error_extra_argument, invocation.operands[1]));
  }
  const std::string& path = invocation.operands.front();
  Result<TraceFile> file = read_trace_file(path, language);
  if (!file) return operating_error(invocation, file.error().message);
  Trace& trace = file.value().trace;
  name_unnamed(trace, language);
  const auto text_of_trace = [&] {
    if (invocation.json) return json_trace(trace, language);
    if (invocation.dot) return graph_dot(trace, language);
    if (invocation.graph) return graph_text(trace, language);
    return text_show(trace, path, style_for(invocation, STDOUT_FILENO));
  };
  const std::string text = text_of_trace();
  return write_all(STDOUT_FILENO, text) ? kExitNothingFound : kExitUsage;
}

}  // namespace trama
