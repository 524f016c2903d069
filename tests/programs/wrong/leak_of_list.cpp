// The head of a list is forgotten: told is the head, for the rest hangs on it; and a ring of two,
// of which one stands for both.
#include <cstdlib>
#include <thread>

struct Node {
  Node* next;
  long value;
};

Node** volatile ring;

void make_list() {
  Node* volatile head = nullptr;  // volatile: or the optimiser leaves all of it out
  for (int i = 0; i < 5; ++i) {
    head = new Node{head, i};  // @list
  }
  if (head->value != 4) std::abort();
}

int main() {
  std::thread maker(make_list);
  maker.join();
  auto* one = static_cast<Node**>(std::malloc(100));  // @ring
  auto* two = static_cast<Node**>(std::malloc(100));
  ring = one;
  one[3] = reinterpret_cast<Node*>(two);
  two[5] = reinterpret_cast<Node*>(one);
  ring = nullptr;
}
// Expected: LEAK
//   options: --leaks
//   report: @list
//   report: @ring
//   report: blocks: 7
