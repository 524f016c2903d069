// The race detector against an oracle that forgets nothing.
//
// The oracle keeps every access to every byte, ticks a full vector clock at every event
// and compares each access with all earlier ones. On random traces both must name the same
// bytes at the first race of an execution, and none before it: no alarm that is false, no
// race that is missed. Most events that would race are left out, so that traces get long
// and the shadow gets into rare states before something races.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <vector>

#include "base/prng.hpp"
#include "memory/race_detector.hpp"

namespace trama {
namespace {

constexpr unsigned kThreads = 4;
constexpr unsigned kLocks = 2;
constexpr unsigned kModelled = 32;  // the byte where the atomic of a store history begins
constexpr unsigned kArena = kModelled + 8;
constexpr std::uintptr_t kBase = 64;

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kTraces = 40'000;
#else
constexpr std::uint64_t kTraces = 300'000;
#endif

enum class Do {
  read,
  write,
  read_range,
  write_range,
  load,
  store,
  rmw,
  modelled_load,
  modelled_store,
  modelled_rmw,
  fence,
  lock,
  unlock,
  set_lock,
  spawn,
  join,
  alloc,
  free,
  count
};

struct Step {
  Do what{};
  ThreadId thread = 0;
  unsigned first = 0;  // byte of the arena, number of the lock, or the other thread
  unsigned size = 0;
  MemoryOrder order{};

  [[nodiscard]] bool is_load() const { return what == Do::load || what == Do::modelled_load; }
  [[nodiscard]] bool is_store() const { return what == Do::store || what == Do::modelled_store; }
  [[nodiscard]] bool is_rmw() const { return what == Do::rmw || what == Do::modelled_rmw; }
  [[nodiscard]] bool is_atomic() const { return is_load() || is_store() || is_rmw(); }
  [[nodiscard]] bool is_access() const { return what <= Do::modelled_rmw || what == Do::free; }
  [[nodiscard]] bool is_write() const {
    return is_store() || is_rmw() || what == Do::write || what == Do::write_range ||
           what == Do::free;
  }
};

using Clocks = std::array<std::uint32_t, kThreads>;
void join(Clocks& into, const Clocks& from) {
  for (unsigned i = 0; i < kThreads; ++i) into[i] = std::max(into[i], from[i]);
}

class Oracle {
 public:
  struct Access {
    ThreadId thread;
    std::uint32_t event;
    std::uint32_t clock;  // the detector's name for it
    bool write;
    bool atomic;
  };

  /// The clock with which `step` would be judged.
  Clocks judged_with(const Step& step) const {
    Clocks now = threads_[step.thread].now;
    ++now[step.thread];
    if ((step.is_load() || step.is_rmw()) && is_acquire(step.order)) join(now, seen(step));
    return now;
  }
  static bool races(const Access& earlier, const Step& step, const Clocks& now) {
    return (earlier.write || step.is_write()) && !(earlier.atomic && step.is_atomic()) &&
           earlier.event > now[earlier.thread];
  }
  /// The bytes on which `step` would race.
  std::uint64_t racing(const Step& step) const {
    std::uint64_t bytes = 0;
    if (!step.is_access()) return bytes;
    const Clocks now = judged_with(step);
    for (unsigned i = step.first; i < step.first + step.size; ++i) {
      for (const Access& earlier : history_[i]) {
        if (races(earlier, step, now)) bytes |= std::uint64_t{1} << i;
      }
    }
    return bytes;
  }

  void perform(const Step& step, std::uint32_t clock) {
    Thread& self = threads_[step.thread];
    ++self.now[step.thread];
    const Clocks learned = step.is_atomic() ? seen(step) : Clocks{};
    if (step.is_load() || step.is_rmw()) {
      join(is_acquire(step.order) ? self.now : self.pending, learned);
    }
    if (step.what == Do::alloc || step.what == Do::free) {
      for (unsigned i = step.first; i < step.first + step.size; ++i) {
        history_[i].clear();
        published_[i] = {};
      }
      if (step.first + step.size > kModelled) {  // the store history goes as a whole
        for (unsigned i = kModelled; i < kArena; ++i) published_[i] = {};
      }
    }
    if (step.is_access() && step.what != Do::free) {
      for (unsigned i = step.first; i < step.first + step.size; ++i) {
        history_[i].push_back(
            {step.thread, self.now[step.thread], clock, step.is_write(), step.is_atomic()});
      }
    }
    if (step.is_write() && !step.is_atomic()) {
      const unsigned end = std::min(step.first + step.size, kModelled);
      for (unsigned i = step.first; i < end; ++i) published_[i] = {};
    }
    if (step.is_store() || step.is_rmw()) {
      Clocks left = step.is_rmw() ? learned : Clocks{};
      join(left, is_release(step.order) ? self.now : self.fence);
      for (unsigned i = step.first; i < step.first + step.size; ++i) published_[i] = left;
    }
    switch (step.what) {
      case Do::fence:
        if (is_acquire(step.order)) join(self.now, self.pending);
        if (is_release(step.order)) self.fence = self.now;
        break;
      case Do::lock: join(self.now, locks_[step.first]); break;
      case Do::unlock: join(locks_[step.first], self.now); break;
      case Do::set_lock: locks_[step.first] = self.now; break;
      case Do::spawn: threads_[step.first].now = self.now; break;
      case Do::join: join(self.now, threads_[step.first].now); break;
      default: break;
    }
  }
  const std::vector<Access>& history(unsigned byte) const { return history_[byte]; }

 private:
  struct Thread {
    Clocks now{};
    Clocks fence{};
    Clocks pending{};
  };
  Clocks seen(const Step& step) const {
    Clocks all{};
    for (unsigned i = step.first; i < step.first + step.size; ++i) join(all, published_[i]);
    return all;
  }
  std::array<Thread, kThreads> threads_{};
  std::array<std::vector<Access>, kArena> history_;
  std::array<Clocks, kArena> published_{};
  std::array<Clocks, kLocks> locks_{};
};

class Subject final : public RaceListener {
 public:
  void on_race(const Race& race) override { races.push_back(race); }
  void on_use_after_free(std::uintptr_t, unsigned, AccessKind) override {}

  void begin() {
    detector.begin_execution();
    for (SyncVar& lock : locks_) lock.clear();
    history_.clear();
  }
  void perform(const Step& step) {
    races.clear();
    const ThreadId t = id(step.thread);
    const std::uintptr_t at = kBase + step.first;
    if (detector.current() != t) detector.set_current(t);
    switch (step.what) {
      case Do::read: detector.on_read(at, step.size); break;
      case Do::write: detector.on_write(at, step.size); break;
      case Do::read_range: detector.on_read_range(at, step.size); break;
      case Do::write_range: detector.on_write_range(at, step.size); break;
      case Do::load: detector.atomic_load(t, at, step.size, step.order); break;
      case Do::store: detector.atomic_store(t, at, step.size, step.order); break;
      case Do::rmw: detector.atomic_rmw(t, at, step.size, step.order); break;
      case Do::modelled_load:
        detector.read_from(t, history_, step.order);
        detector.check_atomic(t, at, step.size, false);
        break;
      case Do::modelled_store:
        detector.check_atomic(t, at, step.size, true);
        detector.publish(t, history_, step.order, false);
        break;
      case Do::modelled_rmw:
        detector.read_from(t, history_, step.order);
        detector.check_atomic(t, at, step.size, true);
        detector.publish(t, history_, step.order, true);
        break;
      case Do::fence: detector.fence(t, step.order); break;
      case Do::lock: detector.acquire(t, locks_[step.first]); break;
      case Do::unlock: detector.release(t, locks_[step.first]); break;
      case Do::set_lock: detector.release_store(t, locks_[step.first]); break;
      case Do::spawn: detector.thread_begin(id(step.first), t); break;
      case Do::join: detector.thread_join(t, id(step.first)); break;
      case Do::alloc:
        detector.on_alloc(at, step.size);
        if (step.first + step.size > kModelled) history_.clear();  // its owner would know
        break;
      case Do::free:
        detector.on_free(at, step.size, true);
        detector.on_alloc(at, step.size);  // what comes after a free is tested elsewhere
        if (step.first + step.size > kModelled) history_.clear();
        break;
      case Do::count: break;
    }
  }

  /// Threads may be numbered close together or far apart, which clocks store differently.
  [[nodiscard]] ThreadId id(unsigned thread) const {
    return static_cast<ThreadId>(thread * spread);
  }

  unsigned spread = 1;
  std::array<ShadowCell, (kBase + kArena) / kGranule> shadow{};
  std::vector<Race> races;
  RaceDetector detector{shadow.data(), sizeof shadow,
                        [](void* base, std::size_t bytes) { std::memset(base, 0, bytes); }, *this};

 private:
  std::array<SyncVar, kLocks> locks_;
  SyncVar history_;
};

/// Makes steps that a program could make; each trace favours some kinds of step.
class Author {
 public:
  explicit Author(std::uint64_t seed) : prng_(seed), threads_(2 + prng_.below(kThreads - 1)) {
    for (auto& weight : weights_) weight = 1U << (2 * prng_.below(4));
    weight_of(Do::spawn) = 32;
    for (const Do rare : {Do::join, Do::alloc, Do::free}) {
      weight_of(rare) = 1U << prng_.below(4);
    }
    leave_out_ = 1U << (2 * prng_.below(4));
    span_ = prng_.below(2) == 0 ? 8 : kModelled;
    aligned_ = prng_.below(2) == 0;
    one_size_ = prng_.below(2) == 0 ? 1U << prng_.below(5) : 0;
  }
  Prng& prng() { return prng_; }
  /// Whether a step that would race is taken nevertheless.
  bool dares() { return prng_.below(leave_out_) == 0; }

  Step next() {
    for (;;) {
      Step step;
      step.thread = running_[prng_.below(static_cast<std::uint32_t>(running_.size()))];
      step.what = pick();
      if (fill(step)) return step;
    }
  }
  /// Spawns and joins count only when the step is taken.
  void took(const Step& step) {
    if (step.what == Do::spawn) running_.push_back(static_cast<ThreadId>(begun_++));
    if (step.what == Do::join) std::erase(running_, static_cast<ThreadId>(step.first));
  }

 private:
  std::uint32_t& weight_of(Do what) { return weights_[static_cast<unsigned>(what)]; }
  Do pick() {
    std::uint32_t sum = 0;
    for (const auto weight : weights_) sum += weight;
    std::uint32_t x = prng_.below(sum);
    unsigned what = 0;
    while (x >= weights_[what]) x -= weights_[what++];
    return static_cast<Do>(what);
  }
  bool fill(Step& step) {
    step.order = static_cast<MemoryOrder>(prng_.below(6));
    switch (step.what) {
      case Do::modelled_load:
      case Do::modelled_store:
      case Do::modelled_rmw:
        step.first = kModelled;
        step.size = 8;
        return true;
      case Do::lock:
      case Do::unlock:
      case Do::set_lock: step.first = prng_.below(kLocks); return true;
      case Do::fence: return true;
      case Do::spawn: step.first = begun_; return begun_ < threads_;
      case Do::join:
        step.first = running_[prng_.below(static_cast<std::uint32_t>(running_.size()))];
        return step.first != step.thread;
      case Do::load:
      case Do::store:
      case Do::rmw:
        return place(step, one_size_ != 0 ? one_size_ : 1U << prng_.below(5), kModelled);
      case Do::read:
      case Do::write: return place(step, one_size_ != 0 ? one_size_ : 1 + prng_.below(16), kArena);
      case Do::free:  // blocks are made of whole granules
        step.size = kGranule * (1 + prng_.below(3));
        step.first = kGranule * prng_.below(kArena / kGranule);
        return step.first + step.size <= kArena;
      default: return place(step, 1 + prng_.below(24), kArena);
    }
  }
  bool place(Step& step, unsigned size, unsigned end) {
    const unsigned span = std::min(end, std::max(span_, size));
    step.size = size;
    step.first = prng_.below(std::max(1U, span - size + 1));
    // Where plain accesses may meet the modelled atomic, let them at times.
    if (end == kArena && span_ == 8 && prng_.below(8) == 0) step.first += kArena - span;
    if (aligned_) step.first -= step.first % size;
    return step.first + step.size <= end;
  }

  Prng prng_;
  std::array<std::uint32_t, static_cast<std::size_t>(Do::count)> weights_{};
  unsigned threads_;
  unsigned span_;
  bool aligned_;
  unsigned one_size_;
  unsigned leave_out_;
  unsigned begun_ = 1;
  std::vector<ThreadId> running_{kMainThread};
};

std::uint64_t bytes_of(const Race& race) {
  return ((std::uint64_t{1} << race.size) - 1) << (race.address - kBase);
}

void expect_true_story(const Race& race, const Step& step, const Oracle& oracle,
                       const Subject& subject) {
  EXPECT_EQ(race.current, subject.id(step.thread));
  EXPECT_EQ(race.current_is_write, step.is_write());
  EXPECT_EQ(race.current_is_atomic, step.is_atomic());
  const Clocks now = oracle.judged_with(step);
  for (std::uintptr_t at = race.address; at < race.address + race.size; ++at) {
    const auto& history = oracle.history(static_cast<unsigned>(at - kBase));
    EXPECT_TRUE(std::any_of(history.begin(), history.end(),
                            [&](const Oracle::Access& earlier) {
                              return Oracle::races(earlier, step, now) &&
                                     subject.id(earlier.thread) == race.previous &&
                                     earlier.clock == race.previous_clock &&
                                     earlier.write == race.previous_is_write &&
                                     earlier.atomic == race.previous_is_atomic;
                            }))
        << "byte " << at - kBase << ": no such earlier access";
  }
}

TEST(RaceDetectorOracle, SameFirstRaceOnRandomTraces) {
  Subject subject;
  std::uint64_t raced = 0;
  std::uint64_t steps = 0;
  for (std::uint64_t seed = 1; seed <= kTraces; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Author author(seed);
    Oracle oracle;
    subject.begin();
    subject.spread = seed % 8 == 0 ? 340 : seed % 8 == 1 ? 5 : 1;
    const unsigned length = 10 + author.prng().below(70);
    for (unsigned i = 0; i < length; ++i) {
      const Step step = author.next();
      const std::uint64_t expected = oracle.racing(step);
      if (expected != 0 && !author.dares()) continue;
      ++steps;
      const std::uint32_t clock = subject.detector.clock(subject.id(step.thread));
      subject.perform(step);
      author.took(step);
      std::uint64_t actual = 0;
      for (const Race& race : subject.races) {
        ASSERT_EQ(actual & bytes_of(race), 0U) << "told twice of a byte";
        actual |= bytes_of(race);
        expect_true_story(race, step, oracle, subject);
      }
      ASSERT_EQ(actual, expected) << "step " << i << " kind " << static_cast<int>(step.what)
                                  << " thread " << step.thread << " first " << step.first
                                  << " size " << step.size;
      if (::testing::Test::HasFailure()) return;
      oracle.perform(step, clock);
      if (expected != 0) {
        ++raced;
        // From here on the state is only plausible: nothing may break.
        for (unsigned k = 0; k < 8; ++k) {
          const Step more = author.next();
          subject.perform(more);
          author.took(more);
        }
        break;
      }
    }
  }
  // The test is worth something only if traces are long and many race.
  EXPECT_GT(raced, kTraces / 3);
  EXPECT_LT(raced, kTraces);
  EXPECT_GT(steps, 15 * kTraces);
  std::printf("%llu traces, %llu steps, %llu raced\n", static_cast<unsigned long long>(kTraces),
              static_cast<unsigned long long>(steps), static_cast<unsigned long long>(raced));
}

}  // namespace
}  // namespace trama
