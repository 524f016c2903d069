// A global string is given a new text while another thread copies it.
#include <string>
#include <thread>

std::string title = "a title that does not fit into the small buffer";

int main() {
  std::thread writer([] { title = "another title, which is a good deal longer than the first"; });
  std::string copy;
  std::thread reader([&copy] { copy = title; });
  writer.join();
  reader.join();
  return copy.empty() ? 1 : 0;
}
// Expected: RACE, any?
//   report: racy_string.cpp
