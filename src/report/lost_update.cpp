#include "report/lost_update.hpp"

#include <map>

namespace trama {
namespace {

bool is_consequence(FindingCode code) {
  return code == FindingCode::exit_status || code == FindingCode::assert_failed ||
         code == FindingCode::abort || code == FindingCode::uncaught || code == FindingCode::crash;
}

/// What is known of one location while the trace is walked.
struct Location {
  std::map<ThreadId, std::uint32_t> last_read;  ///< by those that have not written since
  std::uint32_t last_write = kNoIndex;
};

}  // namespace

std::optional<LostUpdate> find_lost_update(const Trace& trace, const Finding& finding) {
  if (!is_consequence(finding.code)) return std::nullopt;
  std::map<std::uint64_t, Location> locations;
  std::optional<LostUpdate> best;
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
    const Event& event = trace.steps[i].event;
    const bool reads = event.operation == Operation::read || event.operation == Operation::load;
    const bool writes = event.operation == Operation::write || event.operation == Operation::store;
    if (event.address == 0 || !(reads || writes)) continue;
    Location& location = locations[event.address];
    if (reads) {
      location.last_read[event.thread] = i;
      continue;
    }
    const auto read = location.last_read.find(event.thread);
    const std::uint32_t between = location.last_write;
    if (read != location.last_read.end() && between != kNoIndex && between > read->second &&
        trace.steps[between].event.thread != event.thread) {
      const bool shorter = !best || i - read->second <= best->write - best->read;
      if (shorter) best = LostUpdate{read->second, between, i};
    }
    location.last_read.erase(event.thread);
    location.last_write = i;
  }
  return best;
}

}  // namespace trama
