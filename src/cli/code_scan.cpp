#include "cli/code_scan.hpp"

#include <capstone.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace trama {
namespace {

class Decoder {
 public:
  Decoder() : ok_(cs_open(CS_ARCH_X86, CS_MODE_64, &handle_) == CS_ERR_OK) {
    if (ok_) instruction_ = cs_malloc(handle_);
  }
  ~Decoder() {
    if (instruction_ != nullptr) cs_free(instruction_, 1);
    if (ok_) cs_close(&handle_);
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// Calls `visit` with each instruction; bytes that are none are stepped over.
  template <typename Visit>
  void decode(std::string_view bytes, std::uint64_t address, Visit visit) {
    const auto* code = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t left = bytes.size();
    while (instruction_ != nullptr && left > 0) {
      if (cs_disasm_iter(handle_, &code, &left, &address, instruction_)) {
        if (!visit(*instruction_)) return;
        continue;
      }
      ++code;
      --left;
      ++address;
    }
  }

 private:
  csh handle_ = 0;
  bool ok_;
  cs_insn* instruction_ = nullptr;
};

bool is_memory(unsigned char mod_rm) { return (mod_rm & 0xc0U) != 0xc0U; }

/// Opcodes of one byte that may bear `lock`, where they write to memory.
bool may_be_locked(unsigned char opcode) {
  const bool arithmetic = opcode < 0x38 && (opcode & 6U) == 0;
  return arithmetic || opcode == 0x80 || opcode == 0x81 || opcode == 0x83 || opcode == 0x86 ||
         opcode == 0x87 || opcode == 0xf6 || opcode == 0xf7 || opcode == 0xfe || opcode == 0xff;
}

/// The same for opcodes behind 0x0f.
bool may_be_locked_long(unsigned char opcode) {
  switch (opcode) {
    case 0xab:
    case 0xb0:
    case 0xb1:
    case 0xb3:
    case 0xba:
    case 0xbb:
    case 0xc0:
    case 0xc1:
    case 0xc7: return true;
    default: return false;
  }
}

bool is_prefix(unsigned char byte) {
  return (byte & 0xf0U) == 0x40 || byte == 0x66 || byte == 0x67 || byte == 0xf2 || byte == 0xf3 ||
         byte == 0x64 || byte == 0x65;
}

/// Whether the bytes may begin an instruction of interest. `at` has ten bytes behind it.
bool may_begin_one(const unsigned char* at) {
  if (at[0] == 0xf0) {
    const unsigned char* opcode = at + 1;
    for (int i = 0; i < 3 && is_prefix(*opcode); ++i) ++opcode;
    if (*opcode == 0x0f) return may_be_locked_long(opcode[1]) && is_memory(opcode[2]);
    return may_be_locked(*opcode) && is_memory(opcode[1]);
  }
  if (at[0] == 0x86 || at[0] == 0x87) return is_memory(at[1]);
  if (at[0] == 0xcd) return at[1] == 0x80;
  if (at[0] != 0x0f) return false;
  const bool random = at[1] == 0xc7 && !is_memory(at[2]) && (at[2] & 0x30U) == 0x30;
  return at[1] == 0x05 || at[1] == 0x34 || at[1] == 0x31 || (at[1] == 0x01 && at[2] == 0xf9) ||
         random;
}

std::optional<UnseenKind> kind_of(const cs_insn& instruction) {
  const std::string_view name = instruction.mnemonic;
  if (name.starts_with("lock ")) return UnseenKind::lock;
  if (name == "xchg") {
    const bool memory = std::string_view(instruction.op_str).find('[') != std::string_view::npos;
    return memory ? std::optional(UnseenKind::lock) : std::nullopt;
  }
  if (name == "syscall" || name == "sysenter") return UnseenKind::system_call;
  if (name == "int") {
    const bool linux_call = std::string_view(instruction.op_str) == "0x80";
    return linux_call ? std::optional(UnseenKind::system_call) : std::nullopt;
  }
  if (name == "rdtsc" || name == "rdtscp") return UnseenKind::clock;
  if (name == "rdrand" || name == "rdseed") return UnseenKind::random;
  if (name == "rdpid") return UnseenKind::processor;
  return std::nullopt;
}

constexpr std::size_t kLongest = 15;  // bytes of an instruction

class Scan {
 public:
  explicit Scan(const ElfView& file) : file_(file) {}

  std::vector<UnseenInstruction> run() {
    for (const CodeSection& section : file_.code()) look_through(section);
    return std::move(found_);
  }

 private:
  void look_through(const CodeSection& section) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(section.bytes.data());
    const std::size_t size = section.bytes.size();
    for (std::size_t at = 0; at < size; ++at) {
      unsigned char last[kLongest] = {};
      const unsigned char* here = bytes + at;
      if (size - at < kLongest) {
        std::copy(here, bytes + size, last);
        here = last;
      }
      if (!may_begin_one(here)) continue;
      at = decode_around(section, at) - 1;
    }
  }

  /// Decodes the function around a byte, or, where no symbol tells, all up to the next one;
  /// gives the offset behind it.
  std::size_t decode_around(const CodeSection& section, std::size_t at) {
    const CodeFunction* function = file_.function_at(section.address + at);
    std::uint64_t low = section.address;
    std::uint64_t high = section.address + section.bytes.size();
    if (function != nullptr) {
      low = function->address;
      high = std::min(high, function->address + function->size);
    } else {
      for (const CodeFunction& each : file_.functions()) {
        const std::uint64_t end = each.address + each.size;
        if (end <= section.address + at) low = std::max(low, end);
        if (each.address > section.address + at) {
          high = std::min(high, each.address);
          break;
        }
      }
    }
    low = std::max(low, section.address);
    const std::size_t offset = low - section.address;
    decoder_.decode(section.bytes.substr(offset, high - low), low, [&](const cs_insn& instruction) {
      if (const auto kind = kind_of(instruction)) {
        found_.push_back({*kind, instruction.address, instruction.mnemonic, function});
      }
      return true;
    });
    return std::max(at + 1, static_cast<std::size_t>(high - section.address));
  }

  const ElfView& file_;
  Decoder decoder_;
  std::vector<UnseenInstruction> found_;
};

}  // namespace

std::vector<UnseenInstruction> find_unseen(const ElfView& file) { return Scan(file).run(); }

bool touches_memory(const ElfView& file, const CodeFunction& function) {
  static Decoder decoder;
  bool touches = false;
  decoder.decode(file.bytes_of(function), function.address, [&](const cs_insn& instruction) {
    const std::string_view name = instruction.mnemonic;
    const std::string_view operands = instruction.op_str;
    const std::size_t at = operands.find('[');
    if (at == std::string_view::npos || name == "lea" || name == "nop" || name == "call" ||
        name == "jmp") {
      return true;
    }
    const std::string_view base = operands.substr(at + 1, 3);
    touches = base != "rsp" && base != "rbp" && operands.find("fs:") == std::string_view::npos;
    return !touches;
  });
  return touches;
}

}  // namespace trama
