#include "runtime/exceptions.hpp"

#include <unwind.h>

#include <cstring>
#include <iterator>
#include <typeinfo>

#include "runtime/engine.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"

// Exceptions are counted references in libstdc++, in code that is not instrumented: a thread
// that drops the last reference and destroys the object is ordered after the others by an
// atomic counter we do not see. Each drop is therefore drawn as a release and an acquire on
// the object.

namespace trama::runtime {
namespace {

ThreadId g_terminating = kNoThread;

template <typename Function>
Function* lookup(const char* name) {
  return reinterpret_cast<Function*>(find_in_program(name));
}

/// The object of the exception in flight, for a program that holds its C++ library but not
/// std::current_exception. As in libstdc++'s unwind-cxx.h: the object follows its header of 112
/// bytes; the last byte of the exception's class tells an exception that refers to another's.
void* caught_object() {
  static auto* globals = lookup<char**()>("__cxa_get_globals");
  char* header = globals == nullptr ? nullptr : *globals();
  if (header == nullptr) return nullptr;
  constexpr std::size_t kHeaderBytes = 112;
  std::uint64_t exception_class = 0;
  std::memcpy(&exception_class, header + kHeaderBytes - sizeof(_Unwind_Exception), 8);
  if ((exception_class & 0xffU) == 0) return header + kHeaderBytes;
  void* primary = nullptr;
  std::memcpy(&primary, header, sizeof primary);
  return primary;
}

struct Frames {
  std::uint64_t pc[16];
  unsigned count;
};

/// True while std::terminate runs, of a C++ library that stands in the program, so that the
/// stand-in in libc_exit.cpp was not asked. That library itself calls it for exceptions only.
bool inner_terminate_runs() {
  if (!holds_cxx_library()) return false;
  static auto* backtrace =
      reinterpret_cast<decltype(&_Unwind_Backtrace)>(find_unwinder("_Unwind_Backtrace"));
  static const auto terminate = reinterpret_cast<std::uint64_t>(find_in_file("_ZSt9terminatev"));
  if (backtrace == nullptr || terminate == 0) return false;
  Frames frames{};
  const OutOfControl unwinding;
  backtrace(
      [](_Unwind_Context* context, void* argument) -> _Unwind_Reason_Code {
        static auto* get_ip =
            reinterpret_cast<decltype(&_Unwind_GetIP)>(find_unwinder("_Unwind_GetIP"));
        auto* found = static_cast<Frames*>(argument);
        found->pc[found->count++] = get_ip(context);
        return found->count == std::size(found->pc) ? _URC_END_OF_STACK : _URC_NO_REASON;
      },
      &frames);
  constexpr std::uint64_t kTerminateBytes = 32;
  for (unsigned i = 0; i < frames.count; ++i) {
    // Its last instruction is a call: the return address may be the next function's.
    if (frames.pc[i] - 1 - terminate < kTerminateBytes) return true;
  }
  return false;
}

const void* handled_object() {
  static auto* current = lookup<void(void*)>("_ZSt17current_exceptionv");
  if (current == nullptr) return caught_object();
  // std::exception_ptr is one pointer, returned through memory. Its count is given back.
  void* object = nullptr;
  current(&object);
  // The library's own: by its name alone the stand-in below would be found.
  constexpr const char* kRelease = "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv";
  static auto* release = reinterpret_cast<void (*)(void**)>(
      holds_cxx_library() ? find_in_file(kRelease) : find_real(kRelease));
  if (object != nullptr && release != nullptr) {
    void* pointer = object;
    const OutOfControl counting;
    release(&pointer);
  }
  return object;
}

}  // namespace

const void* current_exception_object() {
  static auto* current_type = lookup<const std::type_info*()>("__cxa_current_exception_type");
  return current_type == nullptr || current_type() == nullptr ? nullptr : handled_object();
}

bool describe_current_exception(std::string& out) {
  static auto* current_type = lookup<const std::type_info*()>("__cxa_current_exception_type");
  const std::type_info* type = current_type == nullptr ? nullptr : current_type();
  if (type == nullptr) return false;
  const char* mangled =
      *reinterpret_cast<const char* const*>(reinterpret_cast<const char*>(type) + sizeof(void*));
  if (*mangled == '*') ++mangled;
  static auto* demangle = lookup<char*(const char*, char*, std::size_t*, int*)>("__cxa_demangle");
  int status = -1;
  char* name = demangle == nullptr ? nullptr : demangle(mangled, nullptr, nullptr, &status);
  out = name != nullptr && status == 0 ? name : mangled;

  // what(): if the type can be caught as std::exception, the exception library itself finds
  // the base object, through the handler that is running: std::current_exception's pointer.
  static auto* std_exception = lookup<const std::type_info>("_ZTISt9exception");
  static auto* current = lookup<void(void*)>("_ZSt17current_exceptionv");
  if (std_exception == nullptr) return true;
  void* object = nullptr;
  if (current != nullptr) {
    current(&object);  // std::exception_ptr is one pointer, returned through memory
  } else {
    object = caught_object();
  }
  if (object == nullptr) return true;
  // type_info's virtual table: two destructors, __is_pointer_p, __is_function_p, __do_catch.
  using DoCatch = bool (*)(const std::type_info*, const std::type_info*, void**, unsigned);
  const auto* table = *reinterpret_cast<DoCatch const* const*>(std_exception);
  void* base = object;
  if (table[4](std_exception, type, &base, 1)) {
    using What = const char* (*)(const void*);
    const auto* methods = *static_cast<What const* const*>(base);
    out += ": ";
    out += methods[2](base);  // two destructors, then what()
  }
  return true;
}

void note_terminate_called(ThreadId thread) { g_terminating = thread; }

bool take_joinable_note(ThreadId thread) {
  const bool noted = g_terminating == thread || inner_terminate_runs();
  g_terminating = kNoThread;
  if (!noted) return false;
  const Scheduler& s = scheduler();
  for (unsigned i = 1; i < s.thread_count(); ++i) {
    const ThreadState& state = s.state(static_cast<ThreadId>(i));
    if (!state.joined && !state.detached) return true;
  }
  return false;
}

}  // namespace trama::runtime

using namespace trama::runtime;

// std::exception_ptr lets go of an exception.
TRAMA_EXPORT void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(void** pointer) {
  using Signature = void (*)(void**);
  static auto* real =
      reinterpret_cast<Signature>(find_real("_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv"));
  void* object = *pointer;
  if (g_active && object != nullptr) {
    trama::ObjectTable& objects = scheduler().objects();
    // Beside the object's own address, which a mutex at its start may have.
    const auto id = objects.find_or_make(reinterpret_cast<std::uint64_t>(object) - 8,
                                         trama::ObjectKind::memory);
    engine().detector.acquire(self(), objects[id].clock);
    engine().detector.release(self(), objects[id].clock);
  }
  real(pointer);
}
