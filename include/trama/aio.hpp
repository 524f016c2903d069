// trama/aio.hpp: Python's asyncio for C++20, on Boost.Asio.
//
//   using namespace std::chrono_literals;
//   namespace aio = trama::aio;
//
//   aio::task<int> answer(int x) {
//     co_await aio::sleep(100ms);
//     co_return 6 * x;
//   }
//   aio::task<> main_task() {
//     auto [a, b] = co_await aio::gather(answer(7), answer(8));  // both at the same time
//     std::printf("%d %d\n", a, b);
//   }
//   int main() { aio::run(main_task()); }
//
// Each file of trama/aio/ may be included alone; docs/manual/aio.md has the table of names.
#pragma once

#include <trama/aio/as_completed.hpp>
#include <trama/aio/condition.hpp>
#include <trama/aio/create_task.hpp>
#include <trama/aio/errors.hpp>
#include <trama/aio/event.hpp>
#include <trama/aio/file.hpp>
#include <trama/aio/gather.hpp>
#include <trama/aio/lock.hpp>
#include <trama/aio/queue.hpp>
#include <trama/aio/run.hpp>
#include <trama/aio/semaphore.hpp>
#include <trama/aio/server.hpp>
#include <trama/aio/shield.hpp>
#include <trama/aio/sleep.hpp>
#include <trama/aio/stream.hpp>
#include <trama/aio/task.hpp>
#include <trama/aio/task_group.hpp>
#include <trama/aio/timeout.hpp>
#include <trama/aio/to_thread.hpp>
#include <trama/aio/use_task.hpp>
#include <trama/aio/wait.hpp>
