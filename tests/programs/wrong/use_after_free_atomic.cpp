// The last one out frees the state, but "last" is decided too early: in some orders a thread still
// counts itself out of memory that is gone.
#include <atomic>
#include <thread>

struct State {
  std::atomic<int> done{0};
};

int main() {
  auto* state = new State;
  std::thread worker([state] {
    state->done.store(1);
    state->done.fetch_add(1);  // @use
  });
  while (state->done.load() == 0) std::this_thread::yield();
  delete state;  // @free
  worker.join();
}
// Expected: USE-AFTER-FREE or RACE, USE-AFTER-FREE
//   report: @free
//   report: @use
