// The pointer is atomic, what it points to is not.
#include <atomic>
#include <memory>
#include <thread>

struct Settings {
  int volume = 0;
};

std::atomic<std::shared_ptr<Settings>> settings{std::make_shared<Settings>()};

int main() {
  std::thread writer([] {
    const auto mine = settings.load();
    mine->volume = 11;  // @writer
  });
  int volume = 0;
  std::thread reader([&volume] {
    const auto mine = settings.load();
    volume = mine->volume;  // @reader
  });
  writer.join();
  reader.join();
  return volume > 11 ? 1 : 0;
}
// Expected: RACE, any?
//   report: @reader
//   report: @writer
