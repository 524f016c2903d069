// Tasks, their results, errors and groups.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <trama/aio.hpp>
#include <vector>

#include "leaks.hpp"

namespace {

namespace aio = trama::aio;
using namespace std::chrono_literals;

aio::task<int> number(int n, std::chrono::milliseconds wait = 0ms) {
  co_await aio::sleep(wait);
  co_return n;
}
aio::task<int> failure(std::string what) {
  co_await aio::sleep(0ms);
  throw std::runtime_error(what);
}
// Says in `ended` that it was cancelled.
aio::task<> endless(int* ended) {
  try {
    co_await aio::sleep(1h);
  } catch (const aio::cancelled&) {
    ++*ended;
    throw;
  }
}

TEST(Task, RunsWhenAwaitedAndGivesItsResult) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    EXPECT_EQ(co_await number(42), 42);
    EXPECT_EQ(*co_await aio::create_task(
                  []() -> aio::task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); }),
              3);
  });
}

TEST(Task, AMillionAwaitsNeedNoStack) {
  aio::run([]() -> aio::task<> {
    long sum = 0;
    for (int i = 0; i < 1'000'000; ++i) {
      sum += co_await [](int n) -> aio::task<int> { co_return n; }(1);
    }
    EXPECT_EQ(sum, 1'000'000);
  });
}

TEST(Task, ExceptionsPassThroughAwaits) {
  EXPECT_THROW(aio::run(failure("x")), std::runtime_error);
  EXPECT_THROW(aio::run([]() -> aio::task<> {
                 aio::run(number(1));
                 co_return;
               }),
               std::logic_error);
  EXPECT_THROW(aio::create_task(number(1)), std::logic_error);
}

TEST(Task, StartsAtTheNextTurnInOrder) {
  aio::run([]() -> aio::task<> {
    std::string order;
    const auto letter = [&order](char which) -> aio::task<> {
      order += which;
      co_return;
    };
    const auto a = aio::create_task(letter('a'), "first");
    const auto b = aio::create_task(letter('b'));
    order += 'm';
    co_await b;
    EXPECT_EQ(order, "mab");
    EXPECT_EQ(a.name(), "first");
    EXPECT_EQ(b.name(), "Task-3");
    EXPECT_EQ(aio::current_task().name(), "main");
  });
}

TEST(Task, HandlesTellTheState) {
  aio::run([]() -> aio::task<> {
    auto good = aio::create_task(number(7));
    EXPECT_FALSE(good.done());
    EXPECT_THROW((void)good.result(), std::logic_error);
    EXPECT_EQ(co_await good, 7);
    EXPECT_EQ(good.result(), 7);
    EXPECT_FALSE(good.exception());
    EXPECT_FALSE(good.cancel());

    auto bad = aio::create_task(failure("bad"));
    EXPECT_THROW(co_await bad, std::runtime_error);
    EXPECT_TRUE(bad.exception());

    int ended = 0;
    auto stopped = aio::create_task(endless(&ended));
    co_await aio::sleep(0ms);
    EXPECT_TRUE(stopped.cancel());
    EXPECT_THROW(co_await stopped, aio::cancelled);
    EXPECT_TRUE(stopped.cancelled());
    EXPECT_THROW((void)stopped.exception(), aio::cancelled);
    EXPECT_EQ(ended, 1);
  });
}

TEST(Task, CancelledBeforeItStartsNeverRuns) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    int ended = 0;
    auto stopped = aio::create_task(endless(&ended));
    stopped.cancel();
    EXPECT_THROW(co_await stopped, aio::cancelled);
    EXPECT_EQ(ended, 0);
  });
}

TEST(Task, AForgottenErrorIsReported) {
  testing::internal::CaptureStderr();
  aio::run([]() -> aio::task<> {
    aio::create_task(failure("lost"), "forgotten");
    const auto seen = aio::create_task(failure("seen"));
    EXPECT_THROW(co_await seen, std::runtime_error);
  });
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "trama::aio: exception in task 'forgotten' that nobody awaited: lost\n");
}

TEST(Run, CancelsAndAwaitsWhatIsLeft) {
  static int ended;
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    ended = 0;
    aio::create_task(endless(&ended));
    aio::create_task(endless(&ended));
    co_await aio::sleep(0ms);
  });
  EXPECT_EQ(ended, 2);
}

TEST(Gather, GivesResultsInOrder) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    const auto [a, b, none] = co_await aio::gather(number(1, 2ms), number(2, 1ms), aio::sleep(0ms));
    EXPECT_EQ(a, 1);
    EXPECT_EQ(b, 2);
    EXPECT_EQ(none, std::monostate());
    std::vector<aio::task<int>> many;
    for (int i = 0; i < 5; ++i) many.push_back(number(i, std::chrono::milliseconds(5 - i)));
    const std::vector<int> results = co_await aio::gather(std::move(many));
    EXPECT_THAT(results, testing::ElementsAre(0, 1, 2, 3, 4));
    EXPECT_TRUE((co_await aio::gather(std::vector<aio::task<int>>())).empty());
  });
}

TEST(Gather, AnErrorCancelsTheSiblings) {
  static int ended;
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    ended = 0;
    EXPECT_THROW(co_await aio::gather(endless(&ended), failure("x"), endless(&ended)),
                 std::runtime_error);
    EXPECT_EQ(ended, 2);
  });
}

TEST(TaskGroup, AnErrorCancelsTheSiblings) {
  static int ended;
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    ended = 0;
    aio::task_group group;
    const auto one = group.create_task(number(1));
    auto other = group.create_task(endless(&ended));
    other.cancel();  // disturbs nobody
    group.create_task(endless(&ended));
    co_await aio::sleep(1ms);
    EXPECT_EQ(one.result(), 1);
    group.create_task(failure("x"));
    EXPECT_THROW(co_await group.join(), std::runtime_error);
    EXPECT_EQ(ended, 1);
  });
}

TEST(Timeout, CancelsWhatItAwaits) {
  static int ended;
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    ended = 0;
    EXPECT_THROW(co_await aio::timeout(1ms, endless(&ended)), aio::timeout_error);
    EXPECT_THROW(co_await aio::timeout(0ms, endless(&ended)), aio::timeout_error);
    EXPECT_EQ(co_await aio::timeout(1h, number(5)), 5);
    // The outer one of two, and a cancellation from outside, are what they are.
    EXPECT_THROW(co_await aio::timeout(1ms, aio::timeout(1h, endless(&ended))), aio::timeout_error);
    auto outside = aio::create_task(aio::timeout(1h, endless(&ended)));
    co_await aio::sleep(0ms);
    outside.cancel();
    EXPECT_THROW(co_await outside, aio::cancelled);
    EXPECT_EQ(ended, 4);
    EXPECT_EQ(aio::current_task().cancelling(), 0U);
  });
}

TEST(Shield, KeepsTheTaskRunning) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    auto inner = aio::create_task(number(3, 3ms));
    EXPECT_THROW(co_await aio::timeout(1ms, aio::shield(inner)), aio::timeout_error);
    EXPECT_EQ(co_await inner, 3);
  });
}

TEST(Wait, EndsAsAsked) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    std::vector<aio::handle<int>> all{aio::create_task(number(1, 50ms)),
                                      aio::create_task(number(2)), aio::create_task(failure("x"))};
    auto first = co_await aio::wait(all, aio::first_completed);
    EXPECT_FALSE(first.done.empty());
    auto failed = co_await aio::wait(all, aio::first_exception);
    EXPECT_EQ(failed.pending.size(), 1U);
    auto late = co_await aio::wait(all, aio::all_completed, 1ms);
    EXPECT_EQ(late.pending.size(), 1U);
    auto rest = co_await aio::wait(all);
    EXPECT_EQ(rest.done.size(), 3U);
    EXPECT_TRUE(all[2].exception());
  });
}

TEST(AsCompleted, GivesWhatComesFirst) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    std::vector<aio::task<int>> some;
    for (const int ms : std::vector<int>{6, 2, 4})
      some.push_back(number(ms, std::chrono::milliseconds(ms)));
    std::string order;
    for (auto next : aio::as_completed(std::move(some))) order += std::to_string(co_await next);
    EXPECT_EQ(order, "246");
  });
}

TEST(ToThread, GivesResultsAndErrors) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    EXPECT_EQ(co_await aio::to_thread([](int a, int b) { return a + b; }, 1, 2), 3);
    EXPECT_THROW(co_await aio::to_thread([] { throw std::runtime_error("x"); }),
                 std::runtime_error);
  });
}

}  // namespace
