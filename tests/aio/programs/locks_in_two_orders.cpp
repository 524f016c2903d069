// Two tasks take two locks in two orders, and await between: each holds what the other one wants.
#include <trama/aio.hpp>

namespace aio = trama::aio;
using namespace std::chrono_literals;

namespace {

aio::lock g_accounts;
aio::lock g_journal;

aio::task<> book(aio::lock* first, aio::lock* second) {
  const auto one = co_await first->scoped();
  co_await aio::sleep(0s);
  const auto two = co_await second->scoped();  // @second
}

aio::task<> main_task() {
  auto deposit = aio::create_task(book(&g_accounts, &g_journal), "deposit");
  auto audit = aio::create_task(book(&g_journal, &g_accounts), "audit");
  co_await deposit;
  co_await audit;
}

}  // namespace

int main() { aio::run(main_task()); }
// Expected: DEADLOCK
//   report: task deposit awaits g_journal, which task audit holds
//   report: task audit awaits g_accounts, which task deposit holds
//   report: each task holds the lock that the next one awaits
//   report: @second
