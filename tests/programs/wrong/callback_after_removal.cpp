// A subject copies its list of observers and calls them without the lock; an observer that was
// removed in the meantime, and destroyed, is called all the same.
#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct Observer {
  int seen = 0;
  void notify() { ++seen; }  // @notify
};

std::mutex mutex;
std::vector<Observer*> observers;

void publish() {
  std::vector<Observer*> copy;
  {
    const std::lock_guard lock(mutex);
    copy = observers;
  }
  for (Observer* observer : copy) observer->notify();
}

int main() {
  auto observer = std::make_unique<Observer>();
  observers.push_back(observer.get());
  std::thread publisher(publish);
  {
    const std::lock_guard lock(mutex);
    observers.erase(std::find(observers.begin(), observers.end(), observer.get()));
  }
  observer.reset();
  publisher.join();
  return 0;
}
// Expected: RACE, any?
//   report: @notify
