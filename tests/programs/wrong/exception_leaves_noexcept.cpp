// An exception meets a noexcept function.
#include <string>
#include <thread>

int length_at(const std::string& text, std::size_t at) noexcept { return text.at(at); }

int main() {
  std::thread worker([] { length_at("abc", 3); });
  worker.join();
}
// Expected: UNCAUGHT
//   report: std::out_of_range
