#include "memory/testing/brute_force.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "memory/testing/axioms.hpp"
#include "memory/testing/execution.hpp"
#include "memory/testing/relation.hpp"

namespace trama::testing {
namespace {

class Enumerator {
 public:
  Enumerator(const TinyProgram& program, MemoryModel model, BruteForce how)
      : program_(program),
        ops_(ops_by_event(program)),
        model_(model),
        how_(how),
        now_(unexecuted(program)),
        performed_(now_.events.size()) {}

  Outcomes run() {
    TRAMA_CHECK(now_.events.size() <= kEventsMax);
    choose_source(0);
    return std::move(found_);
  }

 private:
  /// Tries all that event `e` may read from, then goes on with the events behind it.
  void choose_source(unsigned e) {
    if (e == now_.events.size()) {
      perform_all();
      if (sources_write() && (!how_.prune || !is_source_shared())) choose_order(0);
      return;
    }
    if (!now_.events[e].reads) return choose_source(e + 1);
    for (unsigned source = 0; source < now_.events.size(); ++source) {
      if (source == e || !may_write(source, now_.events[e].location)) continue;
      now_.graph.reads_from[e] = static_cast<EventNumber>(source);
      // What is wrong now does not get better by more edges.
      if (!has_no_thin_air(now_)) continue;
      perform_all();
      if (!sources_write() || (how_.prune && is_source_shared())) continue;
      choose_source(e + 1);
    }
    now_.graph.reads_from[e] = kNoEvent;
  }

  [[nodiscard]] bool may_write(unsigned e, std::uint8_t location) const {
    const TinyKind kind = ops_[e].kind;
    return kind != TinyKind::load && kind != TinyKind::fence && ops_[e].location == location;
  }

  /// Performs the events whose value to read is known, until there are no more.
  void perform_all() {
    std::fill(performed_.begin(), performed_.end(), false);
    for (bool progress = true; progress;) {
      progress = false;
      for (unsigned e = 0; e < now_.events.size(); ++e) {
        if (performed_[e]) continue;
        const EventNumber source = now_.graph.reads_from[e];
        const bool reads = now_.events[e].reads;
        if (reads && (source == kNoEvent || !performed_[source])) continue;
        perform(now_.events[e], ops_[e], reads ? now_.events[source].written : Value{0});
        performed_[e] = true;
        progress = true;
      }
    }
  }

  /// Nothing reads from a compare-exchange that is known to fail.
  [[nodiscard]] bool sources_write() const {
    return std::all_of(
        now_.graph.reads_from.begin(), now_.graph.reads_from.end(), [&](EventNumber source) {
          return source == kNoEvent || !performed_[source] || now_.events[source].writes;
        });
  }

  /// Two known read-modify-writes read from the same write.
  [[nodiscard]] bool is_source_shared() const {
    EventSet sources = 0;
    for (unsigned e = 0; e < now_.events.size(); ++e) {
      const EventNumber source = now_.graph.reads_from[e];
      if (source == kNoEvent || !performed_[e] || !now_.events[e].writes) continue;
      if (contains(sources, source)) return true;
      sources |= only(source);
    }
    return false;
  }

  /// Tries all modification orders of `location`, then of the locations behind it.
  void choose_order(unsigned location) {
    if (location == program_.location_count) {
      if (is_consistent(now_, model_)) add(found_, program_, now_, how_.keep_graphs);
      return;
    }
    std::vector<EventNumber> rest;
    for (unsigned e = program_.location_count; e < now_.events.size(); ++e) {
      const GraphEvent& event = now_.events[e];
      if (event.writes && event.location == location) rest.push_back(static_cast<EventNumber>(e));
    }
    place(location, rest);
  }

  /// Tries all orders of `rest` behind what is in the modification order already.
  void place(unsigned location, const std::vector<EventNumber>& rest) {
    if (rest.empty()) {
      if (!how_.prune || is_coherent(now_, static_cast<std::uint8_t>(location))) {
        choose_order(location + 1);
      }
      return;
    }
    for (const EventNumber next : rest) {
      if (how_.prune && !may_be_next(location, next, rest)) continue;
      std::vector<EventNumber> others = rest;
      others.erase(std::find(others.begin(), others.end(), next));
      now_.graph.modification_order[location].push_back(next);
      place(location, others);
      now_.graph.modification_order[location].pop_back();
    }
  }

  /// Not before an earlier write of the same thread, and a read-modify-write not but right
  /// behind what it reads from.
  [[nodiscard]] bool may_be_next(unsigned location, EventNumber next,
                                 const std::vector<EventNumber>& rest) const {
    const GraphEvent& event = now_.events[next];
    for (const EventNumber other : rest) {
      if (other < next && now_.events[other].thread == event.thread) return false;
    }
    return !event.reads ||
           now_.graph.modification_order[location].back() == now_.graph.reads_from[next];
  }

  const TinyProgram& program_;
  const std::vector<TinyOp> ops_;  // by event
  const MemoryModel model_;
  const BruteForce how_;
  Execution now_;                // as far as it has been chosen
  std::vector<bool> performed_;  // by event
  Outcomes found_;
};

}  // namespace

Outcomes enumerate(const TinyProgram& program, MemoryModel model, BruteForce how) {
  return Enumerator(program, model, how).run();
}

}  // namespace trama::testing
