// Each line is one call on a file that is open for appending: lines come in any order, but whole.
// flock keeps two calls together.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>

namespace {
void locked_line(const std::string& path, const char* who) {
  const int file = open(path.c_str(), O_WRONLY | O_APPEND);
  if (file < 0 || flock(file, LOCK_EX) != 0) _exit(2);
  if (write(file, who, std::strlen(who)) < 0) _exit(2);
  if (write(file, "!\n", 2) != 2) _exit(2);
  flock(file, LOCK_UN);
  close(file);
}
}  // namespace

int main() {
  const std::string path = "whole.tmp";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
  if (file < 0) return 3;
  const auto in_one_call = [file](const char* text) {
    if (write(file, text, std::strlen(text)) < 0) _exit(2);
  };
  std::thread one(in_one_call, "one!\n");
  std::thread two(in_one_call, "two!\n");
  std::thread three(locked_line, path, "three");
  std::thread four(locked_line, path, "four");
  one.join();
  two.join();
  three.join();
  four.join();
  unlink(path.c_str());
  char text[64] = {};
  if (pread(file, text, sizeof text - 1, 0) < 0) return 4;
  close(file);
  // What was written in one call may stand in the middle of what was locked, but is whole itself.
  return std::strstr(text, "one!\n") != nullptr && std::strstr(text, "two!\n") != nullptr &&
                 std::strlen(text) == 23
             ? 0
             : 1;
}
// Expected: nothing
