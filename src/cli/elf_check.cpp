#include "cli/elf_check.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

namespace trama {
namespace {

/// What matters of the symbols and sections.
struct Contents {
  bool interpreter = false;
  bool debug_info = false;
  bool tsan_imported = false;
  bool tsan_defined = false;
  std::string build_id;
};

class ElfFile {
 public:
  explicit ElfFile(int descriptor) {
    elf_version(EV_CURRENT);
    elf_ = elf_begin(descriptor, ELF_C_READ, nullptr);
  }
  ~ElfFile() {
    if (elf_ != nullptr) elf_end(elf_);
  }
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  /// False where the file contradicts itself, or is shorter than it says.
  bool read(std::uint64_t file_size, Contents& contents) {
    if (elf_ == nullptr || elf_kind(elf_) != ELF_K_ELF) return false;
    GElf_Ehdr head;
    if (gelf_getehdr(elf_, &head) == nullptr) return false;
    const auto is_inside = [&](std::uint64_t offset, std::uint64_t size) {
      return offset <= file_size && size <= file_size - offset;
    };
    const std::uint64_t program_bytes = std::uint64_t{head.e_phnum} * head.e_phentsize;
    const std::uint64_t section_bytes = std::uint64_t{head.e_shnum} * head.e_shentsize;
    if (!is_inside(head.e_phoff, program_bytes)) return false;
    if (!is_inside(head.e_shoff, section_bytes)) return false;
    std::size_t headers = 0;
    if (elf_getphdrnum(elf_, &headers) != 0) return false;
    for (std::size_t i = 0; i < headers; ++i) {
      GElf_Phdr header;
      if (gelf_getphdr(elf_, static_cast<int>(i), &header) == nullptr) return false;
      if (header.p_type == PT_LOAD && !is_inside(header.p_offset, header.p_filesz)) return false;
      if (header.p_type == PT_INTERP) contents.interpreter = true;
    }
    std::size_t names = 0;
    if (elf_getshdrstrndx(elf_, &names) != 0) return true;  // stripped of all sections
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
      read_section(section, names, contents);
    }
    return true;
  }

 private:
  void read_section(Elf_Scn* section, std::size_t names, Contents& contents) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) return;
    const char* name = elf_strptr(elf_, names, header.sh_name);
    const std::string_view title = name == nullptr ? "" : name;
    if (title == ".debug_info" || title == ".zdebug_info" || title == ".gnu_debuglink") {
      contents.debug_info = true;
    }
    if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM) {
      read_symbols(section, header, contents);
    }
    if (title == ".note.gnu.build-id") read_build_id(section, contents);
  }

  void read_symbols(Elf_Scn* section, const GElf_Shdr& header, Contents& contents) {
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize == 0) return;
    const std::size_t count = data->d_size / header.sh_entsize;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return;
      const char* name = elf_strptr(elf_, header.sh_link, symbol.st_name);
      if (name == nullptr || std::strncmp(name, "__tsan_", 7) != 0) continue;
      if (symbol.st_shndx == SHN_UNDEF) {
        contents.tsan_imported = true;
      } else if (std::strcmp(name, "__tsan_init") == 0) {
        contents.tsan_defined = true;
      }
    }
  }

  static void read_build_id(Elf_Scn* section, Contents& contents) {
    Elf_Data* data = elf_getdata(section, nullptr);
    GElf_Nhdr note;
    std::size_t name = 0;
    std::size_t content = 0;
    if (data == nullptr || gelf_getnote(data, 0, &note, &name, &content) == 0) return;
    if (note.n_type != NT_GNU_BUILD_ID || content + note.n_descsz > data->d_size) return;
    constexpr char digits[] = "0123456789abcdef";
    const auto* bytes = static_cast<const unsigned char*>(data->d_buf) + content;
    for (std::size_t i = 0; i < note.n_descsz; ++i) {
      contents.build_id += digits[bytes[i] >> 4U];
      contents.build_id += digits[bytes[i] & 0xfU];
    }
  }

  Elf* elf_ = nullptr;
};

/// Closes at the end of its scope.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

/// The complaint that the first bytes deserve, if any.
std::optional<Message> check_head(const unsigned char* head, std::size_t size) {
  if (size >= 2 && head[0] == '#' && head[1] == '!') return Message::elf_script;
  if (size < EI_NIDENT || std::memcmp(head, ELFMAG, SELFMAG) != 0) return Message::elf_not_elf;
  if (head[EI_CLASS] == ELFCLASS32) return Message::elf_32_bit;
  if (size < sizeof(Elf64_Ehdr) || head[EI_CLASS] != ELFCLASS64) return Message::elf_damaged;
  Elf64_Ehdr header;
  std::memcpy(&header, head, sizeof header);
  if (header.e_machine != EM_X86_64) return Message::elf_other_machine;
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) return Message::elf_not_program;
  return std::nullopt;
}

}  // namespace

Result<ElfFacts> check_program(const std::string& path, const std::string& name,
                               Language language) {
  const auto error = [&](Message message) { return Error{say(language, message, name, name)}; };
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return error(Message::elf_no_such_file);
    return Error{say(language, Message::elf_not_readable, name, std::strerror(errno))};
  }
  if (S_ISDIR(status.st_mode)) return error(Message::elf_directory);
  if (!S_ISREG(status.st_mode)) return error(Message::elf_not_elf);
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) {
    return Error{say(language, Message::elf_not_readable, name, std::strerror(errno))};
  }
  unsigned char head[sizeof(Elf64_Ehdr)] = {};
  const ssize_t count = ::read(file.number, head, sizeof head);
  if (const auto complaint = check_head(head, count < 0 ? 0 : static_cast<std::size_t>(count))) {
    return error(*complaint);
  }
  if ((status.st_mode & 0111U) == 0 || ::access(path.c_str(), X_OK) != 0) {
    return error(Message::elf_not_executable);
  }
  Contents contents;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (!ElfFile(file.number).read(size, contents)) return error(Message::elf_damaged);
  Elf64_Ehdr header;
  std::memcpy(&header, head, sizeof header);
  if (contents.tsan_defined) {
    const bool library = !contents.interpreter && header.e_type == ET_DYN;
    return error(library ? Message::elf_runtime : Message::elf_static_tsan);
  }
  if (!contents.interpreter) {
    return error(header.e_type == ET_EXEC ? Message::elf_static : Message::elf_not_program);
  }
  if (!contents.tsan_imported) return error(Message::elf_not_instrumented);
  return ElfFacts{contents.debug_info, std::move(contents.build_id)};
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos || ::access(name.c_str(), F_OK) == 0) return name;
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    std::string candidate = std::string(rest.substr(0, colon)) + "/" + name;
    if (colon > 0 && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return name;
}

}  // namespace trama
