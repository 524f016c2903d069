// What the engine is told: the hooks of trama/detail/task_hooks.hpp, played by hooks_played.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <trama/aio.hpp>
#include <vector>

#include "hooks_played.hpp"

namespace {

using aio_test::forgotten_frame;
using aio_test::is_listening;
using aio_test::told;
namespace aio = trama::aio;
using namespace std::chrono_literals;
using testing::ElementsAre;

aio::task<> nothing() { co_return; }
aio::task<> waits(aio::event* gate) { co_await gate->wait(); }

void listen(aio::task<> (*function)()) {
  is_listening = true;
  told.clear();
  aio::run(function());
  is_listening = false;
}

TEST(Hooks, TellTheLifeOfATask) {
  listen(+[]() -> aio::task<> {
    aio::event gate;
    auto other = aio::create_task(waits(&gate), "other");
    other.set_name("renamed");
    co_await aio::sleep(0s);
    gate.set();
    co_await other;
  });
  EXPECT_THAT(told, ElementsAre("created main", "resumed", "created other", "named renamed",
                                "suspended sleep", "resumed", "suspended event", "resumed",
                                "suspended task", "resumed", "finished", "resumed", "finished"));
}

TEST(Hooks, NameOperationsNotTheirParts) {
  listen(+[]() -> aio::task<> {
    aio::condition changed;
    const auto guard = co_await changed.scoped();
    try {
      co_await aio::timeout(1ms, changed.wait());
    } catch (const aio::timeout_error&) {
    }
  });
  EXPECT_THAT(told,
              ElementsAre("created main", "resumed", "suspended condition", "resumed", "finished"));
}

TEST(Hooks, TellOfForgottenCoroutines) {
  listen(+[]() -> aio::task<> {
    (void)nothing();
    co_await nothing();
  });
  EXPECT_THAT(told, ElementsAre("created main", "resumed", "forgotten", "finished"));
  EXPECT_NE(forgotten_frame, nullptr);
}

}  // namespace
