// Each line is written by two calls, so that another thread's line may come in between.
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>

namespace {
void log_line(int file, const char* who) {
  if (write(file, who, std::strlen(who)) < 0) _exit(2);
  if (write(file, " was here\n", 10) != 10) _exit(2);
}
}  // namespace

int main() {
  const std::string path = "interleaved.tmp";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
  if (file < 0) return 3;
  unlink(path.c_str());
  std::thread one(log_line, file, "one");
  std::thread two(log_line, file, "two");
  one.join();
  two.join();
  char text[64] = {};
  if (pread(file, text, sizeof text - 1, 0) < 0) return 4;
  close(file);
  const bool whole = std::strcmp(text, "one was here\ntwo was here\n") == 0 ||
                     std::strcmp(text, "two was here\none was here\n") == 0;
  return whole ? 0 : 1;
}
// Expected: EXIT
