// A task blocks its whole loop in a mutex that a thread holds, which waits for another task.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "../task_loop.hpp"

namespace {

std::mutex g_gate;
std::mutex g_flag_lock;
std::condition_variable g_flag_set;
bool g_held = false;
bool g_flag = false;

loop::Task enter() {
  const std::lock_guard inside(g_gate);  // @blocks
  co_return;
}

loop::Task release() {
  const std::lock_guard guard(g_flag_lock);
  g_flag = true;
  g_flag_set.notify_one();
  co_return;
}

void hold() {
  const std::lock_guard inside(g_gate);
  std::unique_lock lock(g_flag_lock);
  g_held = true;
  g_flag_set.notify_all();
  g_flag_set.wait(lock, [] { return g_flag; });
}

}  // namespace

int main() {
  std::thread holder(hold);
  {
    std::unique_lock lock(g_flag_lock);
    g_flag_set.wait(lock, [] { return g_held; });
  }
  loop::Loop loop;
  const loop::Task one = enter();
  const loop::Task two = release();
  loop::Entry first;
  loop::Entry second;
  loop.start(first, one, "visitor");
  loop.start(second, two, "porter");
  const loop::Task* both[] = {&one, &two};
  loop.run(both, 2);
  holder.join();
  return 0;
}

// Expected: DEADLOCK
//   report: visitor (main) waits for g_gate, which T1 holds
//   report: task porter has not begun
//   report: @blocks
