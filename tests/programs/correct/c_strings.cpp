// C strings, formats, searches and sorting: threads share one array, and no byte of it.
#include <strings.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>

char shared[64];  // bytes 0 to 31 are the first thread's, the others the second's
char words[] = "one two;three";
std::mutex gate;
char guarded[40] = "guarded";

bool first() {
  char* own = shared;
  const std::string thirty(30, 'a');
  std::strcpy(own, thirty.c_str());  // ends in byte 30
  std::strncpy(own, "ab", 32);       // fills up to byte 31
  bool right = std::strlen(own) == 2 && std::strcmp(own, "ab") == 0;
  std::memset(own, 'x', 32);  // no end: the searches below stop in time
  own[20] = 'y';
  right = right && std::strchr(own, 'y') == own + 20 && std::memchr(own, 'z', 32) == nullptr;
  right = right && std::strncmp(own, "xxxy", 32) != 0 && strnlen(own, 32) == 32;
  std::snprintf(own, 32, "%s and %d and %.3f and more than fits", "text", 7, 1.5);
  right = right && std::strlen(own) == 31;
  std::strcpy(own, "17 bytes");
  std::strcat(own, " and so on");
  char* end = nullptr;
  right = right && std::strtol(own, &end, 10) == 17 && end == own + 2 && std::atoi(own) == 17;
  right = right && std::strstr(own, "bytes") == own + 3 && std::strrchr(own, 'o') == own + 16;
  const std::lock_guard lock(gate);
  std::strcat(guarded, "!");
  return right;
}

bool second() {
  char* own = shared + 32;
  std::memset(own, 'b', 31);
  std::sprintf(own + 10, "%c%ld%5s%%", 'c', 5L, "x");
  bool right = std::strcmp(own + 10, "c5    x%") == 0 && strcasecmp(own + 10, "C5    X%") == 0;
  char* copy = strdup(own);
  right = right && std::strlen(copy) == 18;
  std::free(copy);
  char numbers[] = {5, 3, 1, 4};
  std::memcpy(own, numbers, 4);
  std::qsort(own, 4, 1, [](const void* a, const void* b) {
    return *static_cast<const char*>(a) - *static_cast<const char*>(b);
  });
  right = right && own[0] == 1 && own[3] == 5;
  char* rest = nullptr;
  right = right && std::strcmp(strtok_r(words, " ;", &rest), "one") == 0;
  right = right && std::strcmp(strtok_r(nullptr, " ;", &rest), "two") == 0;
  right = right && std::strcmp(strtok_r(nullptr, " ;", &rest), "three") == 0;
  right = right && strtok_r(nullptr, " ;", &rest) == nullptr;
  right = right && std::stod("2.5e1") == 25.0 && std::strtoul("ff", nullptr, 16) == 255;
  const std::lock_guard lock(gate);
  return right && std::strspn(guarded, "guarde") == 7 && std::strpbrk(guarded, "!?") != guarded;
}

int main() {
  bool right[2] = {};
  std::thread one([&right] { right[0] = first(); });
  std::thread two([&right] { right[1] = second(); });
  one.join();
  two.join();
  char again[] = "a,b";
  const char* token = std::strtok(again, ",");
  bool all = right[0] && right[1] && std::strcmp(token, "a") == 0;
  token = std::strtok(nullptr, ",");
  all = all && std::strcmp(token, "b") == 0;
  return all ? 0 : 1;
}
// Expected: nothing
