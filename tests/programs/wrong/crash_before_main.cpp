// One static object uses another, of which only the address is there yet.
#include <map>

struct Registry {
  explicit Registry(const int* source) { count = *source; }  // @early
  int count;
};

extern int* const start;
Registry registry(start);
int value = 3;
int* const start = value == 3 ? &value : nullptr;

int main() { return registry.count == 3 ? 0 : 1; }

// Expected: CRASH
//   report: @early
