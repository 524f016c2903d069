// What the header-only parts of the C++ library expect to find at link time, so that the
// runtime needs no libstdc++: memory for our own containers, and the ends of their errors.
//
// These names stay inside the library (exports.map): the program keeps its own.
#include <cstddef>
#include <new>

#include "base/check.hpp"
#include "runtime/heap.hpp"

namespace {

// The runtime's containers are used by the one kernel thread that explores, under control
// or between executions; never by the threads of a program that runs on its own.
void* take(std::size_t size, std::size_t alignment = 16) {
  void* block = trama::runtime::g_runtime_heap.allocate(size, alignment);
  TRAMA_CHECK(block != nullptr);
  return block;
}
void give(void* block) {
  if (block != nullptr) trama::runtime::g_runtime_heap.free(block);
}

}  // namespace

// `operator new` and `delete` as our own code calls them. The linker leads the calls here
// (--wrap); the definitions of these names are the program's, in program_new.cpp.
extern "C" {
void* __wrap__Znwm(std::size_t size) { return take(size); }
void* __wrap__Znam(std::size_t size) { return take(size); }
void* __wrap__ZnwmSt11align_val_t(std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
void __wrap__ZdlPv(void* block) { give(block); }
void __wrap__ZdaPv(void* block) { give(block); }
void __wrap__ZdlPvm(void* block, std::size_t) { give(block); }
void __wrap__ZdaPvm(void* block, std::size_t) { give(block); }
void __wrap__ZdlPvSt11align_val_t(void* block, std::align_val_t) { give(block); }
void __wrap__ZdlPvmSt11align_val_t(void* block, std::size_t, std::align_val_t) { give(block); }
}

const std::nothrow_t std::nothrow{};

namespace std {
void __throw_length_error(const char* what) { trama::check_failed(what, __FILE__, __LINE__); }
void __throw_logic_error(const char* what) { trama::check_failed(what, __FILE__, __LINE__); }
void __throw_out_of_range(const char* what) { trama::check_failed(what, __FILE__, __LINE__); }
void __throw_out_of_range_fmt(const char* what, ...) {
  trama::check_failed(what, __FILE__, __LINE__);
}
void __throw_bad_alloc() { trama::check_failed("bad_alloc", __FILE__, __LINE__); }
void __throw_bad_array_new_length() {
  trama::check_failed("bad_array_new_length", __FILE__, __LINE__);
}
void __throw_bad_variant_access(const char* what) { trama::check_failed(what, __FILE__, __LINE__); }
void __throw_bad_optional_access() {
  trama::check_failed("bad_optional_access", __FILE__, __LINE__);
}
}  // namespace std

extern "C" void __cxa_pure_virtual() {
  trama::check_failed("pure virtual call", __FILE__, __LINE__);
}
