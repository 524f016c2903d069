// One thread inserts into a map while another looks something up.
#include <map>
#include <string>
#include <thread>

std::map<std::string, int> ages{{"ana", 40}, {"bia", 41}};

int main() {
  int found = 0;
  std::thread writer([] { ages["caio"] = 42; });                  // @writer
  std::thread reader([&found] { found = ages.at("ana") - 40; });  // @reader
  writer.join();
  reader.join();
  return found;
}
// Expected: RACE
//   report: @writer
//   report: @reader
//   except static: nothing
// The library that stands in the program changes the tree, and is not instrumented.
