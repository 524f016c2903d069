// A task throws; gather, main_task and run hand the exception on, and main has no catch. The report
// names the task that threw, and what it said.
#include <cstdio>
#include <stdexcept>
#include <trama/aio.hpp>

namespace aio = trama::aio;
using namespace std::chrono_literals;

namespace {

aio::task<int> balance(int account) {
  co_await aio::sleep(1ms);  // @await
  if (account == 2) {
    throw std::runtime_error(
        "the bank said: there is no such account in any of the books of this branch");
  }
  co_return account * 100;
}

aio::task<> main_task() {
  std::puts("begin");
  const auto [one, two] = co_await aio::gather(balance(1), balance(2));
  std::printf("%d\n", one + two);
}

}  // namespace

int main() { aio::run(main_task()); }
// Expected: UNCAUGHT
//   report: task balance#2 threw, after it had awaited sleep
//   report: no such account in any of the books of this branch
//   report: ▸         │                   │          │ throws
//   report: @await
