// Memory that is not freed, but not lost either: something that lives still leads to it.
#include <pthread.h>
#include <sys/mman.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <locale>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

struct Node {
  std::unique_ptr<Node> next;
  char payload[50] = {};
};

struct alignas(128) Wide {
  Wide* self = this;
};

Node* chain;                        // from a static, through the list
thread_local std::string own_name;  // ended with its thread
thread_local int* kept_by_main;
char* middle;
char** mapped;
pthread_key_t key;
std::map<std::string, std::vector<int>>* table;
std::atomic<bool> stop{false};

void fill() {
  own_name = "a name that is longer than fits into the string itself";
  chain = new Node;
  chain->next = std::make_unique<Node>();
  chain->next->next = std::make_unique<Node>();
  middle = static_cast<char*>(std::malloc(200)) + 100;  // only its middle is known
}

void* wait_for_ever(void*) {
  auto* local = new int[4]{};  // known to this stack alone
  pthread_setspecific(key, std::malloc(33));
  while (!stop.load()) std::this_thread::yield();
  return local;
}

int main() {
  pthread_key_create(&key, std::free);
  std::thread filler(fill);
  filler.join();
  kept_by_main = new int[3]{};
  table = new std::map<std::string, std::vector<int>>;
  (*table)["some key that is quite long, so that it is on the heap"] = {1, 2, 3};
  static auto* wide = new Wide;
  if (reinterpret_cast<std::uintptr_t>(wide) % alignof(Wide) != 0) return 1;
  mapped = static_cast<char**>(
      mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  mapped[700] = static_cast<char*>(std::malloc(77));
  setenv("TRAMA_TEST_VARIABLE", "a value", 1);
  static char assignment[] = "TRAMA_TEST_OTHER=1";
  putenv(assignment);
  setenv("PATH", "/nowhere in particular, but far enough away", 1);
  std::FILE* stream = std::tmpfile();  // open to the end
  if (stream != nullptr) std::fputs("text", stream);
  std::cout.imbue(std::locale::classic());
  std::cout << "done\n";
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  pthread_create(&thread, &attributes, wait_for_ever, nullptr);
  pthread_attr_destroy(&attributes);
  auto* last = new std::string("known to the stack of main alone, where the program ends early");
  if (last->size() > 3) std::exit(0);
  delete last;
}
// Expected: nothing
//   options: --leaks --executions 100
