// Double-checked locking over a plain pointer: the first check is outside the lock.
#include <mutex>
#include <thread>

struct Settings {
  int volume = 11;
};

std::mutex mutex;
Settings* settings = nullptr;

Settings& get() {
  if (settings == nullptr) {  // @check
    const std::lock_guard lock(mutex);
    if (settings == nullptr) {
      settings = new Settings;  // @make
    }
  }
  return *settings;
}

int main() {
  int volumes[2] = {};
  std::thread one([&volumes] { volumes[0] = get().volume; });
  std::thread two([&volumes] { volumes[1] = get().volume; });
  one.join();
  two.join();
  delete settings;
  return volumes[0] == volumes[1] ? 0 : 1;
}
// Expected: RACE
//   report: @check
//   report: @make
