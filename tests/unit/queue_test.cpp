// trama/queue.hpp: every operation, the three orders, the ends, and the exceptions.
// (long because: one contract, tried on three kinds; the sections are short)
//
// A test that needs "the other thread waits by now" cannot know it without looking inside the
// queue. Such tests hold whether the other thread waits already or not yet, and repeat, so
// that both happen.

// GCC 12 at -O1 says of every std::stop_source that its constructor reads it (it passes a
// reference to it, no more).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "trama/queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using trama::lifo_queue;
using trama::priority_queue;
using trama::queue;
using trama::queue_shut_down;

constexpr int kRepeats = 30;

// Runs `body` in a thread and tells whether it ended with queue_shut_down.
template <class Body>
class Attempt {
 public:
  explicit Attempt(Body body)
      : thread_([this, body = std::move(body)] {
          try {
            body();
          } catch (const queue_shut_down&) {
            shut_down_ = true;
          }
        }) {}
  bool ended_by_shutdown() {
    thread_.join();
    return shut_down_;
  }

 private:
  bool shut_down_ = false;
  std::thread thread_;
};

// --- the three kinds, one behaviour ---------------------------------------------------------

template <class Queue>
class AnyQueueTest : public testing::Test {};
using Kinds = testing::Types<queue<int>, lifo_queue<int>, priority_queue<int>>;
TYPED_TEST_SUITE(AnyQueueTest, Kinds);

TYPED_TEST(AnyQueueTest, StartsEmptyAndUnbounded) {
  TypeParam q;
  EXPECT_EQ(q.size(), 0u);
  EXPECT_EQ(q.maxsize(), 0u);
  EXPECT_TRUE(q.empty());
  EXPECT_FALSE(q.full());
  EXPECT_FALSE(q.is_shut_down());
  for (int i = 0; i < 1000; ++i) q.put(i);
  EXPECT_EQ(q.size(), 1000u);
  EXPECT_FALSE(q.full());
}

TYPED_TEST(AnyQueueTest, FullAtItsBound) {
  TypeParam q(2);
  EXPECT_EQ(q.maxsize(), 2u);
  EXPECT_TRUE(q.try_put(1));
  EXPECT_FALSE(q.full());
  EXPECT_TRUE(q.try_put(2));
  EXPECT_TRUE(q.full());
  EXPECT_FALSE(q.try_put(3));
  EXPECT_EQ(q.size(), 2u);
  EXPECT_TRUE(q.try_get().has_value());
  EXPECT_TRUE(q.try_put(4));
}

TYPED_TEST(AnyQueueTest, EmptyIsAValueNotAnError) {
  TypeParam q;
  EXPECT_EQ(q.try_get(), std::nullopt);
  EXPECT_EQ(q.get_for(0ms), std::nullopt);
}

TYPED_TEST(AnyQueueTest, TimeoutsEnd) {
  TypeParam q(1);
  EXPECT_EQ(q.get_for(1ms), std::nullopt);
  EXPECT_TRUE(q.put_for(1, 1ms));
  EXPECT_FALSE(q.put_for(2, 1ms));
  EXPECT_EQ(q.get_for(1ms), 1);
}

TYPED_TEST(AnyQueueTest, TimeoutWaitsAsLongAsItSays) {
  TypeParam q;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(q.get_for(3ms), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 3ms);
}

TYPED_TEST(AnyQueueTest, NegativeTimeoutDoesNotWait) {
  TypeParam q(1);
  EXPECT_EQ(q.get_for(-1h), std::nullopt);
  EXPECT_TRUE(q.put_for(1, -1h));
  EXPECT_FALSE(q.put_for(2, -1h));
  EXPECT_EQ(q.get_for(-1h), 1);
}

TYPED_TEST(AnyQueueTest, AnyDurationWillDo) {
  TypeParam q(1);
  EXPECT_TRUE(q.put_for(1, std::chrono::hours::max()));
  EXPECT_EQ(q.get_for(std::chrono::hours::max()), 1);
  EXPECT_EQ(q.get_for(std::chrono::hours::min()), std::nullopt);
  EXPECT_EQ(q.get_for(std::chrono::duration<double>(0.001)), std::nullopt);
  EXPECT_EQ(q.get_for(std::chrono::duration<double, std::milli>(0.5)), std::nullopt);
  // Forever, until something comes.
  std::jthread producer([&] { q.put(2); });
  EXPECT_EQ(q.get_for(std::chrono::nanoseconds::max()), 2);
}

TYPED_TEST(AnyQueueTest, GetWaitsForPut) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam q;
    std::jthread producer([&] { q.put(i); });
    EXPECT_EQ(q.get(), i);
  }
}

TYPED_TEST(AnyQueueTest, PutWaitsForRoom) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam q(1);
    q.put(1);
    std::jthread producer([&] { q.put(2); });
    EXPECT_EQ(q.get(), 1);
    EXPECT_EQ(q.get(), 2);
  }
}

TYPED_TEST(AnyQueueTest, TimedCallsAreWokenToo) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam q(1);
    q.put(1);
    std::jthread producer([&] { EXPECT_TRUE(q.put_for(2, 1h)); });
    EXPECT_EQ(q.get_for(1h), 1);
    EXPECT_EQ(q.get_for(1h), 2);
  }
}

// --- order ----------------------------------------------------------------------------------

template <class Queue>
std::vector<typename Queue::value_type> drain(Queue& q) {
  std::vector<typename Queue::value_type> items;
  while (auto item = q.try_get()) items.push_back(std::move(*item));
  return items;
}

TEST(QueueTest, FirstInFirstOut) {
  queue<int> q;
  for (const int i : {3, 1, 2}) q.put(i);
  EXPECT_EQ(drain(q), (std::vector{3, 1, 2}));
}

TEST(LifoQueueTest, LastInFirstOut) {
  lifo_queue<int> q;
  for (const int i : {3, 1, 2}) q.put(i);
  EXPECT_EQ(drain(q), (std::vector{2, 1, 3}));
}

TEST(PriorityQueueTest, SmallestFirst) {
  priority_queue<int> q;
  for (const int i : {3, 1, 2, 1}) q.put(i);
  EXPECT_EQ(drain(q), (std::vector{1, 1, 2, 3}));
}

TEST(PriorityQueueTest, ComparisonOfTheUser) {
  priority_queue<int, std::greater<>> largest_first;
  for (const int i : {3, 1, 2}) largest_first.put(i);
  EXPECT_EQ(drain(largest_first), (std::vector{3, 2, 1}));

  const auto by_length = [](const std::string& a, const std::string& b) {
    return a.size() < b.size();
  };
  priority_queue<std::string, decltype(by_length)> q(0, by_length);
  for (const char* word : {"três", "um", "dois"}) q.put(word);
  EXPECT_EQ(drain(q), (std::vector<std::string>{"um", "dois", "três"}));
}

TEST(PriorityQueueTest, EqualsKeepTheirOrder) {
  using Task = std::pair<int, std::string>;
  struct ByPriority {
    bool operator()(const Task& a, const Task& b) const { return a.first < b.first; }
  };
  priority_queue<Task, ByPriority> q;
  q.put({2, "c"});
  q.put({1, "a"});
  q.put({2, "d"});
  q.put({1, "b"});
  EXPECT_EQ(drain(q), (std::vector<Task>{{1, "a"}, {1, "b"}, {2, "c"}, {2, "d"}}));
}

TEST(PriorityQueueTest, KeepsItsBound) {
  priority_queue<int> q(2);
  EXPECT_TRUE(q.try_put(5));
  EXPECT_TRUE(q.try_put(4));
  EXPECT_FALSE(q.try_put(1));
}

// --- items ----------------------------------------------------------------------------------

template <class Queue>
class MoveOnlyTest : public testing::Test {};
struct LessByValue {
  bool operator()(const std::unique_ptr<int>& a, const std::unique_ptr<int>& b) const {
    return *a < *b;
  }
};
using MoveOnlyKinds = testing::Types<queue<std::unique_ptr<int>>, lifo_queue<std::unique_ptr<int>>,
                                     priority_queue<std::unique_ptr<int>, LessByValue>>;
TYPED_TEST_SUITE(MoveOnlyTest, MoveOnlyKinds);

TYPED_TEST(MoveOnlyTest, EveryOperation) {
  TypeParam q(1);
  std::stop_source stop;
  q.put(std::make_unique<int>(1));
  EXPECT_EQ(*q.get(), 1);
  EXPECT_TRUE(q.put(std::make_unique<int>(2), stop.get_token()));
  EXPECT_EQ(**q.get(stop.get_token()), 2);
  EXPECT_TRUE(q.try_put(std::make_unique<int>(3)));
  EXPECT_EQ(**q.try_get(), 3);
  EXPECT_TRUE(q.put_for(std::make_unique<int>(4), 1ms));
  EXPECT_EQ(**q.get_for(1ms), 4);
  EXPECT_TRUE(q.put_for(std::make_unique<int>(5), 1ms, stop.get_token()));
  EXPECT_EQ(**q.get_for(1ms, stop.get_token()), 5);
}

TYPED_TEST(MoveOnlyTest, PutThatFailsLeavesItsArgument) {
  TypeParam q(1);
  std::stop_source stopped;
  stopped.request_stop();
  q.put(std::make_unique<int>(1));

  auto item = std::make_unique<int>(2);
  EXPECT_FALSE(q.try_put(std::move(item)));
  ASSERT_NE(item, nullptr);
  EXPECT_FALSE(q.put_for(std::move(item), 0ms));
  ASSERT_NE(item, nullptr);
  EXPECT_FALSE(q.put(std::move(item), stopped.get_token()));
  ASSERT_NE(item, nullptr);
  q.shutdown();
  EXPECT_THROW(q.put(std::move(item)), queue_shut_down);
  ASSERT_NE(item, nullptr);
}

// Explicitly: all members can be made for items that cannot be copied.
struct MoveOnly {
  explicit MoveOnly(int v) : value(v) {}
  MoveOnly(MoveOnly&&) = default;
  MoveOnly& operator=(MoveOnly&&) = delete;
  int value;
};
struct LessMoveOnly {
  bool operator()(const MoveOnly& a, const MoveOnly& b) const { return a.value < b.value; }
};

TEST(QueueTest, MoveConstructionIsAllThatIsNeeded) {
  priority_queue<MoveOnly, LessMoveOnly> by_value;
  by_value.put(MoveOnly(2));
  by_value.put(MoveOnly(1));
  EXPECT_EQ(by_value.get().value, 1);
  lifo_queue<MoveOnly> stack;
  stack.put(MoveOnly(2));
  stack.put(MoveOnly(1));
  EXPECT_EQ(stack.get().value, 1);
  queue<MoveOnly> line;
  line.put(MoveOnly(2));
  EXPECT_EQ(line.get().value, 2);
}

TEST(QueueTest, CopiesAnLvalueMovesAnRvalue) {
  queue<std::string> q;
  std::string text(100, 'x');
  q.put(text);
  EXPECT_EQ(text.size(), 100u);
  q.put(std::move(text));
  EXPECT_EQ(q.get(), std::string(100, 'x'));
  EXPECT_EQ(q.get(), std::string(100, 'x'));
}

TEST(QueueTest, AnEmptyOptionalIsAnItem) {
  queue<std::optional<int>> q;
  q.put(std::nullopt);
  const auto got = q.try_get();
  ASSERT_TRUE(got.has_value());
  EXPECT_FALSE(got->has_value());
}

static_assert(!std::is_copy_constructible_v<queue<int>> &&
              !std::is_move_constructible_v<queue<int>>);
static_assert(!std::is_convertible_v<std::size_t, queue<int>>);
static_assert(std::is_base_of_v<std::runtime_error, queue_shut_down>);

// --- task_done and join -----------------------------------------------------------------------

TYPED_TEST(AnyQueueTest, JoinOfANewQueueDoesNotWait) {
  TypeParam q;
  q.join();
}

TYPED_TEST(AnyQueueTest, TaskDoneTooOften) {
  TypeParam q;
  EXPECT_THROW(q.task_done(), std::logic_error);
  q.put(1);
  EXPECT_EQ(q.get(), 1);
  q.task_done();
  EXPECT_THROW(q.task_done(), std::logic_error);
  q.put(2);  // The failed calls have changed nothing.
  EXPECT_EQ(q.get(), 2);
  q.task_done();
  q.join();
}

TYPED_TEST(AnyQueueTest, JoinWaitsForTheWorkNotForTheGet) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam q;
    int done = 0;
    for (int item = 0; item < 3; ++item) q.put(item);
    std::jthread worker([&] {
      for (int item = 0; item < 3; ++item) {
        static_cast<void>(q.get());
        ++done;  // Read below without a lock: join orders it.
        q.task_done();
      }
    });
    q.join();
    EXPECT_EQ(done, 3);
  }
}

TYPED_TEST(AnyQueueTest, AllWhoJoinAreReleased) {
  TypeParam q;
  q.put(1);
  std::vector<std::jthread> waiting;
  for (int i = 0; i < 3; ++i) waiting.emplace_back([&] { q.join(); });
  static_cast<void>(q.get());
  q.task_done();
}

TYPED_TEST(AnyQueueTest, FailedPutsDoNotCount) {
  TypeParam q(1);
  EXPECT_TRUE(q.try_put(1));
  EXPECT_FALSE(q.try_put(2));
  EXPECT_FALSE(q.put_for(2, 1ms));
  static_cast<void>(q.get());
  q.task_done();
  q.join();
}

// --- shutdown ---------------------------------------------------------------------------------

TYPED_TEST(AnyQueueTest, AfterShutdownPutThrows) {
  TypeParam q;
  std::stop_source stop;
  q.shutdown();
  EXPECT_TRUE(q.is_shut_down());
  EXPECT_THROW(q.put(1), queue_shut_down);
  EXPECT_THROW(q.put(1, stop.get_token()), queue_shut_down);
  EXPECT_THROW(static_cast<void>(q.try_put(1)), queue_shut_down);
  EXPECT_THROW(static_cast<void>(q.put_for(1, 1h)), queue_shut_down);
  EXPECT_THROW(static_cast<void>(q.put_for(1, 1h, stop.get_token())), queue_shut_down);
  EXPECT_TRUE(q.empty());
}

TYPED_TEST(AnyQueueTest, AfterShutdownPutOnAFullQueueThrows) {
  TypeParam q(1);
  q.put(1);
  q.shutdown();
  EXPECT_THROW(static_cast<void>(q.try_put(2)), queue_shut_down);
  EXPECT_THROW(static_cast<void>(q.put_for(2, 0ms)), queue_shut_down);
}

TYPED_TEST(AnyQueueTest, AfterShutdownGetEmptiesTheQueueThenThrows) {
  TypeParam q;
  std::stop_source stop;
  for (int i = 0; i < 5; ++i) q.put(7);
  q.shutdown();
  EXPECT_EQ(q.get(), 7);
  EXPECT_EQ(q.get(stop.get_token()), 7);
  EXPECT_EQ(q.try_get(), 7);
  EXPECT_EQ(q.get_for(1h), 7);
  EXPECT_EQ(q.get_for(1h, stop.get_token()), 7);
  EXPECT_THROW(static_cast<void>(q.get()), queue_shut_down);
  EXPECT_THROW(static_cast<void>(q.get(stop.get_token())), queue_shut_down);
  EXPECT_THROW(static_cast<void>(q.try_get()), queue_shut_down);
  EXPECT_THROW(static_cast<void>(q.get_for(1h)), queue_shut_down);
  EXPECT_THROW(static_cast<void>(q.get_for(1h, stop.get_token())), queue_shut_down);
}

TYPED_TEST(AnyQueueTest, JoinStillWaitsAfterShutdown) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam q;
    int done = 0;
    q.put(1);
    q.put(2);
    q.shutdown();
    std::jthread worker([&] {
      try {
        for (;;) {
          static_cast<void>(q.get());
          ++done;
          q.task_done();
        }
      } catch (const queue_shut_down&) {
      }
    });
    q.join();
    EXPECT_EQ(done, 2);
  }
}

TYPED_TEST(AnyQueueTest, ImmediateShutdownThrowsTheItemsAway) {
  TypeParam q;
  q.put(1);
  q.put(2);
  q.shutdown(true);
  EXPECT_TRUE(q.empty());
  EXPECT_THROW(static_cast<void>(q.get()), queue_shut_down);
  EXPECT_THROW(q.put(3), queue_shut_down);
  q.join();
  EXPECT_THROW(q.task_done(), std::logic_error);
}

TYPED_TEST(AnyQueueTest, ImmediateShutdownLeavesTheItemInWorkToItsWorker) {
  TypeParam q;
  for (int i = 0; i < 3; ++i) q.put(i);
  static_cast<void>(q.get());
  q.shutdown(true);
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_FALSE(q.join(stopped.get_token()));  // One item was got and is not done.
  q.task_done();
  EXPECT_TRUE(q.join(stopped.get_token()));
}

TYPED_TEST(AnyQueueTest, ImmediateShutdownAfterTaskDoneAheadOfItsGet) {
  TypeParam q;
  q.put(1);
  q.task_done();
  q.shutdown(true);  // Nothing is unfinished: the count must not go below zero.
  q.join();
  EXPECT_THROW(q.task_done(), std::logic_error);
}

TYPED_TEST(AnyQueueTest, ShutdownTwiceAndImmediateAfterPlain) {
  TypeParam q;
  q.put(1);
  q.shutdown();
  q.shutdown();
  EXPECT_EQ(q.size(), 1u);
  q.shutdown(true);
  EXPECT_EQ(q.size(), 0u);
  q.join();
}

TYPED_TEST(AnyQueueTest, ShutdownWakesThoseWhoWaitToGet) {
  for (const bool immediate : {false, true}) {
    for (int i = 0; i < kRepeats; ++i) {
      TypeParam q;
      std::stop_source stop;
      Attempt plain([&] { static_cast<void>(q.get()); });
      Attempt timed([&] { static_cast<void>(q.get_for(1h)); });
      Attempt stoppable([&] { static_cast<void>(q.get(stop.get_token())); });
      if (i % 2 == 1) std::this_thread::sleep_for(100us);
      q.shutdown(immediate);
      EXPECT_TRUE(plain.ended_by_shutdown());
      EXPECT_TRUE(timed.ended_by_shutdown());
      EXPECT_TRUE(stoppable.ended_by_shutdown());
    }
  }
}

TYPED_TEST(AnyQueueTest, ShutdownWakesThoseWhoWaitToPut) {
  for (const bool immediate : {false, true}) {
    for (int i = 0; i < kRepeats; ++i) {
      TypeParam q(1);
      q.put(1);
      std::stop_source stop;
      Attempt plain([&] { q.put(2); });
      Attempt timed([&] { static_cast<void>(q.put_for(2, 1h)); });
      Attempt stoppable([&] { q.put(2, stop.get_token()); });
      if (i % 2 == 1) std::this_thread::sleep_for(100us);
      q.shutdown(immediate);
      EXPECT_TRUE(plain.ended_by_shutdown());
      EXPECT_TRUE(timed.ended_by_shutdown());
      EXPECT_TRUE(stoppable.ended_by_shutdown());
      EXPECT_EQ(q.size(), immediate ? 0u : 1u);
    }
  }
}

TYPED_TEST(AnyQueueTest, ImmediateShutdownReleasesJoin) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam q;
    q.put(1);
    std::jthread waiting([&] { q.join(); });
    q.shutdown(true);
  }
}

// --- stop tokens ------------------------------------------------------------------------------

TYPED_TEST(AnyQueueTest, StopAlreadyRequested) {
  TypeParam q(1);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(q.get(stop.get_token()), std::nullopt);
  EXPECT_EQ(q.get_for(1h, stop.get_token()), std::nullopt);
  // What can be done at once is done.
  EXPECT_TRUE(q.put(1, stop.get_token()));
  EXPECT_FALSE(q.put(2, stop.get_token()));
  EXPECT_FALSE(q.put_for(2, 1h, stop.get_token()));
  EXPECT_FALSE(q.join(stop.get_token()));
  EXPECT_EQ(q.get(stop.get_token()), 1);
}

TYPED_TEST(AnyQueueTest, StopWakesThoseWhoWait) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam empty_queue;
    TypeParam full_queue(1);
    full_queue.put(1);
    {
      std::vector<std::jthread> waiting;  // Its destructor requests the stop.
      waiting.emplace_back(
          [&](const std::stop_token& stop) { EXPECT_EQ(empty_queue.get(stop), std::nullopt); });
      waiting.emplace_back([&](const std::stop_token& stop) {
        EXPECT_EQ(empty_queue.get_for(1h, stop), std::nullopt);
      });
      waiting.emplace_back(
          [&](const std::stop_token& stop) { EXPECT_FALSE(full_queue.put(2, stop)); });
      waiting.emplace_back(
          [&](const std::stop_token& stop) { EXPECT_FALSE(full_queue.put_for(2, 1h, stop)); });
      waiting.emplace_back(
          [&](const std::stop_token& stop) { EXPECT_FALSE(full_queue.join(stop)); });
      if (i % 2 == 1) std::this_thread::sleep_for(100us);
    }
    EXPECT_TRUE(empty_queue.empty());
    EXPECT_EQ(full_queue.size(), 1u);
  }
}

TYPED_TEST(AnyQueueTest, StoppableCallsSucceedWithoutAStop) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam q(1);
    std::stop_source stop;
    const auto token = stop.get_token();
    std::jthread producer([&] {
      EXPECT_TRUE(q.put(1, token));
      EXPECT_TRUE(q.put(2, token));
      EXPECT_TRUE(q.put_for(3, 1h, token));
    });
    EXPECT_EQ(q.get(token), 1);
    EXPECT_EQ(q.get_for(1h, token), 2);
    EXPECT_EQ(q.get(token), 3);
    for (int item = 0; item < 3; ++item) q.task_done();
    EXPECT_TRUE(q.join(token));
  }
}

TYPED_TEST(AnyQueueTest, ATokenWithoutASourceNeverStops) {
  TypeParam q(1);
  EXPECT_TRUE(q.put(1, std::stop_token()));
  EXPECT_EQ(q.get(std::stop_token()), 1);
  EXPECT_EQ(q.get_for(1ms, std::stop_token()), std::nullopt);
}

// A stop that comes together with the only wake-up for an item: the item must still reach the
// other waiter, or the one that was stopped.
TYPED_TEST(AnyQueueTest, AStopDoesNotSwallowAWakeUp) {
  for (int i = 0; i < kRepeats * 10; ++i) {
    TypeParam q;
    std::stop_source stop;
    std::optional<int> first;
    std::thread stoppable([&] { first = q.get(stop.get_token()); });
    std::thread stopping([&] { stop.request_stop(); });
    std::thread putting([&] { q.put(1); });
    stoppable.join();
    if (!first) {
      EXPECT_EQ(q.get(), 1);
    }
    stopping.join();
    putting.join();
    EXPECT_TRUE(q.empty());
  }
}

// The same with a timeout, and a second thread that waits without one.
TYPED_TEST(AnyQueueTest, ATimeoutDoesNotSwallowAWakeUp) {
  for (int i = 0; i < kRepeats; ++i) {
    TypeParam q;
    std::atomic<int> got = 0;
    std::thread patient([&] { got += q.get(); });
    std::thread hasty([&] {
      if (const auto item = q.get_for(std::chrono::microseconds(i * 10))) {
        got += *item;
        q.put(100);  // So that the patient one gets something.
      } else {
        got += 99;
      }
    });
    std::this_thread::sleep_for(std::chrono::microseconds(i * 10));
    q.put(1);
    patient.join();
    hasty.join();
    EXPECT_TRUE(got == 101 || got == 100) << got;
  }
}

// --- exceptions of the items --------------------------------------------------------------------

// Throws where it is told to, and counts how many live.
struct Fragile {
  static inline int throw_in_move = 0;  // The n-th move from now throws; 0: none.
  static inline bool throw_in_copy = false;
  static inline int throw_in_less = 0;
  static inline int alive = 0;

  explicit Fragile(int v) : value(v) { ++alive; }
  Fragile(const Fragile& other) : value(other.value) {
    if (throw_in_copy) throw std::runtime_error("copy");
    ++alive;
  }
  Fragile(Fragile&& other) : value(other.value) {  // NOLINT: that it may throw is the point
    if (throw_in_move > 0 && --throw_in_move == 0) throw std::runtime_error("move");
    ++alive;
    other.value = -1;
  }
  Fragile& operator=(const Fragile&) = delete;
  Fragile& operator=(Fragile&&) = delete;
  ~Fragile() { --alive; }
  friend bool operator<(const Fragile& a, const Fragile& b) {
    if (throw_in_less > 0 && --throw_in_less == 0) throw std::runtime_error("less");
    return a.value < b.value;
  }
  int value;
};

template <class Queue>
class FragileTest : public testing::Test {
 protected:
  void SetUp() override {
    Fragile::throw_in_move = Fragile::throw_in_less = Fragile::alive = 0;
    Fragile::throw_in_copy = false;
  }
  // Items 1 to `count`, in any order, each once; then none; and join does not wait.
  static void expect_intact(Queue& q, int count) {
    int sum = 0;
    for (int i = 0; i < count; ++i) {
      const auto item = q.try_get();
      ASSERT_TRUE(item.has_value());
      sum += item->value;
      q.task_done();
    }
    EXPECT_EQ(sum, count * (count + 1) / 2);
    EXPECT_FALSE(q.try_get().has_value());
    EXPECT_THROW(q.task_done(), std::logic_error);
    EXPECT_EQ(Fragile::alive, 0);
    q.join();
  }
};
using FragileKinds = testing::Types<queue<Fragile>, lifo_queue<Fragile>, priority_queue<Fragile>>;
TYPED_TEST_SUITE(FragileTest, FragileKinds);

TYPED_TEST(FragileTest, PutWhoseCopyThrows) {
  TypeParam q(3);
  q.put(Fragile(1));
  {
    const Fragile two(2);
    Fragile::throw_in_copy = true;
    EXPECT_THROW(q.put(two), std::runtime_error);
    EXPECT_THROW(static_cast<void>(q.try_put(two)), std::runtime_error);
    Fragile::throw_in_copy = false;
    EXPECT_EQ(q.size(), 1u);
    q.put(two);
  }
  this->expect_intact(q, 2);
}

TYPED_TEST(FragileTest, PutWhoseMoveThrows) {
  TypeParam q;
  q.put(Fragile(1));
  Fragile::throw_in_move = 1;
  EXPECT_THROW(q.put(Fragile(2)), std::runtime_error);
  EXPECT_EQ(q.size(), 1u);
  this->expect_intact(q, 1);
}

TYPED_TEST(FragileTest, GetWhoseMoveThrowsKeepsTheItem) {
  TypeParam q;
  q.put(Fragile(1));
  q.put(Fragile(2));
  const auto fails_once = [&](auto get) {
    Fragile::throw_in_move = 1;
    EXPECT_THROW(static_cast<void>(get()), std::runtime_error);
    EXPECT_EQ(q.size(), 2u);
  };
  fails_once([&] { return q.get(); });
  fails_once([&] { return q.try_get(); });
  fails_once([&] { return q.get_for(1h); });
  fails_once([&] { return q.get(std::stop_token()); });
  fails_once([&] { return q.get_for(1h, std::stop_token()); });
  this->expect_intact(q, 2);
}

// No second move after the item has left the queue: it could throw, and the item be gone.
TYPED_TEST(FragileTest, GetMovesOnce) {
  TypeParam q;
  for (int i = 1; i <= 3; ++i) q.put(Fragile(i));
  Fragile::throw_in_move = 4;  // Three gets, three moves.
  const Fragile a = q.get();
  const auto b = q.try_get();
  const auto c = q.get_for(1h, std::stop_token());
  EXPECT_EQ(Fragile::throw_in_move, 1);
  EXPECT_EQ(a.value + b->value + c->value, 6);
}

TYPED_TEST(FragileTest, DestructionAndImmediateShutdownDestroyTheItems) {
  {
    TypeParam q;
    for (int i = 1; i <= 3; ++i) q.put(Fragile(i));
    EXPECT_EQ(Fragile::alive, 3);
    q.shutdown(true);
    EXPECT_EQ(Fragile::alive, 0);
  }
  {
    TypeParam q;
    q.put(Fragile(1));
  }
  EXPECT_EQ(Fragile::alive, 0);
}

using FragilePriorityTest = FragileTest<priority_queue<Fragile>>;

TEST_F(FragilePriorityTest, PutWhoseComparisonThrows) {
  priority_queue<Fragile> q;
  for (const int i : {4, 2, 6, 1, 5, 3, 7}) q.put(Fragile(i));
  for (int nth = 1; nth <= 2; ++nth) {
    Fragile::throw_in_less = nth;
    EXPECT_THROW(q.put(Fragile(8)), std::runtime_error);
    EXPECT_EQ(q.size(), 7u);
  }
  for (int i = 1; i <= 7; ++i) {
    EXPECT_EQ(q.get().value, i);
    q.task_done();
  }
  expect_intact(q, 0);
}

// A get that was woken for an item and fails must wake the next one: the item is still there.
TEST(QueueTest, AGetThatThrowsPassesItsWakeUpOn) {
  struct ThrowsOnce {
    std::atomic<int>* moves;  // Into the queue; out of it, which throws; out of it again.
    explicit ThrowsOnce(std::atomic<int>* m) : moves(m) {}
    ThrowsOnce(ThrowsOnce&& other) : moves(other.moves) {  // NOLINT: that it may throw is the point
      if (++*moves == 2) throw std::runtime_error("move");
    }
  };
  for (int i = 0; i < kRepeats; ++i) {
    queue<ThrowsOnce> q;
    std::atomic<int> moves = 0;
    std::atomic<int> failed = 0;
    std::atomic<int> got = 0;
    {
      std::vector<std::jthread> consumers;
      for (int c = 0; c < 2; ++c) {
        consumers.emplace_back([&] {
          try {
            static_cast<void>(q.get());
            ++got;
          } catch (const std::runtime_error&) {
            ++failed;
          }
        });
      }
      if (i % 2 == 1) std::this_thread::sleep_for(200us);
      q.put(ThrowsOnce(&moves));
    }
    EXPECT_EQ(failed, 1);
    EXPECT_EQ(got, 1);
  }
}

// --- many threads -------------------------------------------------------------------------------

TYPED_TEST(AnyQueueTest, ManyProducersManyConsumers) {
  constexpr int kProducers = 4;
  constexpr int kConsumers = 3;
  constexpr int kItems = 500;
  TypeParam q(5);
  std::vector<std::vector<int>> got(kConsumers);
  {
    std::vector<std::jthread> consumers;
    for (int c = 0; c < kConsumers; ++c) {
      consumers.emplace_back([&, c] {
        try {
          for (;;) {
            got[static_cast<std::size_t>(c)].push_back(q.get());
            q.task_done();
          }
        } catch (const queue_shut_down&) {
        }
      });
    }
    {
      std::vector<std::jthread> producers;
      for (int p = 0; p < kProducers; ++p) {
        producers.emplace_back([&, p] {
          for (int i = 0; i < kItems; ++i) q.put(p * kItems + i);
        });
      }
    }
    q.join();
    EXPECT_TRUE(q.empty());
    q.shutdown();
  }
  std::vector<int> times_seen(kProducers * kItems);
  for (const auto& items : got) {
    for (const int item : items) ++times_seen[static_cast<std::size_t>(item)];
  }
  EXPECT_EQ(times_seen, std::vector<int>(kProducers * kItems, 1));
}

TEST(QueueTest, OneConsumerSeesEachProducersOrder) {
  queue<std::pair<int, int>> q(3);
  std::vector<std::jthread> producers;
  for (int p = 0; p < 3; ++p) {
    producers.emplace_back([&, p] {
      for (int i = 0; i < 200; ++i) q.put({p, i});
    });
  }
  std::vector<int> next(3);
  for (int i = 0; i < 600; ++i) {
    const auto [producer, item] = q.get();
    EXPECT_EQ(item, next[static_cast<std::size_t>(producer)]++);
  }
}

// Every kind of call at once, with stops and timeouts in between; what was put is got, once.
TYPED_TEST(AnyQueueTest, NothingIsLostInAMixture) {
  constexpr int kThreads = 3;
  constexpr int kItems = 300;
  TypeParam q(2);
  std::atomic<long> put_sum = 0;
  std::atomic<long> got_sum = 0;
  std::stop_source stop;
  std::vector<std::jthread> consumers;
  for (int c = 0; c < kThreads; ++c) {
    consumers.emplace_back([&, c] {
      try {
        for (int i = c;; ++i) {
          std::optional<int> item;
          switch (i % 4) {
            case 0: item = q.get(); break;
            case 1: item = q.get(stop.get_token()); break;
            case 2: item = q.get_for(10us); break;
            default: item = q.try_get(); break;
          }
          if (!item) continue;
          got_sum += *item;
          q.task_done();
        }
      } catch (const queue_shut_down&) {
      }
    });
  }
  {
    std::vector<std::jthread> producers;
    for (int p = 0; p < kThreads; ++p) {
      producers.emplace_back([&, p] {
        for (int i = 1; i <= kItems; ++i) {
          bool done = true;
          switch ((i + p) % 4) {
            case 0: q.put(i); break;
            case 1: done = q.put(i, stop.get_token()); break;
            case 2: done = q.put_for(i, 10us); break;
            default: done = q.try_put(i); break;
          }
          if (done) put_sum += i;
          if (p == 0 && i == kItems / 2) stop.request_stop();
        }
      });
    }
  }
  q.join();
  EXPECT_EQ(put_sum, got_sum);
  q.shutdown();
}

}  // namespace

// Every member, for items that can be copied and for items that cannot.
template class trama::queue<int>;
template class trama::lifo_queue<std::string>;
template class trama::priority_queue<int>;
template class trama::basic_queue<int, trama::queue_detail::fifo_items<int>>;
#ifndef __clang__  // Clang 14 instantiates even the members whose constraints are not met.
template class trama::basic_queue<std::unique_ptr<int>,
                                  trama::queue_detail::fifo_items<std::unique_ptr<int>>>;
#endif
