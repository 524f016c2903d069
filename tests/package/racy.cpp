// Two threads count without a lock. Called with `strict` it fails where an update is lost.
#include <cstring>
#include <thread>

int main(int count, char** arguments) {
  const bool strict =
      count == 3 && std::strcmp(arguments[1], "strict") == 0 && std::strchr(arguments[2], ' ');
  int counter = 0;
  const auto work = [&counter] { ++counter; };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  return strict && counter != 2 ? 1 : 0;
}
