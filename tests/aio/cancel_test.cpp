// Cancellation: each operation at each of its awaits, and nothing is left behind.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <latch>
#include <memory>
#include <string>
#include <trama/aio.hpp>
#include <utility>
#include <vector>

#include "leaks.hpp"

namespace {

namespace aio = trama::aio;
using namespace std::chrono_literals;

aio::task<> sleeps() { co_await aio::sleep(1h); }
aio::task<> locks() {
  aio::lock taken;
  co_await taken.acquire();
  co_await taken.acquire();
}
aio::task<> waits_for_event() {
  aio::event never;
  co_await never.wait();
}
aio::task<> takes_semaphore() {
  aio::semaphore none(0);
  auto guard = co_await none.scoped();
}
aio::task<> waits_for_condition() {
  aio::condition never;
  auto guard = co_await never.scoped();
  try {
    co_await never.wait();
  } catch (...) {
    EXPECT_TRUE(never.locked());
    throw;
  }
}
aio::task<> gets() {
  aio::queue<std::string> empty;
  (void)co_await empty.get();
}
aio::task<> puts() {
  aio::queue<std::string> full(1);
  co_await full.put("one");
  co_await full.put("two");
}
aio::task<> joins() {
  aio::queue<int> unfinished;
  co_await unfinished.put(1);
  co_await unfinished.join();
}
aio::task<> awaits_task() { co_await aio::create_task(sleeps()); }
aio::task<> gathers() { co_await aio::gather(sleeps(), sleeps()); }
aio::task<> joins_group() {
  aio::task_group group;
  group.create_task(sleeps());
  group.create_task(sleeps());
  co_await group.join();
}
aio::task<> waits_for_tasks() {
  std::vector<aio::handle<void>> all{aio::create_task(sleeps()), aio::create_task(sleeps())};
  co_await aio::wait(all, aio::first_completed, 1h);
}
aio::task<> takes_as_completed() {
  std::vector<aio::task<>> all;
  all.push_back(sleeps());
  all.push_back(sleeps());
  for (auto next : aio::as_completed(std::move(all))) co_await next;
}
aio::task<> shields() { co_await aio::shield(sleeps()); }
aio::task<> times_out() { co_await aio::timeout(1h, sleeps()); }
aio::task<> calls_thread() {
  // The thread goes on after the cancellation: the latch is its own.
  const auto gate = std::make_shared<std::latch>(1);
  struct open {
    ~open() { gate.count_down(); }
    std::latch& gate;
  } const at_end{*gate};
  auto blocked = [gate] { gate->wait(); };
  co_await aio::to_thread(std::move(blocked));
}
aio::task<> silent(aio::stream peer) {
  co_await aio::sleep(1h);
  peer.close();
}
aio::task<> accepts() {
  auto server = co_await aio::start_server(silent, "127.0.0.1", 0);
  co_await server.serve_forever();
}
template <class Operation>
aio::task<> with_connection(Operation operation) {
  auto server = co_await aio::start_server(silent, "127.0.0.1", 0);
  auto stream = co_await aio::open_connection("127.0.0.1", server.port());
  co_await operation(stream);
}
aio::task<> reads() {
  co_await with_connection([](aio::stream& s) { return s.read(); });
}
aio::task<> reads_exactly() {
  co_await with_connection([](aio::stream& s) { return s.read_exactly(3); });
}
aio::task<> reads_line() {
  co_await with_connection([](aio::stream& s) { return s.read_line(); });
}
aio::task<> reads_until() {
  co_await with_connection([](aio::stream& s) { return s.read_until("end"); });
}
aio::task<> writes() {
  co_await with_connection([](aio::stream& s) { return s.write(std::string(64 << 20, 'x')); });
}
aio::task<> closes_server() {
  auto server = co_await aio::start_server(silent, "127.0.0.1", 0);
  auto stream = co_await aio::open_connection("127.0.0.1", server.port());
  co_await aio::sleep(1ms);  // the connection is accepted
  server.close();
  co_await server.wait_closed();
}
aio::task<> uses_file() {
  char path[] = "/tmp/trama-aio-XXXXXX";
  const int fd = ::mkstemp(path);
  ::close(fd);
  ::unlink(path);
  struct remove {
    ~remove() { ::unlink(path); }
    const char* path;
  } const at_end{path};
  auto file = co_await aio::open_file(path, "x+");
  co_await file.write("one\ntwo\n");
  co_await file.close();
  auto again = co_await aio::open_file(path);
  EXPECT_EQ(co_await again.read_line(), "one\n");
  EXPECT_EQ((co_await again.lines()).size(), 1U);
  co_await aio::sleep(1h);
}

struct Operation {
  const char* name;
  aio::task<> (*run)();
};

class Cancel : public testing::TestWithParam<Operation> {};

aio::task<> (*operation)();
int turns;

// The operation is cancelled after so many turns of the loop: in every state between "not started"
// and "waits for good".
aio::task<> cancelled_after_turns() {
  auto task = aio::create_task(operation());
  for (int i = 0; i < turns; ++i) co_await aio::sleep(0s);
  task.cancel();
  try {
    co_await task;
    ADD_FAILURE() << "not cancelled after " << turns << " turns";
  } catch (const aio::cancelled&) {
  }
}

aio::task<> cancelled_after_time() {
  EXPECT_THROW(co_await aio::timeout(20ms, operation()), aio::timeout_error);
}

TEST_P(Cancel, AtEachTurn) {
  operation = GetParam().run;
  for (turns = 0; turns < 12; ++turns) aio_test::run_without_leaks(cancelled_after_turns);
}

TEST_P(Cancel, WhenItWaitsForGood) {
  operation = GetParam().run;
  aio_test::run_without_leaks(cancelled_after_time);
}

INSTANTIATE_TEST_SUITE_P(
    Operations, Cancel,
    testing::Values(Operation{"sleep", sleeps}, Operation{"lock", locks},
                    Operation{"event", waits_for_event}, Operation{"semaphore", takes_semaphore},
                    Operation{"condition", waits_for_condition}, Operation{"get", gets},
                    Operation{"put", puts}, Operation{"join", joins},
                    Operation{"task", awaits_task}, Operation{"gather", gathers},
                    Operation{"task_group", joins_group}, Operation{"wait", waits_for_tasks},
                    Operation{"as_completed", takes_as_completed}, Operation{"shield", shields},
                    Operation{"timeout", times_out}, Operation{"to_thread", calls_thread},
                    Operation{"accept", accepts}, Operation{"read", reads},
                    Operation{"read_exactly", reads_exactly}, Operation{"read_line", reads_line},
                    Operation{"read_until", reads_until}, Operation{"write", writes},
                    Operation{"wait_closed", closes_server}, Operation{"file", uses_file}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(Cancel, IsDeliveredOnce) {
  aio::run([]() -> aio::task<> {
    auto stubborn = aio::create_task([]() -> aio::task<int> {
      try {
        co_await aio::sleep(1h);
      } catch (const aio::cancelled&) {
      }
      co_await aio::sleep(1ms);
      co_return 1;
    });
    co_await aio::sleep(0s);
    stubborn.cancel();
    EXPECT_EQ(co_await stubborn, 1);
  });
}

TEST(Cancel, LosesNoItem) {
  aio::run([]() -> aio::task<> {
    aio::queue<int> queue;
    auto getter = aio::create_task(queue.get());
    co_await aio::sleep(0s);
    co_await queue.put(1);  // handed over, and the getter has not run
    getter.cancel();
    EXPECT_THROW(co_await getter, aio::cancelled);
    EXPECT_EQ(co_await queue.get(), 1);
  });
}

TEST(Cancel, PassesTheLockOn) {
  aio::run([]() -> aio::task<> {
    aio::lock lock;
    co_await lock.acquire();
    const auto holds = [&lock]() -> aio::task<> { const auto guard = co_await lock.scoped(); };
    auto first = aio::create_task(holds());
    auto second = aio::create_task(holds());
    co_await aio::sleep(0s);
    lock.release();
    first.cancel();
    EXPECT_THROW(co_await first, aio::cancelled);
    co_await second;
    EXPECT_FALSE(lock.locked());
  });
}

}  // namespace
