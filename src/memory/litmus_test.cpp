// Litmus tests: what each model must allow and must forbid, as the literature has it.
//
// Each says which outcome is asked about: what the loads read, thread by thread, and for tests
// of writes alone the values left in memory. The names are those of the literature:
//   [H]  Alglave, Maranget, Tautschnig, "Herding Cats", TOPLAS 2014 (and the x86 figures there)
//   [L]  Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing Sequential Consistency in C/C++11",
//        PLDI 2017
//   [B]  Boehm, Giroux, Vafeiadis, "Revising the C++ memory model", WG21 P0668R5
//   [R]  Boehm, "Weakening release sequences", WG21 P0982R1
//   [O]  Owens, Sarkar, Sewell, "A Better x86 Memory Model: x86-TSO", TPHOLs 2009
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "memory/testing/brute_force.hpp"

namespace trama::testing {
namespace {

using namespace tiny;
using enum MemoryOrder;

using Reads = std::vector<std::vector<Value>>;

/// The models, strongest first, that allow an outcome.
std::string models(const TinyProgram& program, const Reads& reads,
                   const std::vector<Value>& memory = {}) {
  std::string text;
  for (const MemoryModel model : kMemoryModels) {
    for (const FinalState& state : enumerate(program, model).final_states) {
      if (state.read != reads || (!memory.empty() && state.memory != memory)) continue;
      text += (text.empty() ? "" : " ") + std::string(to_text(model));
      break;
    }
  }
  return text;
}

constexpr const char* kNone = "";
constexpr const char* kRc11 = "rc11";
constexpr const char* kTso = "tso rc11";
constexpr const char* kAll = "sc tso rc11";

// Store buffering [H, O]: both loads miss the other thread's store.
std::string sb(MemoryOrder w, MemoryOrder r) {
  return models(make({{store(x, 1, w), load(y, r)}, {store(y, 1, w), load(x, r)}}), {{0}, {0}});
}
std::string sb_with_fences(MemoryOrder first, MemoryOrder second) {
  return models(make({{store(x, 1, relaxed), fence(first), load(y, relaxed)},
                      {store(y, 1, relaxed), fence(second), load(x, relaxed)}}),
                {{0}, {0}});
}

TEST(Litmus, SB) {
  EXPECT_EQ(sb(relaxed, relaxed), kTso);
  EXPECT_EQ(sb(release, acquire), kTso);
  EXPECT_EQ(sb(seq_cst, seq_cst), kNone);
  EXPECT_EQ(sb(seq_cst, acquire), kRc11);  // on x86 the stores alone are barriers
  EXPECT_EQ(sb(release, seq_cst), kTso);   // and seq_cst loads are not
}
TEST(Litmus, SBWithFences) {
  EXPECT_EQ(sb_with_fences(seq_cst, seq_cst), kNone);
  EXPECT_EQ(sb_with_fences(seq_cst, acq_rel), kTso);
  EXPECT_EQ(sb_with_fences(acq_rel, acq_rel), kTso);
  EXPECT_EQ(sb_with_fences(relaxed, relaxed), kTso);
}
TEST(Litmus, SBWithAFenceOnOneSide) {
  // [L]: psc orders fences with seq_cst accesses as well.
  const auto with = [](MemoryOrder order, MemoryOrder access) {
    return models(make({{store(x, 1, relaxed), fence(order), load(y, relaxed)},
                        {store(y, 1, access), load(x, access)}}),
                  {{0}, {0}});
  };
  EXPECT_EQ(with(seq_cst, seq_cst), kNone);
  EXPECT_EQ(with(acq_rel, seq_cst), kTso);
  EXPECT_EQ(with(seq_cst, relaxed), kTso);
}
TEST(Litmus, SBWithReadModifyWrites) {
  // A locked instruction is a full barrier [O]; in C++ an acq_rel one elsewhere is none.
  const auto both = [](const TinyOp& between) {
    return models(make({{store(x, 1, relaxed), between, load(y, relaxed)},
                        {store(y, 1, relaxed), between, load(x, relaxed)}}),
                  {{0, 0}, {1, 0}});
  };
  EXPECT_EQ(both(fetch_add(z, 1, acq_rel)), kNone);  // one synchronizes with the other
  EXPECT_EQ(both(fetch_add(z, 1, relaxed)), kRc11);
  const auto apart = [](MemoryOrder order) {
    return models(make({{store(x, 1, relaxed), exchange(2, 1, order), load(y, relaxed)},
                        {store(y, 1, relaxed), exchange(3, 1, order), load(x, relaxed)}}),
                  {{0, 0}, {0, 0}});
  };
  EXPECT_EQ(apart(acq_rel), kRc11);
  EXPECT_EQ(apart(seq_cst), kRc11);  // in C++ only the fences order what is around them
}

// Message passing [H]: the flag is seen, the data is not.
std::string mp(MemoryOrder w, MemoryOrder r) {
  return models(make({{store(x, 1, relaxed), store(y, 1, w)}, {load(y, r), load(x, relaxed)}}),
                {{}, {1, 0}});
}
std::string mp_with_fences(MemoryOrder w, MemoryOrder r) {
  return models(make({{store(x, 1, relaxed), fence(w), store(y, 1, relaxed)},
                      {load(y, relaxed), fence(r), load(x, relaxed)}}),
                {{}, {1, 0}});
}

TEST(Litmus, MP) {
  EXPECT_EQ(mp(relaxed, relaxed), kRc11);
  EXPECT_EQ(mp(release, relaxed), kRc11);
  EXPECT_EQ(mp(relaxed, acquire), kRc11);
  for (const MemoryOrder w : {release, seq_cst}) {
    for (const MemoryOrder r : {consume, acquire, seq_cst}) EXPECT_EQ(mp(w, r), kNone);
  }
}
TEST(Litmus, MPWithFences) {
  EXPECT_EQ(mp_with_fences(relaxed, acquire), kRc11);
  EXPECT_EQ(mp_with_fences(release, relaxed), kRc11);
  EXPECT_EQ(mp_with_fences(acquire, release), kRc11);  // the wrong way round
  for (const MemoryOrder w : {release, acq_rel, seq_cst}) {
    for (const MemoryOrder r : {consume, acquire, acq_rel, seq_cst}) {
      EXPECT_EQ(mp_with_fences(w, r), kNone);
    }
  }
  // A fence on one side, the order of the access on the other.
  EXPECT_EQ(models(make({{store(x, 1, relaxed), fence(release), store(y, 1, relaxed)},
                         {load(y, acquire), load(x, relaxed)}}),
                   {{}, {1, 0}}),
            kNone);
  EXPECT_EQ(models(make({{store(x, 1, relaxed), store(y, 1, release)},
                         {load(y, relaxed), fence(acquire), load(x, relaxed)}}),
                   {{}, {1, 0}}),
            kNone);
  // Behind the flag's store, or before its load, a fence is of no use.
  EXPECT_EQ(models(make({{store(x, 1, relaxed), store(y, 1, relaxed), fence(release)},
                         {load(y, acquire), load(x, relaxed)}}),
                   {{}, {1, 0}}),
            kRc11);
}
TEST(Litmus, MPThroughAReleaseSequence) {
  // A read-modify-write continues a release sequence, of whatever thread and order.
  EXPECT_EQ(models(make({{store(x, 1, relaxed), store(y, 1, release)},
                         {fetch_add(y, 1, relaxed)},
                         {load(y, acquire), load(x, relaxed)}}),
                   {{}, {1}, {2, 0}}),
            kNone);
  EXPECT_EQ(models(make({{store(x, 1, relaxed), store(y, 1, release), fetch_add(y, 1, relaxed)},
                         {load(y, acquire), load(x, relaxed)}}),
                   {{1}, {2, 0}}),
            kNone);
  EXPECT_EQ(models(make({{store(x, 1, relaxed), store(y, 1, release)},
                         {compare_exchange(y, 1, 2, relaxed, relaxed)},
                         {load(y, acquire), load(x, relaxed)}}),
                   {{}, {1}, {2, 0}}),
            kNone);
  // A store of another thread ends it; since C++20 one of the same thread does too [R].
  EXPECT_EQ(models(make({{store(x, 1, relaxed), store(y, 1, release)},
                         {load(y, relaxed), store(y, 2, relaxed)},
                         {load(y, acquire), load(x, relaxed)}}),
                   {{}, {1}, {2, 0}}),
            kRc11);
  EXPECT_EQ(models(make({{store(x, 1, relaxed), store(y, 1, release), store(y, 2, relaxed)},
                         {load(y, acquire), load(x, relaxed)}}),
                   {{}, {2, 0}}),
            kRc11);
}
TEST(Litmus, MPWithACompareExchange) {
  // The order of a compare-exchange that fails is its failure order, strong or weak.
  const auto fails = [](MemoryOrder success, MemoryOrder failure) {
    return models(make({{store(x, 1, relaxed), store(y, 1, release)},
                        {compare_exchange(y, 0, 2, success, failure), load(x, relaxed)}}),
                  {{}, {1, 0}});
  };
  EXPECT_EQ(fails(acq_rel, relaxed), kRc11);
  EXPECT_EQ(fails(relaxed, acquire), kNone);
  const auto succeeds = [](MemoryOrder success, MemoryOrder failure) {
    return models(make({{store(x, 1, relaxed), store(y, 1, release)},
                        {compare_exchange(y, 1, 2, success, failure), load(x, relaxed)}}),
                  {{}, {1, 0}});
  };
  EXPECT_EQ(succeeds(acquire, relaxed), kNone);
  EXPECT_EQ(succeeds(relaxed, acquire), kRc11);
}

// Load buffering [H, L]: allowed by C++, but by none of these models, which keep po ∪ rf acyclic.
TEST(Litmus, LB) {
  for (const MemoryOrder order : {relaxed, seq_cst}) {
    EXPECT_EQ(
        models(make({{load(x, order), store(y, 1, order)}, {load(y, order), store(x, 1, order)}}),
               {{1}, {1}}),
        kNone);
  }
}

// Independent reads of independent writes [H]: two threads see two stores in opposite orders.
std::string iriw(MemoryOrder w, MemoryOrder first, MemoryOrder second) {
  return models(make({{store(x, 1, w)},
                      {load(x, first), load(y, second)},
                      {load(y, first), load(x, second)},
                      {store(y, 1, w)}}),
                {{}, {1, 0}, {1, 0}, {}});
}

TEST(Litmus, IRIW) {
  EXPECT_EQ(iriw(relaxed, relaxed, relaxed), kRc11);
  EXPECT_EQ(iriw(release, acquire, acquire), kRc11);
  EXPECT_EQ(iriw(seq_cst, acquire, acquire), kRc11);
  EXPECT_EQ(iriw(seq_cst, seq_cst, seq_cst), kNone);
}
TEST(Litmus, IRIWAcqSc) {
  // [L] section 1: compiled for Power it happens, so RC11 allows what C11 forbade.
  EXPECT_EQ(iriw(seq_cst, acquire, seq_cst), kRc11);
}
TEST(Litmus, IRIWWithFences) {
  // [L]: seq_cst fences between the loads suffice in RC11; in C11 they did not.
  const auto with = [](MemoryOrder order) {
    return models(make({{store(x, 1, relaxed)},
                        {load(x, relaxed), fence(order), load(y, relaxed)},
                        {load(y, relaxed), fence(order), load(x, relaxed)},
                        {store(y, 1, relaxed)}}),
                  {{}, {1, 0}, {1, 0}, {}});
  };
  EXPECT_EQ(with(seq_cst), kNone);
  EXPECT_EQ(with(acq_rel), kRc11);
}

// 2+2W [H]: each thread's first store is the last in modification order.
std::string two_plus_two_w(MemoryOrder order) {
  return models(
      make({{store(x, 1, order), store(y, 2, order)}, {store(y, 1, order), store(x, 2, order)}}),
      {{}, {}}, {1, 1});
}

TEST(Litmus, TwoPlusTwoW) {
  EXPECT_EQ(two_plus_two_w(relaxed), kRc11);
  EXPECT_EQ(two_plus_two_w(release), kRc11);
  EXPECT_EQ(two_plus_two_w(seq_cst), kNone);
  EXPECT_EQ(models(make({{store(x, 1, relaxed), fence(seq_cst), store(y, 2, relaxed)},
                         {store(y, 1, relaxed), fence(seq_cst), store(x, 2, relaxed)}}),
                   {{}, {}}, {1, 1}),
            kNone);
}

// S and R [H]: a write instead of a read at one end of MP, and of SB.
TEST(Litmus, S) {
  const auto s = [](MemoryOrder w, MemoryOrder r) {
    return models(
        make({{store(x, 2, relaxed), store(y, 1, w)}, {load(y, r), store(x, 1, relaxed)}}),
        {{}, {1}}, {2, 1});
  };
  EXPECT_EQ(s(relaxed, relaxed), kRc11);
  EXPECT_EQ(s(release, acquire), kNone);
}
TEST(Litmus, R) {
  const auto r = [](MemoryOrder w) {
    return models(make({{store(x, 1, w), store(y, 1, w)},
                        {store(y, 2, w), load(x, w == release ? acquire : w)}}),
                  {{}, {0}}, {1, 2});
  };
  EXPECT_EQ(r(relaxed), kTso);
  EXPECT_EQ(r(release), kTso);
  EXPECT_EQ(r(seq_cst), kNone);
}

// Coherence [H, figure 6]: of one location alone, no model allows anything but an order.
TEST(Litmus, Coherence) {
  for (const TinyOp& w : {store(x, 1, relaxed), store(x, 1, seq_cst)}) {
    const TinyOp again = store(x, 2, relaxed);
    const TinyOp r = load(x, relaxed);
    EXPECT_EQ(models(make({{w}, {again}, {r, r}, {r, r}}), {{}, {}, {1, 2}, {2, 1}}), kNone);
    EXPECT_EQ(models(make({{w}, {again}, {r, r}, {r, r}}), {{}, {}, {1, 2}, {1, 2}}), kAll);
    EXPECT_EQ(models(make({{w}, {r, r}}), {{}, {1, 0}}), kNone);        // CoRR
    EXPECT_EQ(models(make({{w, again}}), {{}}, {1}), kNone);            // CoWW
    EXPECT_EQ(models(make({{r, w}}), {{1}}), kNone);                    // CoRW1
    EXPECT_EQ(models(make({{r, w}, {again}}), {{2}, {}}, {2}), kNone);  // CoRW2
    EXPECT_EQ(models(make({{w, r}, {again}}), {{2}, {}}, {1}), kNone);  // CoWR
    EXPECT_EQ(models(make({{w, r}}), {{0}}), kNone);
  }
}
TEST(Litmus, OwnStoresAreSeenEarly) {
  // n6 [O]: a thread reads its own store from the buffer before others may.
  EXPECT_EQ(models(make({{store(x, 1, relaxed), load(x, relaxed), load(y, relaxed)},
                         {store(y, 2, relaxed), store(x, 2, relaxed)}}),
                   {{1, 0}, {}}, {1, 2}),
            kTso);
  // n5 [O]: but what is in the buffer is no way to see two stores in opposite orders.
  EXPECT_EQ(models(make({{store(x, 1, relaxed), load(x, relaxed)},
                         {store(x, 2, relaxed), load(x, relaxed)}}),
                   {{2}, {1}}),
            kNone);
  // SB+rfi-pos, iwp2.4 of [O].
  EXPECT_EQ(models(make({{store(x, 1, relaxed), load(x, relaxed), load(y, relaxed)},
                         {store(y, 1, relaxed), load(y, relaxed), load(x, relaxed)}}),
                   {{1, 0}, {1, 0}}),
            kTso);
}

// Write-to-read causality [H].
TEST(Litmus, WRC) {
  const auto wrc = [](MemoryOrder r1, MemoryOrder w, MemoryOrder r2) {
    return models(
        make({{store(x, 1, w)}, {load(x, r1), store(y, 1, w)}, {load(y, r2), load(x, relaxed)}}),
        {{}, {1}, {1, 0}});
  };
  EXPECT_EQ(wrc(relaxed, relaxed, relaxed), kRc11);
  EXPECT_EQ(wrc(acquire, release, acquire), kNone);
  EXPECT_EQ(wrc(relaxed, release, acquire), kNone);  // coherence suffices: x is read before y
  EXPECT_EQ(wrc(acquire, release, relaxed), kRc11);
  EXPECT_EQ(wrc(acquire, relaxed, acquire), kRc11);
}

// ISA2 [H]: message passing over two hops.
TEST(Litmus, ISA2) {
  const auto isa2 = [](MemoryOrder w, MemoryOrder r, MemoryOrder w2) {
    return models(make({{store(x, 1, relaxed), store(y, 1, w)},
                        {load(y, r), store(z, 1, w2)},
                        {load(z, r), load(x, relaxed)}}),
                  {{}, {1}, {1, 0}});
  };
  EXPECT_EQ(isa2(relaxed, relaxed, relaxed), kRc11);
  EXPECT_EQ(isa2(release, acquire, release), kNone);
  EXPECT_EQ(isa2(release, acquire, relaxed), kRc11);
  EXPECT_EQ(isa2(release, relaxed, release), kRc11);
}

// Read-to-write causality [H].
std::string rwc(MemoryOrder w, MemoryOrder r) {
  return models(make({{store(x, 1, w)}, {load(x, r), load(y, r)}, {store(y, 1, w), load(x, r)}}),
                {{}, {1, 0}, {0}});
}

TEST(Litmus, RWC) {
  EXPECT_EQ(rwc(relaxed, relaxed), kTso);
  EXPECT_EQ(rwc(release, acquire), kTso);
  EXPECT_EQ(rwc(seq_cst, seq_cst), kNone);
}
TEST(Litmus, RWCWithFences) {
  // RWC+syncs, [L] section 2: forbidden by RC11, though not by C11.
  const auto with = [](MemoryOrder one, MemoryOrder two) {
    return models(make({{store(x, 1, relaxed)},
                        {load(x, relaxed), fence(one), load(y, relaxed)},
                        {store(y, 1, relaxed), fence(two), load(x, relaxed)}}),
                  {{}, {1, 0}, {0}});
  };
  EXPECT_EQ(with(seq_cst, seq_cst), kNone);
  EXPECT_EQ(with(acq_rel, seq_cst), kRc11);
  EXPECT_EQ(with(seq_cst, acq_rel), kTso);
}

// W+RWC [H]: its stores handed over by release and acquire.
TEST(Litmus, WPlusRWC) {
  const auto w_rwc = [](MemoryOrder first, MemoryOrder sync_w, MemoryOrder sync_r,
                        MemoryOrder rest) {
    return models(make({{store(x, 1, first), store(y, 1, sync_w)},
                        {load(y, sync_r), load(z, rest)},
                        {store(z, 1, rest), load(x, rest)}}),
                  {{}, {1, 0}, {0}});
  };
  EXPECT_EQ(w_rwc(relaxed, relaxed, relaxed, relaxed), kTso);
  EXPECT_EQ(w_rwc(relaxed, release, acquire, relaxed), kTso);
  // po ≠loc ; hb ; po ≠loc is a step of psc [L]: all but the hand-over being seq_cst, forbidden.
  EXPECT_EQ(w_rwc(seq_cst, release, acquire, seq_cst), kNone);
  // From a relaxed store there is no such step.
  EXPECT_EQ(w_rwc(relaxed, release, acquire, seq_cst), kRc11);
  const auto with = [](MemoryOrder one, MemoryOrder two) {
    return models(make({{store(x, 1, relaxed), store(y, 1, release)},
                        {load(y, acquire), fence(one), load(z, relaxed)},
                        {store(z, 1, relaxed), fence(two), load(x, relaxed)}}),
                  {{}, {1, 0}, {0}});
  };
  EXPECT_EQ(with(seq_cst, seq_cst), kNone);
  EXPECT_EQ(with(acq_rel, seq_cst), kRc11);
}

TEST(Litmus, Z6U) {
  // [L] section 1, [B]: compiled for Power it happens, so RC11 and C++20 allow it.
  EXPECT_EQ(models(make({{store(x, 1, seq_cst), store(y, 1, release)},
                         {fetch_add(y, 1, seq_cst), load(y, relaxed)},
                         {store(y, 3, seq_cst), load(x, seq_cst)}}),
                   {{}, {1, 3}, {0}}),
            kRc11);
  EXPECT_EQ(models(make({{store(x, 1, seq_cst), store(y, 1, seq_cst)},
                         {fetch_add(y, 1, seq_cst), load(y, relaxed)},
                         {store(y, 3, seq_cst), load(x, seq_cst)}}),
                   {{}, {1, 3}, {0}}),
            kNone);
}

TEST(Litmus, RC11IsWeakerThanCpp20) {
  // C++20 orders seq_cst accesses by all of coherence order ([atomics.order]/3-4); RC11 by one
  // step of mo or fr between two of them [L], which the relaxed store of 2 breaks.
  const auto closed_over = [](MemoryOrder middle) {
    return models(make({{store(x, 1, seq_cst)},
                        {load(x, relaxed), store(x, 2, middle)},
                        {load(x, seq_cst), load(y, seq_cst)},
                        {store(y, 1, seq_cst), load(x, seq_cst)}}),
                  {{}, {1}, {2, 0}, {0}});
  };
  EXPECT_EQ(closed_over(relaxed), kRc11);
  EXPECT_EQ(closed_over(seq_cst), kNone);

  // And by what is in program order around happens-before; RC11 by that of another location.
  const auto handed_over = [](std::uint8_t location) {
    return models(make({{store(x, 1, seq_cst), store(location, 2, release)},
                        {load(location, acquire), load(y, seq_cst)},
                        {store(y, 1, seq_cst), load(x, seq_cst)}}),
                  {{}, {2, 0}, {0}});
  };
  EXPECT_EQ(handed_over(x), kRc11);
  EXPECT_EQ(handed_over(z), kNone);
}

TEST(Litmus, ReadModifyWritesAreAtomic) {
  const TinyOp add = fetch_add(x, 1, relaxed);
  EXPECT_EQ(models(make({{add}, {add}}), {{0}, {0}}), kNone);
  EXPECT_EQ(models(make({{add}, {add}}), {{0}, {1}}), kAll);
  EXPECT_EQ(models(make({{add}, {store(x, 5, relaxed)}}), {{0}, {}}, {1}), kNone);
  EXPECT_EQ(models(make({{exchange(x, 1, relaxed)}, {exchange(x, 2, relaxed)}}), {{2}, {1}}),
            kNone);
}

}  // namespace
}  // namespace trama::testing
