// Every execution begins as if it were the first: globals, heap, arguments, environment, files,
// position of standard input, thread_local objects of main.
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

int runs = 0;
std::vector<int> history{1};
thread_local int main_local = 3;
std::string text = "untouched";

int main(int argc, char** argv) {
  if (runs++ != 0 || history.size() != 1 || main_local++ != 3 || text != "untouched") return 1;
  if (argc != 3 || std::strcmp(argv[1], "one") != 0 || std::strcmp(argv[2], "two words") != 0) {
    return 2;
  }
  if (std::getenv("FRESH_START") != nullptr) return 3;
  std::string word;
  if (!(std::cin >> word) || word != "hello") return 4;
  if (!(std::cin >> word) || word != "there" || (std::cin >> word)) return 5;

  std::thread changer([argv] {
    history.resize(1000, 7);
    text.assign(200, 'x');
    std::memset(argv[1], '#', 3);
    setenv("FRESH_START", "no longer", 1);
    setenv("HOME", "/elsewhere", 1);
  });
  changer.join();
  argv[2] = argv[1];
  const char* changed = std::getenv("FRESH_START");
  return changed != nullptr && std::strcmp(changed, "no longer") == 0 ? 0 : 6;
}
// Expected: nothing
//   arguments: one "two words"
//   stdin: hello there
