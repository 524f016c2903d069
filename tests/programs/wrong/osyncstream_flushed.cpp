// std::endl on an osyncstream does not emit: the text is in the sink only when the osyncstream
// is destroyed, and the signal comes before.
#include <cassert>
#include <future>
#include <sstream>
#include <syncstream>
#include <thread>

int main() {
  std::ostringstream sink;
  std::promise<void> said;
  std::thread worker([&] {
    std::osyncstream out(sink);
    out << "done" << std::endl;
    said.set_value();
  });
  said.get_future().wait();
  const bool there = !sink.str().empty();
  worker.join();
  assert(there);  // @assert
}
// Expected: ASSERT
//   report: @assert
