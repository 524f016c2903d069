#include "runtime/late_statics.hpp"

#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#include "trace/session.hpp"

namespace trama::runtime {
namespace {

using Constructor = void (*)(int, char**, char**);

char** g_arguments = nullptr;  // while libc constructs static objects
const Constructor* g_late = nullptr;
std::size_t g_late_count = 0;

struct ProgramFile {
  std::uint64_t base = 0;
  ElfW(Dyn) * dynamic = nullptr;
};

ProgramFile program_file() {
  ProgramFile found;
  const auto* headers = reinterpret_cast<const ElfW(Phdr)*>(getauxval(AT_PHDR));
  const std::size_t count = getauxval(AT_PHNUM);
  for (std::size_t i = 0; i < count; ++i) {
    if (headers[i].p_type == PT_PHDR) {
      found.base = reinterpret_cast<std::uint64_t>(headers) - headers[i].p_vaddr;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (headers[i].p_type != PT_DYNAMIC) continue;
    found.dynamic = reinterpret_cast<ElfW(Dyn)*>(found.base + headers[i].p_vaddr);
  }
  return found;
}

/// The program's list of constructors, which libc then finds empty.
void take_constructors() {
  const ProgramFile program = program_file();
  if (program.dynamic == nullptr) return;
  ElfW(Dyn)* size = nullptr;
  std::uint64_t list = 0;
  for (ElfW(Dyn)* entry = program.dynamic; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_INIT_ARRAY) list = program.base + entry->d_un.d_ptr;
    if (entry->d_tag == DT_INIT_ARRAYSZ) size = entry;
  }
  if (list == 0 || size == nullptr) return;
  // The loader has made it read-only.
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const std::uint64_t low = reinterpret_cast<std::uint64_t>(size) & ~(page - 1);
  const std::uint64_t bytes = reinterpret_cast<std::uint64_t>(size + 1) - low;
  if (mprotect(reinterpret_cast<void*>(low), bytes, PROT_READ | PROT_WRITE) != 0) return;
  g_late = reinterpret_cast<const Constructor*>(list);
  g_late_count = size->d_un.d_val / sizeof(Constructor);
  size->d_un.d_val = 0;
}

}  // namespace

void begin_statics(char** arguments) {
  if (getenv(kLateStaticsVariable) != nullptr) return take_constructors();
  g_arguments = arguments;
}

void statics_are_constructed() { g_arguments = nullptr; }

void construct_statics_later() {
  if (g_arguments == nullptr) return;
  setenv(kLateStaticsVariable, "1", 1);
  // Where this fails the thread is started after all.
  execve("/proc/self/exe", g_arguments, environ);
  unsetenv(kLateStaticsVariable);
  g_arguments = nullptr;
}

void construct_late(int count, char** arguments, char** environment) {
  for (std::size_t i = 0; i < g_late_count; ++i) g_late[i](count, arguments, environment);
}

}  // namespace trama::runtime
