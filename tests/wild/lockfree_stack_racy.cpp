// boost::lockfree::stack, rightly used. The library reads the link of a node that another thread
// may have taken and put into its list of free nodes, which writes there; a counter in the
// pointer makes sure that nothing comes of the value. By the letter of the standard that is a
// data race, and it is reported.
#include <boost/lockfree/stack.hpp>
#include <cassert>
#include <thread>

int main() {
  boost::lockfree::stack<int> stack(4);
  const auto work = [&] {
    int value = 0;
    assert(stack.push(1));
    assert(stack.pop(value));
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  assert(stack.empty());
}
// Expected: RACE
//   report: lockfree_stack_racy.cpp
