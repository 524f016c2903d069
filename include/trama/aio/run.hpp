// run: the door from main() into the world of tasks.
#pragma once

#include <stdexcept>
#include <trama/aio/create_task.hpp>
#include <utility>

namespace trama::aio {

/// Runs `main` in a loop of this thread until it is done; its result, or its exception. Then the
/// tasks that are left are cancelled and awaited, as are threads of to_thread.
/// std::logic_error where a loop runs already. Objects of Asio made inside must not outlive it.
/// Python: `asyncio.run(main())`.
template <detail::task_like A>
detail::task_value_t<A> run(A main) {
  detail::loop*& running = detail::loop::running();
  if (running != nullptr) {
    throw std::logic_error("trama::aio: run() inside of run(): use co_await or create_task");
  }
  detail::loop here;
  struct leave {
    detail::loop*& running;
    ~leave() { running = nullptr; }
  } const leave{running};
  running = &here;
  const auto state = detail::start(here, detail::to_task(std::move(main)), "main");
  here.run_until_done(*state);
  here.run_to_the_end();
  state->throw_if_failed();
  return state->slot().take();
}

}  // namespace trama::aio
