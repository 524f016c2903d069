// What a hunt shows is what a verification lists, under each memory model: no outcome that the model
// forbids is ever met by chance, and most of what it allows is.
//
// Small programs at random (of loads, stores, read-modify-writes and fences with any orders) are
// verified, which lists all their outcomes, and hunted, a hundred thousand executions in all.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <trama/check.hpp>
#include <vector>

namespace {

constexpr unsigned kProgramCount = 50;
constexpr unsigned kExecutionsEach = 2000;

struct Step {
  enum Kind { load, store, fetch_add, compare_exchange, fence, section } kind;
  std::memory_order order;
  unsigned location;
  int value;
};
using Program = std::vector<std::vector<Step>>;

Program random_program(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned count) { return random() % count; };
  const auto order = [&](Step::Kind kind) {
    using enum std::memory_order;
    constexpr std::array kLoads = {relaxed, acquire, seq_cst};
    constexpr std::array kStores = {relaxed, release, seq_cst};
    constexpr std::array kOthers = {relaxed, acquire, release, acq_rel, seq_cst};
    if (kind == Step::load) return kLoads[below(3)];
    if (kind == Step::store) return kStores[below(3)];
    return kOthers[below(5)];
  };
  constexpr std::array kKinds = {Step::load,  Step::load,   Step::load,      Step::store,
                                 Step::store, Step::store,  Step::fetch_add, Step::compare_exchange,
                                 Step::fence, Step::section};
  Program program(2 + below(2));
  for (auto& thread : program) {
    unsigned at = below(2);
    thread.resize(program.size() == 2 ? 4 : 3);
    for (Step& step : thread) {
      step.kind = kKinds[below(kKinds.size())];
      step.order = order(step.kind);
      step.location = at++ % 2;
      step.value = static_cast<int>(1 + below(2));
    }
  }
  return program;
}

class Memory {
 public:
  void take(const Step& step, std::string& outcome) {
    std::atomic<int>& at = cells_[step.location];
    int found = step.value;
    switch (step.kind) {
      case Step::load: outcome += std::to_string(at.load(step.order)); break;
      case Step::store: at.store(step.value, step.order); break;
      case Step::fetch_add: outcome += std::to_string(at.fetch_add(1, step.order)); break;
      case Step::compare_exchange:
        at.compare_exchange_strong(found, found + 1, step.order, std::memory_order_relaxed);
        outcome += std::to_string(found);
        break;
      case Step::fence: std::atomic_thread_fence(step.order); break;
      case Step::section: {
        const std::lock_guard lock(mutex_);
        ++guarded_;
      }
    }
  }
  [[nodiscard]] std::string at_the_end() const {
    return " " + std::to_string(cells_[0].load()) + std::to_string(cells_[1].load());
  }

 private:
  std::array<std::atomic<int>, 2> cells_{};
  std::mutex mutex_;
  int guarded_ = 0;
};

using Outcomes = std::set<std::string>;

/// One execution; what it comes to is added.
void run(const Program& program, Outcomes& outcomes) {
  Memory memory;
  std::vector<std::string> read(program.size());
  std::vector<std::thread> threads;
  threads.reserve(program.size());
  for (std::size_t t = 0; t < program.size(); ++t) {
    threads.emplace_back([&, t] {
      for (const Step& step : program[t]) memory.take(step, read[t]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::string outcome;
  for (const std::string& of_thread : read) outcome += of_thread + "|";
  outcomes.insert(outcome + memory.at_the_end());
}

class HuntWithinVerify : public ::testing::TestWithParam<const char*> {};

TEST_P(HuntWithinVerify, NoOutcomeIsMetThatIsNotListed) {
  std::size_t listed_count = 0;
  std::size_t met_count = 0;
  for (unsigned seed = 1; seed <= kProgramCount; ++seed) {
    const Program program = random_program(seed);
    Outcomes listed;
    trama::verify_options all;
    all.model = GetParam();
    all.output = "";
    const auto verified = trama::verify([&] { run(program, listed); }, all);
    ASSERT_TRUE(verified) << "program " << seed << "\n" << verified;
    Outcomes met;
    trama::check_options some;
    some.model = GetParam();
    some.executions = kExecutionsEach;
    some.seed = seed;
    some.output = "";
    const auto checked = trama::check([&] { run(program, met); }, some);
    ASSERT_TRUE(checked) << "program " << seed << "\n" << checked;
    EXPECT_EQ(checked.executions, kExecutionsEach);
    for (const std::string& outcome : met) {
      EXPECT_TRUE(listed.contains(outcome)) << "program " << seed << ": " << outcome;
    }
    listed_count += listed.size();
    met_count += met.size();
  }
  EXPECT_GT(met_count * 100, listed_count * 75) << met_count << " of " << listed_count;
  RecordProperty("listed", static_cast<int>(listed_count));
  RecordProperty("met", static_cast<int>(met_count));
}

INSTANTIATE_TEST_SUITE_P(Models, HuntWithinVerify, ::testing::Values("sc", "tso", "rc11"),
                         [](const auto& model) { return std::string(model.param); });

}  // namespace
