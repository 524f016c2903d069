// Files written by threads through stdio and fstream, read back, removed.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

int main() {
  const std::string one = "files_of_one.txt";
  const std::string two = "files_of_two.txt";
  std::thread with_stdio([&one] {
    std::FILE* file = std::fopen(one.c_str(), "w");
    if (file == nullptr) return;
    for (int i = 0; i < 100; ++i) std::fprintf(file, "line %d\n", i);
    std::fclose(file);
  });
  std::thread with_stream([&two] {
    std::ofstream file(two);
    for (int i = 0; i < 100; ++i) file << "line " << i << std::endl;
  });
  with_stdio.join();
  with_stream.join();
  int lines = 0;
  for (const std::string& name : {one, two}) {
    std::ifstream file(name);
    for (std::string line; std::getline(file, line);) {
      if (line == "line " + std::to_string(lines % 100)) ++lines;
    }
  }
  std::filesystem::remove(one);
  std::remove(two.c_str());
  if (std::filesystem::exists(one) || std::filesystem::exists(two)) return 1;
  return lines == 200 ? 0 : 2;
}
// Expected: nothing
//   options: --executions 100
