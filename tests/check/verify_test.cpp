// trama::verify as a user meets it: counts that are known, findings, bounds.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <trama/check.hpp>
#include <vector>

namespace {

using Verdict = trama::verify_result::verdict_kind;

class Verify : public ::testing::Test {
 protected:
  Verify() {
    char path[] = "/tmp/trama-verify-XXXXXX";
    folder_ = mkdtemp(path);
    options_.output = folder_;
  }
  ~Verify() override { std::filesystem::remove_all(folder_); }

  template <typename Function>
  trama::verify_result under(const char* model, Function function) {
    options_.model = model;
    return trama::verify(function, options_);
  }

  std::string folder_;
  trama::verify_options options_;
};

/// So many threads that each do `work` so many times.
template <typename Work>
void in_threads(int threads, int times, Work work) {
  std::vector<std::thread> all;
  all.reserve(static_cast<std::size_t>(threads));
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([=] {
      for (int i = 0; i < times; ++i) work();
    });
  }
  for (std::thread& thread : all) thread.join();
}

/// In how many orders so many threads can each take so many turns: (n·k)! / (k!)^n.
std::uint64_t orders(std::uint64_t threads, std::uint64_t turns) {
  std::uint64_t result = 1;
  for (std::uint64_t thread = 1; thread <= threads; ++thread) {
    for (std::uint64_t turn = 1; turn <= turns; ++turn) {
      result = result * ((thread - 1) * turns + turn) / turn;
    }
  }
  return result;
}

TEST_F(Verify, CountsTheOrdersOfReadModifyWrites) {
  for (const auto& [threads, times] : {std::pair{2, 1}, {2, 3}, {3, 2}, {4, 1}}) {
    const auto result = under("rc11", [threads = threads, times = times] {
      std::atomic<int> value{0};
      in_threads(threads, times, [&] { value.fetch_add(1, std::memory_order_relaxed); });
      trama::expect(value == threads * times);
    });
    EXPECT_TRUE(result) << result;
    EXPECT_EQ(result.complete, orders(threads, times)) << threads << " x " << times;
    EXPECT_EQ(result.blocked, 0U);
    EXPECT_EQ(result.model, "rc11");
  }
}

TEST_F(Verify, CountsTheOrdersOfCriticalSections) {
  for (const auto& [threads, times] : {std::pair{2, 1}, {2, 2}, {3, 1}, {3, 2}, {2, 4}}) {
    const auto result = under("rc11", [threads = threads, times = times] {
      std::mutex mutex;
      int value = 0;
      in_threads(threads, times, [&] {
        const std::lock_guard lock(mutex);
        ++value;
      });
      trama::expect(value == threads * times);
    });
    EXPECT_EQ(result.verdict, Verdict::verified) << result;
    EXPECT_EQ(result.complete, orders(threads, times)) << threads << " x " << times;
  }
}

/// A block is kept from the first execution on. In those that follow, memory is served again all
/// the same, and from where it was served before.
TEST_F(Verify, ServesMemoryAgainBehindWhatIsKept) {
  int* kept = nullptr;
  std::array<const void*, 8> places{};
  std::size_t place_count = 0;
  const auto result = under("rc11", [&] {
    if (kept == nullptr) kept = new int(7);
    const auto value = std::make_unique<std::atomic<int>>(0);
    const auto known = places.begin() + static_cast<std::ptrdiff_t>(place_count);
    if (std::find(places.begin(), known, value.get()) == known) {
      places.at(place_count++) = value.get();
    }
    in_threads(3, 2, [&] { value->fetch_add(1); });
    trama::expect(*value == 6 && *kept == 7);
  });
  EXPECT_EQ(result.verdict, Verdict::verified) << result;
  EXPECT_EQ(result.complete, orders(3, 2));
  EXPECT_LE(place_count, 2U);
  delete kept;
}

void two_adders() {
  std::atomic<int> value{0};
  in_threads(2, 1, [&] { ++value; });
}

TEST_F(Verify, TakesAFunctionByItsName) {
  EXPECT_EQ(trama::verify(two_adders, options_).complete, 2U);
  EXPECT_TRUE(trama::check(two_adders));
}

TEST_F(Verify, TellsMemoryModelsApart) {
  const auto store_buffering = [] {
    std::atomic<int> x{0};
    std::atomic<int> y{0};
    int r1 = -1;
    int r2 = -1;
    std::thread one([&] {
      x.store(1, std::memory_order_relaxed);
      r1 = y.load(std::memory_order_relaxed);
    });
    std::thread two([&] {
      y.store(1, std::memory_order_relaxed);
      r2 = x.load(std::memory_order_relaxed);
    });
    one.join();
    two.join();
    trama::expect(r1 == 1 || r2 == 1);
  };
  const auto interleaved = under("sc", store_buffering);
  EXPECT_EQ(interleaved.verdict, Verdict::verified) << interleaved;
  EXPECT_EQ(interleaved.complete, 3U);
  for (const char* model : {"tso", "rc11"}) {
    const auto weak = under(model, store_buffering);
    EXPECT_FALSE(weak);
    ASSERT_EQ(weak.findings.size(), 1U) << weak;
    EXPECT_EQ(weak.findings[0].code, "ASSERT");
    EXPECT_TRUE(std::filesystem::exists(weak.findings[0].trace));
  }
}

/// Replays the finding's trace, which is to come to the same.
template <typename Function>
void expect_replay(const trama::verify_result& result, Function function) {
  ASSERT_EQ(result.findings.size(), 1U) << result;
  trama::check_options options;
  options.replay = result.findings[0].trace;
  options.output = "";
  const auto again = trama::check(function, options);
  EXPECT_EQ(again.verdict, trama::check_result::verdict_kind::finding) << again;
  ASSERT_EQ(again.findings.size(), 1U) << again;
  EXPECT_EQ(again.findings[0].code, result.findings[0].code);
}

// The order of steps alone does not tell what the loads read.
TEST_F(Verify, ItsTraceReplaysWhereALoadReadsAnOlderStore) {
  const auto message_passing = [] {
    std::atomic<int> data{0};
    std::atomic<int> flag{0};
    std::thread writer([&] {
      data.store(1, std::memory_order_relaxed);
      flag.store(1, std::memory_order_relaxed);
    });
    std::thread reader([&] {
      if (flag.load(std::memory_order_relaxed) == 0) return;
      trama::expect(data.load(std::memory_order_relaxed) == 1);
    });
    writer.join();
    reader.join();
  };
  expect_replay(under("rc11", message_passing), message_passing);
}

TEST_F(Verify, ItsTraceReplaysWhereAValueWasChosen) {
  const auto chosen = [] {
    std::mutex mutex;
    unsigned sum = 0;
    in_threads(2, 1, [&] {
      const std::lock_guard lock(mutex);
      sum += trama::choose(3);
    });
    trama::expect(sum != 3);
  };
  expect_replay(under("rc11", chosen), chosen);
}

TEST_F(Verify, FindsARace) {
  const auto result = under("rc11", [] {
    int value = 0;
    in_threads(2, 1, [&] { ++value; });
  });
  EXPECT_EQ(result.verdict, Verdict::finding);
  ASSERT_EQ(result.findings.size(), 1U) << result;
  EXPECT_EQ(result.findings[0].code, "RACE");
}

TEST_F(Verify, FindsADeadlock) {
  const auto result = under("sc", [] {
    std::mutex first;
    std::mutex second;
    std::thread a([&] {
      const std::scoped_lock one(first);
      const std::scoped_lock two(second);
    });
    std::thread b([&] {
      const std::scoped_lock one(second);
      const std::scoped_lock two(first);
    });
    a.join();
    b.join();
  });
  ASSERT_EQ(result.findings.size(), 1U) << result;
  EXPECT_EQ(result.findings[0].code, "DEADLOCK");
}

TEST_F(Verify, FollowsACondition) {
  const auto result = under("rc11", [] {
    std::mutex mutex;
    std::condition_variable changed;
    bool ready = false;
    std::thread waiter([&] {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return ready; });
    });
    {
      const std::lock_guard lock(mutex);
      ready = true;
    }
    changed.notify_one();
    waiter.join();
  });
  EXPECT_EQ(result.verdict, Verdict::verified) << result;
  EXPECT_GE(result.complete, 2U);
}

TEST_F(Verify, TriesEveryValueThatIsChosen) {
  std::vector<int> seen(3);
  const auto result = under("rc11", [&] { ++seen[trama::choose(3)]; });
  EXPECT_EQ(result.complete, 3U);
  EXPECT_EQ(seen, (std::vector<int>{1, 1, 1}));
}

TEST_F(Verify, CountsAnExecutionThatAnAssumptionEndsAsBlocked) {
  const auto result = under("rc11", [] {
    std::atomic<int> value{0};
    std::thread writer([&] { value.store(1); });
    std::thread reader([&] { trama::assume(value.load() == 1); });
    writer.join();
    reader.join();
  });
  EXPECT_EQ(result.verdict, Verdict::verified) << result;
  EXPECT_EQ(result.complete, 1U);
  EXPECT_EQ(result.blocked, 1U);
}

TEST_F(Verify, IsIncompleteWhereItIsStopped) {
  options_.executions = 5;
  const auto result = under("rc11", [] {
    std::atomic<int> value{0};
    in_threads(2, 3, [&] { value.fetch_add(1); });
  });
  EXPECT_EQ(result.verdict, Verdict::incomplete);
  EXPECT_EQ(result.complete, 5U);
  EXPECT_FALSE(result);
}

TEST_F(Verify, TellsAFunctionThatDoesNotBeginAnew) {
  std::atomic<int> calls{0};
  const auto result = under("rc11", [&] {
    std::atomic<int> value{0};
    const int times = ++calls == 1 ? 2 : 1;
    in_threads(2, times, [&] { value.fetch_add(1); });
  });
  EXPECT_EQ(result.verdict, Verdict::diverged) << result;
  EXPECT_FALSE(result.message.empty());
}

TEST_F(Verify, RefusesAModelThatThereIsNot) {
  const auto result = under("power", [] {});
  EXPECT_EQ(result.verdict, Verdict::error);
  EXPECT_NE(result.message.find("rc11"), std::string::npos) << result;
}

TEST_F(Verify, RefusesAtomicsOfDifferentSizesInOnePlace) {
  const auto result = under("rc11", [] {
    alignas(4) std::uint32_t whole = 0;
    auto* bytes = reinterpret_cast<std::uint8_t*>(&whole);
    std::thread writer([&] { std::atomic_ref<std::uint8_t>(bytes[2]).store(1); });
    std::thread reader([&] { static_cast<void>(std::atomic_ref<std::uint32_t>(whole).load()); });
    writer.join();
    reader.join();
  });
  EXPECT_EQ(result.verdict, Verdict::error);
  EXPECT_NE(result.message.find("different sizes"), std::string::npos) << result;
}

TEST_F(Verify, MayBeFollowedByACheckAndComeAfterOne) {
  trama::check_options options;
  options.executions = 100;
  options.output = "";
  const auto body = [] {
    std::atomic<int> value{0};
    in_threads(2, 2, [&] { value.fetch_add(1); });
  };
  EXPECT_TRUE(trama::check(body, options));
  EXPECT_EQ(under("rc11", body).complete, 6U);
  EXPECT_TRUE(trama::check(body, options));
}

}  // namespace
