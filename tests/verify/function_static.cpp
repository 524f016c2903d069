// Two threads need an object that is made once: one makes it, the other waits or finds it made.
#include <cassert>
#include <string>
#include <thread>

const std::string& name() {
  static const std::string made(40, 'x');
  return made;
}

int main() {
  std::size_t length = 0;
  std::thread one([&] { length = name().size(); });
  std::thread two([] { assert(name().size() == 40); });
  one.join();
  two.join();
  assert(length == 40);
}
// Verify rc11: verified
// Verify sc: verified
