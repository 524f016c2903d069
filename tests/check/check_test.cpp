// trama::check as a user meets it: inside a test framework, with every kind of finding.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <trama/check.hpp>
#include <vector>

namespace {

using Verdict = trama::check_result::verdict_kind;

/// Traces go to a folder of the test's own.
class Check : public ::testing::Test {
 protected:
  Check() {
    char path[] = "/tmp/trama-check-XXXXXX";
    folder_ = mkdtemp(path);
    options_.output = folder_;
  }
  ~Check() override { std::filesystem::remove_all(folder_); }

  /// The check finds exactly `code`, and its trace replays to the same.
  template <typename Function>
  void expect_finding(Function function, const std::string& code) {
    const auto result = trama::check(function, options_);
    ASSERT_FALSE(result.ok()) << result;
    ASSERT_EQ(result.verdict, Verdict::finding) << result;
    ASSERT_FALSE(result.findings.empty());
    EXPECT_EQ(result.findings.back().code, code) << result;
    trama::check_options again = options_;
    again.replay = result.findings.back().trace;
    ASSERT_FALSE(again.replay.empty());
    const auto replayed = trama::check(function, again);
    ASSERT_EQ(replayed.verdict, Verdict::finding) << replayed;
    EXPECT_EQ(replayed.findings.back().code, code);
    EXPECT_EQ(replayed.findings.back().detail, result.findings.back().detail);
  }

  std::string folder_;
  trama::check_options options_;
};

TEST_F(Check, FindsNothingInACorrectCounter) {
  options_.executions = 3000;
  const auto result = trama::check(
      [] {
        int n = 0;
        std::mutex mutex;
        const auto body = [&] {
          const std::lock_guard lock(mutex);
          ++n;
        };
        std::thread a(body);
        std::thread b(body);
        a.join();
        b.join();
        trama::expect(n == 2, "n == 2");
      },
      options_);
  EXPECT_TRUE(result.ok()) << result;
  EXPECT_EQ(result.verdict, Verdict::sampled);
  EXPECT_EQ(result.executions, 3000U);
  EXPECT_EQ(result.distinct, 2U);  // who is first
  EXPECT_NE(result.text().find("sampled: 3000 executions"), std::string::npos);
}

TEST_F(Check, FindsALostUpdateOfAtomics) {
  expect_finding(
      [] {
        std::atomic<int> n{0};
        const auto body = [&] { n.store(n.load() + 1); };
        std::thread a(body);
        std::thread b(body);
        a.join();
        b.join();
        trama::expect(n == 2, "n == 2");
      },
      "ASSERT");
}

TEST_F(Check, FindsARaceAndItsConsequence) {
  const auto racy = [] {
    int n = 0;
    const auto body = [&] { ++n; };
    std::thread a(body);
    std::thread b(body);
    a.join();
    b.join();
    trama::expect(n == 2, "n == 2");
  };
  const auto result = trama::check(racy, options_);
  ASSERT_EQ(result.findings.size(), 2U) << result;
  EXPECT_EQ(result.findings[0].code, "RACE");
  EXPECT_EQ(result.findings[1].code, "ASSERT");
  EXPECT_NE(result.text().find("check_test.cpp"), std::string::npos) << result;
}

TEST_F(Check, FindsADeadlock) {
  expect_finding(
      [] {
        std::mutex first;
        std::mutex second;
        std::thread a([&] {
          const std::lock_guard one(first);
          const std::lock_guard two(second);
        });
        std::thread b([&] {
          const std::lock_guard one(second);
          const std::lock_guard two(first);
        });
        a.join();
        b.join();
      },
      "DEADLOCK");
}

TEST_F(Check, FindsALostWakeUp) {
  expect_finding(
      [] {
        std::mutex mutex;
        std::condition_variable changed;
        std::thread waiter([&] {
          std::unique_lock lock(mutex);
          changed.wait(lock);
        });
        std::thread notifier([&] { changed.notify_one(); });
        waiter.join();
        notifier.join();
      },
      "LOST-WAKEUP");
}

TEST_F(Check, FindsAnUncaughtException) {
  expect_finding(
      [] {
        std::thread a([] { throw std::runtime_error("no money"); });
        a.join();
      },
      "UNCAUGHT");
}

TEST_F(Check, FindsACrash) {
  expect_finding(
      [] {
        std::atomic<int*> pointer{nullptr};
        int value = 1;
        std::thread a([&] { pointer = &value; });
        std::thread b([&] { *pointer.load() = 2; });
        a.join();
        b.join();
      },
      "CRASH");
}

TEST_F(Check, ChooseTriesAllValues) {
  options_.executions = 200;
  std::set<unsigned> seen;
  const auto result = trama::check([&] { seen.insert(trama::choose(5)); }, options_);
  EXPECT_TRUE(result.ok()) << result;
  EXPECT_EQ(seen, (std::set<unsigned>{0, 1, 2, 3, 4}));
}

TEST_F(Check, ChosenValuesReplay) {
  expect_finding([] { trama::expect(trama::choose(10) != 7, "not seven"); }, "ASSERT");
}

TEST_F(Check, TheSameSeedGivesTheSameTrace) {
  const auto body = [] {
    std::atomic<int> n{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back([&] { n.store(n.load() + 1); });
    for (std::thread& thread : threads) thread.join();
    trama::expect(n == 3, "n == 3");
  };
  options_.seed = 11;
  const auto read = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  };
  const auto first = trama::check(body, options_);
  const auto second = trama::check(body, options_);
  ASSERT_EQ(first.executions, second.executions);
  ASSERT_NE(first.findings[0].trace, second.findings[0].trace);  // never over an existing file
  EXPECT_EQ(read(first.findings[0].trace), read(second.findings[0].trace));
}

thread_local int tl_value = 41;
struct Counted {
  explicit Counted(int* destroyed) : destroyed_(destroyed) {}
  ~Counted() { ++*destroyed_; }
  int* destroyed_;
};

TEST_F(Check, ThreadLocalsAreFreshAndDestroyedInEachThread) {
  options_.executions = 50;
  int wrong = 0;
  int destroyed = 0;
  int made = 0;
  const auto result = trama::check(
      [&] {
        const auto body = [&] {
          if (++tl_value != 42) ++wrong;
          thread_local Counted counted(&destroyed);
          counted.destroyed_ = &destroyed;
          ++made;
        };
        body();
        std::thread a(body);
        a.join();
        std::thread b(body);
        b.join();
      },
      options_);
  EXPECT_TRUE(result.ok()) << result;
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(made, 150);
  EXPECT_EQ(destroyed, 150);
  EXPECT_EQ(tl_value, 41);
}

TEST_F(Check, ErrorsOfTheCallAreResults) {
  options_.strategy = "clever";
  const auto unknown = trama::check([] {}, options_);
  EXPECT_EQ(unknown.verdict, Verdict::error);
  EXPECT_NE(unknown.message.find("portfolio"), std::string::npos);

  options_.strategy = "random";
  options_.replay = folder_ + "/none.trama";
  const auto missing = trama::check([] {}, options_);
  EXPECT_EQ(missing.verdict, Verdict::error);
  EXPECT_NE(missing.message.find("none.trama"), std::string::npos);

  std::ofstream(folder_ + "/bad.trama") << "trama-trace 2\nnonsense\n";
  options_.replay = folder_ + "/bad.trama";
  const auto corrupt = trama::check([] {}, options_);
  EXPECT_EQ(corrupt.verdict, Verdict::error);
  EXPECT_NE(corrupt.message.find("line"), std::string::npos);
}

TEST_F(Check, ACheckWithinACheckIsRefused) {
  options_.executions = 1;
  auto inner = Verdict::sampled;
  const auto result =
      trama::check([&] { inner = trama::check([] {}, options_).verdict; }, options_);
  EXPECT_TRUE(result.ok()) << result;
  EXPECT_EQ(inner, Verdict::error);
}

TEST_F(Check, AFailingCheckLeavesTheProcessUsable) {
  for (int round = 0; round < 3; ++round) {
    const auto failed = trama::check([] { trama::expect(false, "never"); }, options_);
    EXPECT_FALSE(failed.ok());
    std::atomic<int> sum{0};
    std::vector<std::thread> threads;  // real ones
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 1000; ++k) sum += static_cast<int>(std::vector<int>(10, 1).size());
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(sum, 40000);
  }
}

TEST_F(Check, AnEndlessExecutionIsGivenUp) {
  options_.executions = 3;
  options_.max_steps = 10000;
  const auto result = trama::check(
      [] {
        std::mutex mutex;
        std::thread a([&] {
          for (;;) const std::lock_guard lock(mutex);
        });
        a.join();
      },
      options_);
  EXPECT_EQ(result.verdict, Verdict::incomplete) << result;
}

TEST_F(Check, ALoopThatWaitsForNobodyIsALivelock) {
  const auto result = trama::check(
      [] {
        std::atomic<bool> never{false};
        std::thread a([&] {
          while (!never) std::this_thread::yield();
        });
        a.join();
      },
      options_);
  ASSERT_FALSE(result.findings.empty()) << result;
  EXPECT_EQ(result.findings[0].code, "LIVELOCK") << result;
}

TEST_F(Check, WhatIsNotControlledIsNamed) {
  options_.executions = 1;
  const auto result = trama::check([] { accept(-1, nullptr, nullptr); }, options_);
  EXPECT_TRUE(result.ok()) << result;
  EXPECT_NE(result.message.find("accept"), std::string::npos) << result;
}

TEST(Controlled, TellsWhereItRuns) {
  EXPECT_FALSE(trama::is_controlled());
  bool inside = false;
  trama::check_options options;
  options.executions = 1;
  EXPECT_TRUE(trama::check([&] { inside = trama::is_controlled(); }, options).ok());
  EXPECT_TRUE(inside);
  EXPECT_EQ(trama::choose(7), 0U);
}

}  // namespace
