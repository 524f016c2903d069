#include "runtime/modules.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>

#include "base/check.hpp"
#include "runtime/instrumented_code.hpp"
#include "runtime/program_symbols.hpp"
#include "runtime/real.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

std::vector<Module>& list() {
  alignas(std::vector<Module>) static char storage[sizeof(std::vector<Module>)];
  static bool made = false;
  auto* vector = reinterpret_cast<std::vector<Module>*>(storage);
  if (!made) {
    new (storage) std::vector<Module>;
    made = true;
  }
  return *vector;
}

constexpr std::uint64_t kPage = 4096;

// The whole address ranges of instrumented code: nearly always one, the program's.
Range g_instrumented[16];
unsigned g_instrumented_count = 0;
Range g_runtime_range;
Range g_unwinder_range;
/// The program holds a C++ library, which is not instrumented: look at each function.
bool g_mixed = false;
std::uint64_t g_added_when_read = 0;

/// How many libraries were ever loaded into this process.
std::uint64_t count_added() {
  std::uint64_t count = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* result) {
        *static_cast<std::uint64_t*>(result) = info->dlpi_adds;
        return 1;
      },
      &count);
  return count;
}

/// Whether the dynamic string table names an entry point of the instrumentation. It is
/// enough to look for the text: nothing else has a reason to hold it.
bool names_instrumentation(const dl_phdr_info& info) {
  for (unsigned i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type != PT_DYNAMIC) continue;
    const char* strings = nullptr;
    std::size_t size = 0;
    for (const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + header.p_vaddr);
         entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_STRTAB) {
        // glibc relocates this pointer, except in the vDSO.
        const std::uint64_t at = entry->d_un.d_ptr;
        strings = reinterpret_cast<const char*>(at < info.dlpi_addr ? at + info.dlpi_addr : at);
      } else if (entry->d_tag == DT_STRSZ) {
        size = entry->d_un.d_val;
      }
    }
    if (strings == nullptr) return false;
    return memmem(strings, size, "__tsan_init", 11) != nullptr ||
           memmem(strings, size, "__tsan_func_entry", 17) != nullptr;
  }
  return false;
}

std::string build_id_of(const dl_phdr_info& info) {
  static const char kDigits[] = "0123456789abcdef";
  for (unsigned i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const auto* at = reinterpret_cast<const char*>(info.dlpi_addr + header.p_vaddr);
    const char* end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      const auto* note = reinterpret_cast<const ElfW(Nhdr)*>(at);
      const char* name = at + sizeof *note;
      const auto* id = reinterpret_cast<const unsigned char*>(name + ((note->n_namesz + 3U) & ~3U));
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
          std::memcmp(name, "GNU", 4) == 0) {
        std::string text;
        for (unsigned k = 0; k < note->n_descsz; ++k) {
          text.push_back(kDigits[id[k] >> 4U]);
          text.push_back(kDigits[id[k] & 15U]);
        }
        return text;
      }
      at = reinterpret_cast<const char*>(id) + ((note->n_descsz + 3U) & ~3U);
    }
  }
  return {};
}

std::string own_path() {
  char path[4096];
  const long length = raw_syscall(SYS_readlink, reinterpret_cast<long>("/proc/self/exe"),
                                  reinterpret_cast<long>(path), sizeof path);
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string("?");
}

Module describe(const dl_phdr_info& info) {
  Module module;
  const char* name = info.dlpi_name;
  module.description.path = *name != '\0' ? std::string(name) : own_path();
  module.description.base = info.dlpi_addr;
  module.whole.low = ~std::uint64_t{0};
  Range relro;
  for (unsigned i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    const std::uint64_t low = info.dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_GNU_RELRO) {
      relro = {low, (low + header.p_memsz) & ~(kPage - 1)};
    }
    if (header.p_type != PT_LOAD) continue;
    if (low < module.whole.low) module.whole.low = low;
    if (low + header.p_memsz > module.whole.high) module.whole.high = low + header.p_memsz;
  }
  for (unsigned i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_W) == 0) continue;
    Range range{info.dlpi_addr + header.p_vaddr, info.dlpi_addr + header.p_vaddr + header.p_memsz};
    if (relro.low <= range.low && range.low < relro.high) range.low = relro.high;
    // Whole pages: a program that writes out of bounds reaches what stands around its data.
    range.low &= ~(kPage - 1);
    range.high = (range.high + kPage - 1) & ~(kPage - 1);
    if (range.low < range.high) module.writable.push_back(range);
  }
  module.is_runtime = module.whole.contains(reinterpret_cast<std::uint64_t>(&read_modules));
  module.is_loader = std::strstr(name, "ld-linux") != nullptr ||
                     std::strstr(name, "linux-vdso") != nullptr ||
                     std::strstr(name, "linux-gate") != nullptr;
  module.description.build_id = build_id_of(info);
  module.description.instrumented =
      !module.is_runtime && !module.is_loader && names_instrumentation(info);
  return module;
}

}  // namespace

constinit Range g_instrumented_program;

void read_modules() {
  list().clear();
  g_instrumented_count = 0;
  g_instrumented_program = {};
  g_mixed = holds_cxx_library();
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void*) {
        if (g_mixed && list().empty()) read_program_code(*info);
        list().push_back(describe(*info));
        const Module& module = list().back();
        if (module.is_runtime) g_runtime_range = module.whole;
        if (std::strstr(info->dlpi_name, "/libgcc_s.so") != nullptr)
          g_unwinder_range = module.whole;
        if (module.description.instrumented && g_instrumented_count < 16) {
          if (!g_mixed && list().size() == 1) g_instrumented_program = module.whole;
          g_instrumented[g_instrumented_count++] = module.whole;
        }
        return 0;
      },
      nullptr);
  g_added_when_read = count_added();
}

bool modules_were_added() { return count_added() != g_added_when_read; }

const std::vector<Module>& modules() { return list(); }

std::uint32_t module_of(std::uint64_t address) {
  for (std::uint32_t i = 0; i < list().size(); ++i) {
    if (list()[i].whole.contains(address)) return i;
  }
  return kNoIndex;
}

bool is_instrumented(std::uint64_t pc) {
  for (unsigned i = 0; i < g_instrumented_count; ++i) {
    if (!g_instrumented[i].contains(pc)) continue;
    return !g_mixed || !list().front().whole.contains(pc) || calls_instrumentation(pc);
  }
  return false;
}

bool is_runtime_code(std::uint64_t pc) { return g_runtime_range.contains(pc); }

bool is_unwinder_code(std::uint64_t pc) { return g_unwinder_range.contains(pc); }

bool is_foreign_data(std::uint64_t address) {
  const std::uint32_t index = module_of(address);
  return index != kNoIndex && !list()[index].description.instrumented;
}

void* find_real(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  TRAMA_CHECK(found != nullptr);
  return found;
}

}  // namespace trama::runtime
