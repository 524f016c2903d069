// operator new and delete of the *program*. Where it is linked with -static-libstdc++ the linker
// has bound them to libtsan, which comes first and defines them; so they must be here.
//
// Each form does what libstdc++'s does: the array forms and the sized forms call the scalar one,
// by name, so that a form which the program replaces serves the others too. What happens when
// memory is exhausted is the business of the program's C++ library.
//
// Our own containers do not come here: see the linker's --wrap in freestanding.cpp. That needs
// this file to be compiled without link-time optimisation.
#include <dlfcn.h>
#include <stdlib.h>

#include <cstddef>
#include <new>

#include "base/check.hpp"
#include "runtime/program_symbols.hpp"

#define TRAMA_SHOWN __attribute__((visibility("default"), noinline))

// Our own forms by names that the program cannot take: to see whether it has replaced them.
#define TRAMA_OWN(symbol) \
  __attribute__((alias(symbol), visibility("hidden"), malloc, alloc_size(1)))
extern "C" TRAMA_OWN("_Znwm") void* trama_own_new(std::size_t);
extern "C" TRAMA_OWN("_ZnwmSt11align_val_t") void* trama_own_aligned_new(std::size_t,
                                                                         std::align_val_t);

namespace {

using New = void*(std::size_t);
using AlignedNew = void*(std::size_t, std::align_val_t);
using NothrowNew = void*(std::size_t, const std::nothrow_t&);
using NothrowAlignedNew = void*(std::size_t, std::align_val_t, const std::nothrow_t&);

void* try_once(std::size_t size) { return malloc(size == 0 ? 1 : size); }
void* try_once(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  const std::size_t rounded = (size + unit - 1) & ~(unit - 1);
  if (rounded < size) return nullptr;
  return aligned_alloc(unit, rounded == 0 ? unit : rounded);
}

/// The next definition after ours: that of a shared C++ library, if the program has one.
template <typename Signature>
Signature* next(const char* name) {
  return reinterpret_cast<Signature*>(dlsym(RTLD_NEXT, name));
}

/// Memory is exhausted in a program that holds its C++ library: the handlers, then bad_alloc.
template <typename... Alignment>
[[gnu::noinline, gnu::cold]] void* retry(std::size_t size, Alignment... alignment) {
  using trama::runtime::find_in_program;
  const auto get_handler =
      reinterpret_cast<std::new_handler (*)()>(find_in_program("_ZSt15get_new_handlerv"));
  for (;;) {
    const std::new_handler handler = get_handler == nullptr ? nullptr : get_handler();
    if (handler == nullptr) break;
    handler();
    void* block = try_once(size, alignment...);
    if (block != nullptr) return block;
  }
  const auto give_up = reinterpret_cast<void (*)()>(find_in_program("_ZSt17__throw_bad_allocv"));
  if (give_up != nullptr) give_up();
  trama::check_failed("operator new: no memory, and the program's std::bad_alloc was not found",
                      __FILE__, __LINE__);
}

}  // namespace

// NOLINTBEGIN(misc-new-delete-overloads): they are below, together
TRAMA_SHOWN void* operator new(std::size_t size) {
  void* block = try_once(size);
  if (__builtin_expect(block != nullptr, 1)) return block;
  New* real = next<New>("_Znwm");
  return real != nullptr ? real(size) : retry(size);
}
TRAMA_SHOWN void* operator new(std::size_t size, std::align_val_t alignment) {
  void* block = try_once(size, alignment);
  if (__builtin_expect(block != nullptr, 1)) return block;
  AlignedNew* real = next<AlignedNew>("_ZnwmSt11align_val_t");
  return real != nullptr ? real(size, alignment) : retry(size, alignment);
}
TRAMA_SHOWN void* operator new[](std::size_t size) { return ::operator new(size); }
TRAMA_SHOWN void* operator new[](std::size_t size, std::align_val_t alignment) {
  return ::operator new(size, alignment);
}

// These must catch what a replaced operator new or a handler throws, which only the C++ library
// can do. A program that holds that library itself gets null without its handlers being asked.
TRAMA_SHOWN void* operator new(std::size_t size, const std::nothrow_t& tag) noexcept {
  New* volatile current = &::operator new;  // the compiler must not know better
  if (__builtin_expect(current == &trama_own_new, 1)) {
    void* block = try_once(size);
    if (block != nullptr) return block;
  }
  auto* real = next<NothrowNew>("_ZnwmRKSt9nothrow_t");
  if (real != nullptr) return real(size, tag);
  return current == &trama_own_new ? nullptr : current(size);
}
TRAMA_SHOWN void* operator new(std::size_t size, std::align_val_t alignment,
                               const std::nothrow_t& tag) noexcept {
  AlignedNew* volatile current = &::operator new;  // the compiler must not know better
  if (__builtin_expect(current == &trama_own_aligned_new, 1)) {
    void* block = try_once(size, alignment);
    if (block != nullptr) return block;
  }
  auto* real = next<NothrowAlignedNew>("_ZnwmSt11align_val_tRKSt9nothrow_t");
  if (real != nullptr) return real(size, alignment, tag);
  return current == &trama_own_aligned_new ? nullptr : current(size, alignment);
}
TRAMA_SHOWN void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return ::operator new(size, tag);
}
TRAMA_SHOWN void* operator new[](std::size_t size, std::align_val_t alignment,
                                 const std::nothrow_t& tag) noexcept {
  return ::operator new(size, alignment, tag);
}

// Tail calls, all of them: `free` must see who deletes.
TRAMA_SHOWN void operator delete(void* block) noexcept { free(block); }
TRAMA_SHOWN void operator delete(void* block, std::align_val_t) noexcept { free(block); }
TRAMA_SHOWN void operator delete(void* block, std::size_t) noexcept { ::operator delete(block); }
TRAMA_SHOWN void operator delete(void* block, const std::nothrow_t&) noexcept {
  ::operator delete(block);
}
TRAMA_SHOWN void operator delete(void* block, std::size_t, std::align_val_t alignment) noexcept {
  ::operator delete(block, alignment);
}
TRAMA_SHOWN void operator delete(void* block, std::align_val_t alignment,
                                 const std::nothrow_t&) noexcept {
  ::operator delete(block, alignment);
}
TRAMA_SHOWN void operator delete[](void* block) noexcept { ::operator delete(block); }
TRAMA_SHOWN void operator delete[](void* block, std::size_t) noexcept {
  ::operator delete[](block);
}
TRAMA_SHOWN void operator delete[](void* block, const std::nothrow_t&) noexcept {
  ::operator delete[](block);
}
TRAMA_SHOWN void operator delete[](void* block, std::align_val_t alignment) noexcept {
  ::operator delete(block, alignment);
}
TRAMA_SHOWN void operator delete[](void* block, std::size_t, std::align_val_t alignment) noexcept {
  ::operator delete[](block, alignment);
}
TRAMA_SHOWN void operator delete[](void* block, std::align_val_t alignment,
                                   const std::nothrow_t&) noexcept {
  ::operator delete[](block, alignment);
}
// NOLINTEND(misc-new-delete-overloads)
