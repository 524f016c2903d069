// iostream, stdio and syncstream from several threads at once: none of it is a data race.
#include <cstdio>
#include <iostream>
#include <sstream>
#include <syncstream>
#include <thread>
#include <vector>

void speak(int id) {
  std::cout << "thread " << id << " through cout\n";
  std::printf("thread %d through printf\n", id);
  std::cerr << "thread " << id << " through cerr" << std::endl;
  std::osyncstream(std::cout) << "thread " << id << " in one piece" << std::endl;
  std::ostringstream line;
  line << std::hex << 255 << ' ' << id << '\n';
  std::fputs(line.str().c_str(), stdout);
  std::puts("end");
}

int main() {
  std::vector<std::thread> threads;
  for (int id = 0; id < 3; ++id) threads.emplace_back(speak, id);
  for (std::thread& thread : threads) thread.join();
  return std::cout.good() && std::fflush(stdout) == 0 ? 0 : 1;
}
// Expected: nothing
