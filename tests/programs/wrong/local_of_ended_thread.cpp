// A future for the address of a local: by the time it is got, the thread that had it is gone.
#include <future>
#include <thread>

struct Result {
  int value = 0;
};

void compute(std::promise<Result*> promise) {
  Result result;
  result.value = 6;
  promise.set_value_at_thread_exit(&result);
}

int main() {
  std::promise<Result*> promise;
  std::future<Result*> future = promise.get_future();
  std::thread worker(compute, std::move(promise));
  worker.join();
  const Result* result = future.get();
  return result->value == 6 ? 0 : 1;  // @use
}
// Expected: USE-AFTER-FREE
//   report: @use
//   except clang: USE-AFTER-FREE or EXIT
// Clang's frames may keep the local lower than is looked at.
