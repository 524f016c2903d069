// Each of two coroutines awaits what the other would do next. What they await is made as Asio's own
// examples make it: of a timer that is set for the end of all days, so that there is always
// something that time will end.
#include <chrono>

#include "asio.hpp"

namespace {

class Event {
 public:
  explicit Event(net::io_context& io) : timer_(io, net::steady_timer::time_point::max()) {}

  net::awaitable<void> wait() {
    while (!set_) {
      error_code ignored;
      co_await timer_.async_wait(net::redirect_error(net::use_awaitable, ignored));  // @wait
    }
  }
  void set() {
    set_ = true;
    timer_.cancel();
  }

 private:
  net::steady_timer timer_;
  bool set_ = false;
};

net::awaitable<void> boil(Event& pasta, Event& sauce) {
  co_await sauce.wait();  // @boil
  pasta.set();
}

net::awaitable<void> fry(Event& pasta, Event& sauce) {
  co_await pasta.wait();  // @fry
  sauce.set();
}

}  // namespace

int main() {
  net::io_context io(1);
  Event pasta(io);
  Event sauce(io);
  net::co_spawn(io, boil(pasta, sauce), net::detached);
  net::co_spawn(io, fry(pasta, sauce), net::detached);
  io.run();
}

// Expected: DEADLOCK
//   report: @wait
//   report: @boil
//   report: @fry
//   report: task boil awaits
//   report: task fry awaits
