#include "runtime/program_symbols.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdint>
#include <cstring>

#include "runtime/real.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {
namespace {

/// The program's file, mapped for as long as this lives.
class ProgramFile {
 public:
  ProgramFile() {
    const long file = raw_syscall(SYS_openat, AT_FDCWD, reinterpret_cast<long>("/proc/self/exe"),
                                  O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    struct stat status {};
    if (raw_syscall(SYS_fstat, file, reinterpret_cast<long>(&status)) == 0) {
      size_ = static_cast<std::uint64_t>(status.st_size);
      const long at =
          raw_syscall(SYS_mmap, 0, static_cast<long>(size_), PROT_READ, MAP_PRIVATE, file, 0);
      if (at > 0 || at < -4095) bytes_ = reinterpret_cast<const char*>(at);
    }
    raw_syscall(SYS_close, file);
  }
  ~ProgramFile() {
    if (bytes_ == nullptr) return;
    raw_syscall(SYS_munmap, reinterpret_cast<long>(bytes_), static_cast<long>(size_));
  }
  ProgramFile(const ProgramFile&) = delete;
  ProgramFile& operator=(const ProgramFile&) = delete;

  /// `count` objects at `offset`; null where the file is too short for them.
  template <typename T>
  const T* at(std::uint64_t offset, std::uint64_t count = 1) const {
    if (bytes_ == nullptr || offset > size_ || count > (size_ - offset) / sizeof(T)) return nullptr;
    return reinterpret_cast<const T*>(bytes_ + offset);
  }

 private:
  const char* bytes_ = nullptr;
  std::uint64_t size_ = 0;
};

/// Calls `look(symbol, name, length)` for each symbol that the file defines, until it says true;
/// `length`: how many bytes may be read at `name`.
template <typename Look>
void each_symbol(const ProgramFile& file, Look look) {
  const auto* head = file.at<ElfW(Ehdr)>(0);
  if (head == nullptr || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0) return;
  const auto* sections = file.at<ElfW(Shdr)>(head->e_shoff, head->e_shnum);
  if (sections == nullptr) return;
  for (unsigned i = 0; i < head->e_shnum; ++i) {
    if (sections[i].sh_type != SHT_SYMTAB || sections[i].sh_link >= head->e_shnum) continue;
    const ElfW(Shdr)& table = sections[sections[i].sh_link];
    const std::uint64_t count = sections[i].sh_size / sizeof(ElfW(Sym));
    const auto* symbols = file.at<ElfW(Sym)>(sections[i].sh_offset, count);
    const char* names = file.at<char>(table.sh_offset, table.sh_size);
    if (symbols == nullptr || names == nullptr) return;
    for (std::uint64_t k = 0; k < count; ++k) {
      const ElfW(Sym)& symbol = symbols[k];
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_name > table.sh_size) continue;
      if (look(symbol, names + symbol.st_name, table.sh_size - symbol.st_name)) return;
    }
  }
}

/// The value of `name` in the file's symbol table, which is an address before loading; 0 if none.
std::uint64_t value_of(const ProgramFile& file, const char* name) {
  const std::size_t length = std::strlen(name) + 1;
  std::uint64_t value = 0;
  each_symbol(file, [&](const ElfW(Sym) & symbol, const char* at, std::uint64_t size) {
    if (size < length || std::memcmp(at, name, length) != 0) return false;
    value = symbol.st_value;
    return true;
  });
  return value;
}

/// What is added to addresses of the program's file where it is loaded: its module is the first.
std::uint64_t program_base() {
  std::uint64_t base = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* result) {
        *static_cast<std::uint64_t*>(result) = info->dlpi_addr;
        return 1;
      },
      &base);
  return base;
}

}  // namespace

void* find_in_program(const char* name) {
  void* known = dlsym(RTLD_DEFAULT, name);
  return known != nullptr ? known : find_in_file(name);
}

void* find_in_file(const char* name) {
  const ProgramFile file;
  const std::uint64_t value = value_of(file, name);
  return value == 0 ? nullptr : reinterpret_cast<void*>(program_base() + value);
}

std::string name_of_function(std::uint64_t address) {
  const ProgramFile file;
  const std::uint64_t value = address - program_base();
  std::string name;
  each_symbol(file, [&](const ElfW(Sym) & symbol, const char* at, std::uint64_t size) {
    if (symbol.st_value != value || ELF64_ST_TYPE(symbol.st_info) != STT_FUNC) return false;
    name.assign(at, strnlen(at, size));
    return true;
  });
  return name;
}

bool holds_cxx_library() {
  static const bool holds = dlsym(RTLD_NEXT, "_Znwm") == nullptr;
  return holds;
}

void* find_unwinder(const char* name) {
  void* known = dlsym(RTLD_DEFAULT, name);
  if (known != nullptr) return known;
  static void* library = TRAMA_REAL(dlopen)("libgcc_s.so.1", RTLD_NOW | RTLD_LOCAL);
  return library == nullptr ? nullptr : dlsym(library, name);
}

}  // namespace trama::runtime
