// trama::queue under many interleavings: what unit tests cannot force, a schedule can.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>
#include <trama/check.hpp>
#include <trama/queue.hpp>
#include <vector>

namespace {

using namespace std::chrono_literals;

trama::check_options few() {
  trama::check_options options;
  options.executions = 3000;
  options.output.clear();
  return options;
}

TEST(CheckQueue, ABoundedQueueHandsEverythingOver) {
  const auto result = trama::check(
      [] {
        trama::queue<int> queue(1);
        int sum = 0;
        std::thread producer([&] {
          for (int i = 1; i <= 3; ++i) queue.put(i);
        });
        std::thread consumer([&] {
          for (int i = 0; i < 3; ++i) {
            sum += queue.get();
            queue.task_done();
          }
        });
        producer.join();
        queue.join();
        consumer.join();
        trama::expect(sum == 6, "sum == 6");
      },
      few());
  EXPECT_TRUE(result.ok()) << result;
}

TEST(CheckQueue, TwoConsumersShareWithoutLoss) {
  const auto result = trama::check(
      [] {
        trama::queue<int> queue;
        std::vector<int> got(2, 0);
        const auto consume = [&](std::size_t slot) {
          try {
            for (;;) got[slot] += queue.get();
          } catch (const trama::queue_shut_down&) {
          }
        };
        std::thread a(consume, 0U);
        std::thread b(consume, 1U);
        queue.put(1);
        queue.put(2);
        queue.put(4);
        queue.shutdown();
        a.join();
        b.join();
        trama::expect(got[0] + got[1] == 7, "nothing is lost");
      },
      few());
  EXPECT_TRUE(result.ok()) << result;
}

TEST(CheckQueue, ShutdownWakesWhoeverWaits) {
  const auto result = trama::check(
      [] {
        trama::queue<int> full(1);
        full.put(1);
        int refused = 0;
        std::thread putter([&] {
          try {
            full.put(2);
          } catch (const trama::queue_shut_down&) {
            ++refused;
          }
        });
        full.shutdown(true);
        putter.join();
        trama::expect(refused == 1, "the blocked put is refused");
        full.join();  // drained items count as done
      },
      few());
  EXPECT_TRUE(result.ok()) << result;
}

TEST(CheckQueue, ATimedGetSeesAnItemOrTheTimeout) {
  const auto result = trama::check(
      [] {
        trama::queue<int> queue;
        std::optional<int> got;
        std::thread consumer([&] { got = queue.get_for(10ms); });
        std::thread producer([&] { queue.put(5); });
        consumer.join();
        producer.join();
        trama::expect(got.has_value() ? queue.empty() : queue.size() == 1,
                      "the item is in one place");
      },
      few());
  EXPECT_TRUE(result.ok()) << result;
}

TEST(CheckQueue, AStopEndsAWait) {
  const auto result = trama::check(
      [] {
        trama::queue<int> queue;
        bool stopped = false;
        {
          std::jthread consumer(
              [&](std::stop_token token) { stopped = !queue.get(token).has_value(); });
        }  // asks it to stop, and joins
        trama::expect(stopped, "the wait ended by the stop");
      },
      few());
  EXPECT_TRUE(result.ok()) << result;
}

}  // namespace
