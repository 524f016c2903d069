#include "memory/testing/axioms.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "memory/testing/relation.hpp"

namespace trama::testing {
namespace {

/// The relations and sets that the axioms of all models are made of, by their usual names.
struct Relations {
  explicit Relations(const Execution& execution)
      : n(static_cast<unsigned>(execution.events.size())), po(n), rf(n), mo(n), fr(n), loc(n) {
    const std::vector<GraphEvent>& events = execution.events;
    for (unsigned a = 0; a < n; ++a) {
      for (unsigned b = 0; b < n; ++b) {
        const bool initial = events[a].thread == kInitialThread;
        if (initial && events[b].thread != kInitialThread) po.add(a, b);
        if (!initial && events[a].thread == events[b].thread && a < b) po.add(a, b);
        if (!events[a].is_fence && !events[b].is_fence &&
            events[a].location == events[b].location) {
          loc.add(a, b);
        }
      }
    }
    for (unsigned b = 0; b < n; ++b) {
      const EventNumber source = execution.graph.reads_from[b];
      if (source != kNoEvent) rf.add(source, b);
    }
    for (const auto& order : execution.graph.modification_order) {
      for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i + 1; j < order.size(); ++j) mo.add(order[i], order[j]);
      }
    }
    // A read-modify-write is behind what it reads from, but does not come before itself.
    fr = seq(rf.inverse(), mo) - identity(~EventSet{0}, n);
  }

  unsigned n;
  Relation po;   ///< program order; initial stores come before all else
  Relation rf;   ///< reads-from
  Relation mo;   ///< modification order
  Relation fr;   ///< from-read: the read is of a value before that of the write
  Relation loc;  ///< both of the same location
};

template <typename Predicate>
EventSet events_where(const Execution& execution, Predicate predicate) {
  EventSet set = 0;
  for (unsigned e = 0; e < execution.events.size(); ++e) {
    if (predicate(execution.events[e])) set |= only(e);
  }
  return set;
}

/// A read-modify-write comes in modification order right behind what it reads from.
bool is_atomic(const Execution& execution) {
  for (unsigned e = 0; e < execution.events.size(); ++e) {
    const GraphEvent& event = execution.events[e];
    if (!event.reads || !event.writes) continue;
    const auto& order = execution.graph.modification_order[event.location];
    const auto at = std::find(order.begin(), order.end(), e);
    TRAMA_CHECK(at != order.begin() && at != order.end());
    if (*(at - 1) != execution.graph.reads_from[e]) return false;
  }
  return true;
}

bool is_sc(const Relations& r) { return (r.po | r.rf | r.mo | r.fr).is_acyclic(); }

/// x86-TSO as in "Herding Cats" (Alglave et al., TOPLAS 2014), 4.5: Locked instructions are
/// full barriers, and C++ becomes them where it must: seq_cst stores are exchanges, seq_cst
/// fences MFENCE. LOCK CMPXCHG is a barrier even where it fails.
bool is_tso(const Execution& execution, const Relations& r) {
  const auto is_barrier = [](const GraphEvent& event) {
    const bool seq_cst = event.order == MemoryOrder::seq_cst;
    return (event.is_fence && seq_cst) || event.locked || (event.writes && seq_cst);
  };
  const Relation barriers = identity(events_where(execution, is_barrier), r.n);
  const Relation accesses =
      identity(events_where(execution, [](const GraphEvent& e) { return !e.is_fence; }), r.n);
  const Relation pure_stores = identity(
      events_where(execution, [](const GraphEvent& e) { return e.writes && !e.reads; }), r.n);
  const Relation pure_loads = identity(
      events_where(execution, [](const GraphEvent& e) { return e.reads && !e.writes; }), r.n);
  // A store may stand in the buffer while later loads are performed. Other fences than seq_cst
  // are no instructions: they must not order by standing in between.
  const Relation ppo = seq(accesses, r.po, accesses) - seq(pure_stores, r.po, pure_loads);
  const Relation implied = seq(r.po, barriers) | seq(barriers, r.po);
  const Relation rfe = r.rf - r.po;

  return ((r.po & r.loc) | r.rf | r.mo | r.fr).is_acyclic() &&
         (ppo | implied | rfe | r.mo | r.fr).is_acyclic();
}

/// RC11 as in the paper's section on it, with the release sequences of C++20 (P0982R1). C++20
/// itself is stronger where RC11 says mo ∪ fr and po ≠loc: there it has eco and po.
bool is_rc11(const Execution& execution, const Relations& r) {
  const unsigned n = r.n;
  const auto where = [&](auto predicate) {
    return identity(events_where(execution, predicate), n);
  };
  const Relation fences = where([](const GraphEvent& e) { return e.is_fence; });
  const Relation writes = where([](const GraphEvent& e) { return e.writes; });
  const Relation rmws = where([](const GraphEvent& e) { return e.reads && e.writes; });
  const Relation release = where([](const GraphEvent& e) { return is_release(e.order); });
  const Relation acquire = where([](const GraphEvent& e) { return is_acquire(e.order); });
  const Relation sc = where([](const GraphEvent& e) { return e.order == MemoryOrder::seq_cst; });
  const Relation sc_fences = sc & fences;

  const Relation rs = seq(writes, seq(r.rf, rmws).closure().or_same());
  const Relation sw =
      seq(release, seq(fences, r.po).or_same(), rs, r.rf, seq(r.po, fences).or_same(), acquire);
  const Relation hb = (r.po | sw).closure();
  const Relation eco = (r.rf | r.mo | r.fr).closure();

  const Relation po_other_loc = r.po - r.loc;
  const Relation scb = r.po | seq(po_other_loc, hb, po_other_loc) | (hb & r.loc) | r.mo | r.fr;
  const Relation psc_base =
      seq(sc | seq(sc_fences, hb.or_same()), scb, sc | seq(hb.or_same(), sc_fences));
  const Relation psc_f = seq(sc_fences, hb | seq(hb, eco, hb), sc_fences);

  return seq(hb, eco.or_same()).is_irreflexive() && (psc_base | psc_f).is_acyclic();
}

}  // namespace

bool has_no_thin_air(const Execution& execution) {
  const Relations r(execution);
  return (r.po | r.rf).is_acyclic();
}

bool is_coherent(const Execution& execution, std::uint8_t location) {
  const Relations r(execution);
  const auto is_there = [&](const GraphEvent& event) {
    return !event.is_fence && event.location == location;
  };
  const Relation there = identity(events_where(execution, is_there), r.n);
  return seq(there, r.po | r.rf | r.mo | r.fr, there).is_acyclic();
}

bool is_consistent(const Execution& execution, MemoryModel model) {
  const Relations r(execution);
  if (!(r.po | r.rf).is_acyclic() || !is_atomic(execution)) return false;
  switch (model) {
    case MemoryModel::sc: return is_sc(r);
    case MemoryModel::tso: return is_tso(execution, r);
    case MemoryModel::rc11: return is_rc11(execution, r);
  }
  return false;
}

}  // namespace trama::testing
