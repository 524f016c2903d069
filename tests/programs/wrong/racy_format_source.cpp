// snprintf reads by its %s what another thread writes by strncat.
#include <cstdio>
#include <cstring>
#include <thread>

char path[64] = "/home";
char line[128];
const char* volatile part = "/user";

int main() {
  std::thread writer([] {
    std::strncat(path, part, 3);  // @write
  });
  std::snprintf(line, sizeof line, "%5.1f%% of %-*s [%.20s]", 12.5, 10, "it all", path);  // @read
  writer.join();
  return line[0] == 'x' ? 1 : 0;
}
// Expected: RACE, any?
//   report: @write
//   report: @read
