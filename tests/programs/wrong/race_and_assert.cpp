// One execution that races first and fails later: both are told, each with a trace of its own,
// though the first is recorded only as far as the race.
#include <atomic>
#include <cassert>
#include <thread>

int racy = 0;
std::atomic<int> turns[6];

int main() {
  const auto work = [](int self) {
    racy = self;  // @race
    for (std::atomic<int>& turn : turns) turn = self;
  };
  std::thread first(work, 1);
  std::thread second(work, 2);
  first.join();
  second.join();
  int alike = 0;
  for (const std::atomic<int>& turn : turns) alike += turn == turns[0] ? 1 : 0;
  assert(alike == 6);  // @alike
}
// Expected: RACE, ASSERT
//   report: @race
//   report: @alike
