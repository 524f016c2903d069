// Loads a library while it runs.
#include <dlfcn.h>

#include <thread>

int main() {
  int result = 1;
  std::thread([&result] {
    void* library = dlopen("libcrypt.so.1", RTLD_NOW);
    if (library == nullptr) library = dlopen("libm.so.6", RTLD_NOW);
    result = library == nullptr ? 1 : 0;
  }).join();
  return result;
}
