// main returns while a detached thread still uses a global object: its destructor races.
#include <map>
#include <string>
#include <thread>

std::map<int, std::string> names;

int main() {
  std::thread([] {
    for (int i = 0; i < 3; ++i) names[i] = "a name";  // @use
  }).detach();
}
// Expected: RACE, any?
//   report: static_destroyed_in_use.cpp
