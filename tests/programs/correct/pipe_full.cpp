// More bytes than a pipe holds: the writer waits until the reader has made room. Then the same by
// stdio, line by line, and by std::getline on what was standard input.
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  constexpr std::size_t kBytes = 150000;
  std::thread writer([&ends] {
    const std::vector<char> bytes(kBytes, 'x');
    if (write(ends[1], bytes.data(), kBytes) != static_cast<ssize_t>(kBytes)) _exit(2);
    close(ends[1]);
  });
  std::size_t total = 0;
  std::vector<char> buffer(30000);
  for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
    total += static_cast<std::size_t>(got);
  }
  writer.join();
  close(ends[0]);
  if (total != kBytes) return 3;

  if (pipe(ends) != 0) return 4;
  std::thread printer([&ends] {
    std::FILE* file = fdopen(ends[1], "w");
    for (int i = 0; i < 3; ++i) std::fprintf(file, "line %d\n", i);
    std::fflush(file);
    std::fputs("last", file);
    std::fclose(file);
  });
  std::FILE* file = fdopen(ends[0], "r");
  char line[32];
  int lines = 0;
  while (std::fgets(line, sizeof line, file) != nullptr) ++lines;
  printer.join();
  std::fclose(file);
  if (lines != 4 || std::strcmp(line, "last") != 0) return 5;

  if (pipe(ends) != 0) return 6;
  dup2(ends[0], 0);
  close(ends[0]);
  std::thread speaker([&ends] {
    if (write(ends[1], "one\ntw", 6) != 6 || write(ends[1], "o\n", 2) != 2) _exit(7);
    close(ends[1]);
  });
  std::string text;
  std::string all;
  while (std::getline(std::cin, text)) all += text + ";";
  speaker.join();
  return all == "one;two;" ? 0 : 8;
}
// Expected: nothing
//   options: --executions 200
