#include "report/lost_update.hpp"

#include <map>

#include "report/lane.hpp"

namespace trama {
namespace {

bool is_consequence(FindingCode code) {
  return code == FindingCode::exit_status || code == FindingCode::assert_failed ||
         code == FindingCode::abort || code == FindingCode::uncaught || code == FindingCode::crash;
}

/// The last two reads of one thread since it wrote the location.
struct Reads {
  std::uint32_t last = kNoIndex;
  std::uint32_t before = kNoIndex;
};

/// What is known of one location while the trace is walked.
struct Location {
  std::map<Lane, Reads> reads;
  std::uint32_t last_write = kNoIndex;
};

/// True if `a` makes a better story than `b`.
bool is_better(const LostUpdate& a, const LostUpdate& b) {
  if (a.looked_again != b.looked_again) return !a.looked_again;
  return a.write - a.read <= b.write - b.read;
}

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
    const Lane worker = lane_of(trace, trace.steps[i]);
    Location& location = locations[event.address];
    if (reads) {
      Reads& reads_of = location.reads[worker];
      reads_of = {i, reads_of.last};
      continue;
    }
    const Reads reads_of = location.reads[worker];
    const std::uint32_t between = location.last_write;
    location.reads[worker] = {};
    location.last_write = i;
    if (between == kNoIndex || lane_of(trace, trace.steps[between]) == worker) continue;
    for (const std::uint32_t read : {reads_of.last, reads_of.before}) {
      if (read == kNoIndex || between <= read) continue;
      const LostUpdate found{read, between, i, read == reads_of.before};
      if (!best || is_better(found, *best)) best = found;
      break;
    }
  }
  return best;
}

}  // namespace trama
