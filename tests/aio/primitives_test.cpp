// Locks, events, conditions, semaphores and queues between tasks.
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
using testing::ElementsAre;

TEST(Lock, FirstComeFirstServed) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    aio::lock lock;
    std::vector<int> order;
    int inside = 0;
    const auto enter = [&](int who) -> aio::task<> {
      const auto guard = co_await lock.scoped();
      EXPECT_EQ(++inside, 1);
      co_await aio::sleep(0s);
      order.push_back(who);
      --inside;
    };
    co_await aio::gather(enter(1), enter(2), enter(3));
    EXPECT_THAT(order, ElementsAre(1, 2, 3));
    EXPECT_FALSE(lock.locked());
    EXPECT_THROW(lock.release(), std::logic_error);
  });
}

TEST(Lock, NobodyOvertakesTheOneItWasGivenTo) {
  aio::run([]() -> aio::task<> {
    aio::lock lock;
    co_await lock.acquire();
    bool has_waited = false;
    auto waiter = aio::create_task([&]() -> aio::task<> {
      const auto guard = co_await lock.scoped();
      has_waited = true;
    });
    co_await aio::sleep(0s);
    lock.release();
    EXPECT_TRUE(lock.locked());
    co_await lock.acquire();
    EXPECT_TRUE(has_waited);
    lock.release();
    co_await waiter;
  });
}

TEST(Event, WakesAllAndStaysSet) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    aio::event event;
    int woken = 0;
    const auto wait = [&]() -> aio::task<> {
      co_await event.wait();
      ++woken;
    };
    auto first = aio::create_task(wait());
    auto second = aio::create_task(wait());
    co_await aio::sleep(0s);
    EXPECT_EQ(woken, 0);
    event.set();
    EXPECT_EQ(woken, 0);  // nobody runs inside of set()
    co_await first;
    co_await second;
    co_await event.wait();
    event.clear();
    EXPECT_FALSE(event.is_set());
    EXPECT_EQ(woken, 2);
  });
}

TEST(Semaphore, LetsSoManyIn) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    aio::semaphore two(2);
    int inside = 0;
    int most = 0;
    const auto enter = [&]() -> aio::task<> {
      const auto guard = co_await two.scoped();
      most = std::max(most, ++inside);
      co_await aio::sleep(1ms);
      --inside;
    };
    std::vector<aio::task<>> all;
    for (int i = 0; i < 7; ++i) all.push_back(enter());
    co_await aio::gather(std::move(all));
    EXPECT_EQ(most, 2);
    EXPECT_EQ(two.value(), 2U);
  });
}

TEST(Condition, NotifiesSoMany) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    aio::condition changed;
    EXPECT_THROW(changed.notify(), std::logic_error);
    EXPECT_THROW(co_await changed.wait(), std::logic_error);
    int woken = 0;
    const auto wait = [&]() -> aio::task<> {
      const auto guard = co_await changed.scoped();
      co_await changed.wait();
      EXPECT_TRUE(changed.locked());
      ++woken;
    };
    std::vector<aio::handle<void>> all;
    for (int i = 0; i < 3; ++i) all.push_back(aio::create_task(wait()));
    co_await aio::sleep(1ms);
    {
      const auto guard = co_await changed.scoped();
      changed.notify(2);
    }
    co_await aio::sleep(1ms);
    EXPECT_EQ(woken, 2);
    // A notification that its receiver cannot use goes to another one.
    all.push_back(aio::create_task(wait()));
    co_await aio::sleep(1ms);
    {
      const auto guard = co_await changed.scoped();
      changed.notify();
    }
    all[2].cancel();
    co_await all[3];
    EXPECT_EQ(woken, 3);
    co_await aio::wait(all);
    EXPECT_TRUE(all[2].cancelled());
  });
}

TEST(Queue, HandsItemsOnInOrder) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    aio::queue<std::unique_ptr<int>> queue(2);
    const auto produce = [&]() -> aio::task<> {
      for (int i = 0; i < 50; ++i) co_await queue.put(std::make_unique<int>(i));
      co_await queue.join();
      queue.close();
    };
    auto producer = aio::create_task(produce());
    int expected = 0;
    try {
      for (;;) {
        EXPECT_EQ(*co_await queue.get(), expected++);
        EXPECT_LE(queue.size(), 2U);
        queue.task_done();
      }
    } catch (const aio::queue_closed&) {
    }
    EXPECT_EQ(expected, 50);
    co_await producer;
    EXPECT_THROW(queue.task_done(), std::logic_error);
  });
}

TEST(Queue, FullAndEmptyAreValues) {
  aio::run([]() -> aio::task<> {
    aio::queue<std::string> queue(1);
    EXPECT_EQ(queue.get_nowait(), std::nullopt);
    EXPECT_TRUE(queue.put_nowait("a"));
    std::string kept = "b";
    EXPECT_FALSE(queue.put_nowait(std::move(kept)));
    EXPECT_EQ(kept, "b");
    EXPECT_TRUE(queue.full());
    auto putter = aio::create_task(queue.put("c"));
    co_await aio::sleep(0s);
    queue.close();
    EXPECT_THROW(co_await putter, aio::queue_closed);
    EXPECT_EQ(co_await queue.get(), "a");
    EXPECT_THROW(co_await queue.get(), aio::queue_closed);
    EXPECT_THROW((void)queue.get_nowait(), aio::queue_closed);
    EXPECT_THROW((void)queue.put_nowait("d"), aio::queue_closed);
  });
}

}  // namespace
