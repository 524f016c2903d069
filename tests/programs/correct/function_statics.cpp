// Function statics: made once by whoever comes first; one whose constructor throws is made by
// the next; one whose making waits for a mutex.
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

std::mutex count_mutex;
int made = 0;
int attempts = 0;

struct Settings {
  std::string name;
  Settings() : name("made by one thread, read by all of them without a lock") {
    const std::lock_guard lock(count_mutex);
    ++made;
  }
};

struct Stubborn {
  int value;
  Stubborn() : value(5) {
    if (++attempts < 3) throw std::runtime_error("again");
  }
};

const Settings& settings() {
  static const Settings only;
  return only;
}

int stubborn() {
  static const Stubborn only;
  return only.value;
}

void use(std::size_t& length, int& number) {
  length = settings().name.size();
  for (;;) {
    try {
      number = stubborn();
      return;
    } catch (const std::runtime_error&) {
    }
  }
}

int main() {
  std::size_t lengths[2] = {};
  int numbers[2] = {};
  std::thread one([&] { use(lengths[0], numbers[0]); });
  std::thread two([&] { use(lengths[1], numbers[1]); });
  one.join();
  two.join();
  const bool same = lengths[0] == lengths[1] && numbers[0] == 5 && numbers[1] == 5;
  return made == 1 && attempts == 3 && same ? 0 : 1;
}
// Expected: nothing
