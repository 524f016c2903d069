#include "cli/elf_view.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace trama {
namespace {

std::string_view bytes_of_section(Elf_Scn* section) {
  GElf_Shdr header;
  if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS) return {};
  const Elf_Data* data = elf_rawdata(section, nullptr);
  if (data == nullptr || data->d_buf == nullptr) return {};
  return {static_cast<const char*>(data->d_buf), data->d_size};
}

/// A signed displacement of four bytes, to be added to an address.
std::uint64_t displacement_at(std::string_view code, std::size_t at) {
  std::int32_t value = 0;
  std::memcpy(&value, code.data() + at, sizeof value);
  return static_cast<std::uint64_t>(std::int64_t{value});
}

constexpr unsigned char kCall = 0xe8;
constexpr unsigned char kJump = 0xe9;
constexpr unsigned char kIndirect = 0xff;
constexpr unsigned char kCallThrough = 0x15;  // ff 15: call *slot(%rip)
constexpr unsigned char kJumpThrough = 0x25;  // ff 25: jmp *slot(%rip)

}  // namespace

ElfView::ElfView(const std::string& path) {
  elf_version(EV_CURRENT);
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) return;
  elf_ = elf_begin(descriptor_, ELF_C_READ_MMAP, nullptr);
  if (elf_ == nullptr || elf_kind(elf_) != ELF_K_ELF) {
    if (elf_ != nullptr) elf_end(elf_);
    elf_ = nullptr;
    return;
  }
  read_sections();
  arrange_functions();
}

ElfView::~ElfView() {
  if (elf_ != nullptr) elf_end(elf_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ElfView::read_sections() {
  std::vector<CodeSection> linkage;
  std::size_t names = 0;
  elf_getshdrstrndx(elf_, &names);
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM) {
      read_symbols(section, header.sh_type == SHT_DYNSYM);
    } else if (header.sh_type == SHT_RELA) {
      read_relocations(section);
    } else if ((header.sh_flags & SHF_EXECINSTR) != 0) {
      const char* name = elf_strptr(elf_, names, header.sh_name);
      const bool is_linkage = name != nullptr && std::strncmp(name, ".plt", 4) == 0;
      (is_linkage ? linkage : code_).push_back({header.sh_addr, bytes_of_section(section)});
    }
  }
  std::sort(tsan_slots_.begin(), tsan_slots_.end());
  for (const CodeSection& section : linkage) find_linkage(section);
  std::sort(tsan_entries_.begin(), tsan_entries_.end());
}

void ElfView::read_symbols(Elf_Scn* section, bool dynamic) {
  GElf_Shdr header;
  Elf_Data* data = elf_getdata(section, nullptr);
  if (gelf_getshdr(section, &header) == nullptr || data == nullptr || header.sh_entsize == 0)
    return;
  if (!dynamic && !has_symbols_) {
    has_symbols_ = true;
    functions_.clear();  // those of the dynamic table stand here too
  }
  const std::size_t count = data->d_size / header.sh_entsize;
  for (std::size_t i = 1; i < count; ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return;
    const char* name = elf_strptr(elf_, header.sh_link, symbol.st_name);
    if (name == nullptr || *name == '\0') continue;
    const bool here = symbol.st_shndx != SHN_UNDEF;
    if (dynamic) (here ? exports_ : imports_).emplace_back(name);
    const auto type = GELF_ST_TYPE(symbol.st_info);
    const bool is_code = here && (type == STT_FUNC || type == STT_GNU_IFUNC);
    if (is_code && dynamic != has_symbols_) {
      functions_.push_back({symbol.st_value, symbol.st_size, name});
    }
  }
}

void ElfView::read_relocations(Elf_Scn* section) {
  GElf_Shdr header;
  Elf_Data* data = elf_getdata(section, nullptr);
  if (gelf_getshdr(section, &header) == nullptr || data == nullptr || header.sh_entsize == 0)
    return;
  Elf_Scn* symbols = elf_getscn(elf_, header.sh_link);
  GElf_Shdr table;
  Elf_Data* names = symbols == nullptr ? nullptr : elf_getdata(symbols, nullptr);
  if (names == nullptr || gelf_getshdr(symbols, &table) == nullptr) return;
  const std::size_t count = data->d_size / header.sh_entsize;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Rela relocation;
    GElf_Sym symbol;
    if (gelf_getrela(data, static_cast<int>(i), &relocation) == nullptr) return;
    const auto index = static_cast<int>(GELF_R_SYM(relocation.r_info));
    if (index == 0 || gelf_getsym(names, index, &symbol) == nullptr) continue;
    const char* name = elf_strptr(elf_, table.sh_link, symbol.st_name);
    if (name != nullptr && std::strncmp(name, "__tsan_", 7) == 0) {
      tsan_slots_.push_back(relocation.r_offset);
    }
  }
}

/// An entry of the procedure linkage table begins at the jump, or with some bytes before it.
void ElfView::find_linkage(const CodeSection& section) {
  for (std::size_t at = 0; at + 6 <= section.bytes.size(); ++at) {
    if (static_cast<unsigned char>(section.bytes[at]) != kIndirect) continue;
    if (static_cast<unsigned char>(section.bytes[at + 1]) != kJumpThrough) continue;
    const std::uint64_t address = section.address + at;
    const std::uint64_t slot = address + 6 + displacement_at(section.bytes, at + 2);
    if (!std::binary_search(tsan_slots_.begin(), tsan_slots_.end(), slot)) continue;
    for (const std::uint64_t entry : {address, address - address % 8, address - address % 16}) {
      if (entry >= section.address) tsan_entries_.push_back(entry);
    }
  }
}

void ElfView::arrange_functions() {
  std::sort(functions_.begin(), functions_.end(),
            [](const CodeFunction& a, const CodeFunction& b) { return a.address < b.address; });
  // Aliases: one of them is enough.
  functions_.erase(std::unique(functions_.begin(), functions_.end(),
                               [](const CodeFunction& a, const CodeFunction& b) {
                                 return a.address == b.address;
                               }),
                   functions_.end());
  for (std::size_t i = 0; i + 1 < functions_.size(); ++i) {
    const std::uint64_t room = functions_[i + 1].address - functions_[i].address;
    // Hand-written functions may have no size.
    if (functions_[i].size == 0 || functions_[i].size > room) functions_[i].size = room;
  }
}

bool ElfView::defines(std::string_view name) const {
  return std::any_of(functions_.begin(), functions_.end(),
                     [&](const CodeFunction& function) { return name == function.name; });
}

std::string_view ElfView::section(std::string_view name) const {
  std::size_t names = 0;
  if (!ok() || elf_getshdrstrndx(elf_, &names) != 0) return {};
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    const char* title = elf_strptr(elf_, names, header.sh_name);
    if (title != nullptr && name == title) return bytes_of_section(section);
  }
  return {};
}

const CodeFunction* ElfView::function_at(std::uint64_t address) const {
  auto after = std::upper_bound(
      functions_.begin(), functions_.end(), address,
      [](std::uint64_t wanted, const CodeFunction& function) { return wanted < function.address; });
  if (after == functions_.begin()) return nullptr;
  const CodeFunction& function = *std::prev(after);
  return address - function.address < function.size ? &function : nullptr;
}

std::string_view ElfView::bytes_of(const CodeFunction& function) const {
  for (const CodeSection& section : code_) {
    const std::uint64_t offset = function.address - section.address;
    if (offset < section.bytes.size()) return section.bytes.substr(offset, function.size);
  }
  return {};
}

bool ElfView::calls_instrumentation(const CodeFunction& function) const {
  const std::string_view code = bytes_of(function);
  const auto holds = [](const std::vector<std::uint64_t>& sorted, std::uint64_t value) {
    return std::binary_search(sorted.begin(), sorted.end(), value);
  };
  for (std::size_t at = 0; at + 5 <= code.size(); ++at) {
    const auto byte = static_cast<unsigned char>(code[at]);
    if (byte == kCall || byte == kJump) {
      if (holds(tsan_entries_, function.address + at + 5 + displacement_at(code, at + 1)))
        return true;
    } else if (byte == kIndirect && at + 6 <= code.size()) {
      const auto next = static_cast<unsigned char>(code[at + 1]);
      if (next != kCallThrough && next != kJumpThrough) continue;
      if (holds(tsan_slots_, function.address + at + 6 + displacement_at(code, at + 2)))
        return true;
    }
  }
  return false;
}

}  // namespace trama
