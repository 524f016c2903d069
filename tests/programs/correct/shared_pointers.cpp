// shared_ptr and weak_ptr: each thread has its own copy; the last one destroys the object, a
// weak_ptr that looks too late gets nothing, enable_shared_from_this, an aliasing pointer.
#include <memory>
#include <string>
#include <thread>
#include <vector>

int destroyed = 0;

struct Node : std::enable_shared_from_this<Node> {
  std::vector<int> values{1, 2, 3};
  std::string name = "a node whose name does not fit into the small buffer";
  ~Node() { ++destroyed; }
};

int main() {
  std::size_t lengths[2] = {};
  bool late = false;
  {
    auto node = std::make_shared<Node>();
    const std::weak_ptr<Node> weak = node;
    std::thread one(
        [copy = node->shared_from_this(), &lengths] { lengths[0] = copy->name.size(); });
    std::thread two([copy = std::shared_ptr<int>(node, &node->values[1]), &lengths] {
      lengths[1] = static_cast<std::size_t>(*copy);
    });
    std::thread three([weak, &late] {
      const std::shared_ptr<Node> locked = weak.lock();
      late = locked == nullptr || locked->values.size() == 3;
    });
    node.reset();
    one.join();
    two.join();
    three.join();
    if (!weak.expired()) return 1;
  }
  return destroyed == 1 && lengths[0] == 52 && lengths[1] == 2 && late ? 0 : 2;
}
// Expected: nothing
