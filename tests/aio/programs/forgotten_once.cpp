// A coroutine is forgotten together with the one that was to await it: one mistake, told once.
#include <trama/aio.hpp>

namespace aio = trama::aio;
using namespace std::chrono_literals;

namespace {

aio::task<int> work() { co_return 1; }

aio::task<> main_task() {
  (void)aio::timeout(1s, work());  // @forgotten
  co_return;
}

}  // namespace

int main() { aio::run(main_task()); }
// Expected: FORGOTTEN
//   report: @forgotten
//   report: timeout never ran
