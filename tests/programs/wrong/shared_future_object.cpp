// All may wait for one result, each on a shared_future of its own; what it refers to is one
// object all the same, and here two threads change it.
#include <future>
#include <memory>
#include <thread>

struct Settings {
  int uses = 0;
};

int main() {
  std::promise<std::shared_ptr<Settings>> promise;
  const auto answer = promise.get_future().share();
  const auto use = [answer] { ++answer.get()->uses; };  // @use
  std::thread one(use);
  std::thread two(use);
  promise.set_value(std::make_shared<Settings>());
  one.join();
  two.join();
}
// Expected: RACE, any?
//   report: @use
