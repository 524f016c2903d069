// Threads convert text to another character set: libc loads the library for it while the
// program runs.
#include <iconv.h>

#include <string>
#include <thread>

std::size_t converted_size(std::string text) {
  iconv_t converter = iconv_open("UTF-16LE", "UTF-8");
  if (converter == iconv_t(-1)) return 0;
  char out[64];
  char* from = text.data();
  char* to = out;
  std::size_t from_left = text.size();
  std::size_t to_left = sizeof out;
  iconv(converter, &from, &from_left, &to, &to_left);
  iconv_close(converter);
  return sizeof out - to_left;
}

int main() {
  std::size_t sizes[2] = {};
  std::thread one([&] { sizes[0] = converted_size("olá"); });
  std::thread two([&] { sizes[1] = converted_size("mundo"); });
  one.join();
  two.join();
  return sizes[0] == 6 && sizes[1] == 10 ? 0 : 1;
}
// Expected: nothing
//   options: --executions 100
