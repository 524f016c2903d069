// The beginnings of functions are in the table that the unwinder searches (.eh_frame_hdr), which
// every program has, stripped or not. A function is instrumented if its code holds a call to the
// instrumentation: through the procedure linkage table (`call` to a `jmp *slot`), or straight
// through the slot (-fno-plt). The bytes are searched, not decoded: a displacement that leads to
// just such a place by chance is not to be expected.
#include "runtime/instrumented_code.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "runtime/modules.hpp"

namespace trama::runtime {
namespace {

/// The table of .eh_frame_hdr, in the one form that linkers write: pairs of offsets from `base`,
/// sorted.
struct FunctionTable {
  struct Entry {
    std::int32_t function;
    std::int32_t description;
  };
  std::uint64_t base = 0;
  const Entry* entries = nullptr;
  std::uint32_t count = 0;
  Range program;
};

struct Answer {
  std::uint64_t pc = 0;
  bool yes = false;
};
constexpr unsigned kAnswers = 4096;

FunctionTable g_functions;
Answer g_answers[kAnswers];

/// Where the loader puts the addresses of the instrumentation's functions; sorted.
std::vector<std::uint64_t>& slots() {
  static auto* made = new std::vector<std::uint64_t>;
  return *made;
}

bool is_slot(std::uint64_t address) {
  return std::binary_search(slots().begin(), slots().end(), address);
}

std::int32_t displacement(std::uint64_t at) {
  std::int32_t value = 0;
  std::memcpy(&value, reinterpret_cast<const void*>(at), sizeof value);
  return value;
}
std::uint64_t target(std::uint64_t at) {
  return at + 4 + static_cast<std::uint64_t>(std::int64_t{displacement(at)});
}

/// True if a linkage stub stands here: endbr64 perhaps, bnd perhaps, jmp *slot(%rip).
bool is_stub(std::uint64_t at, const Range& code) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(at);
  if (!code.contains(at) || !code.contains(at + 16)) return false;
  if (std::memcmp(bytes, "\xf3\x0f\x1e\xfa", 4) == 0) bytes += 4;
  if (*bytes == 0xf2) ++bytes;
  if (bytes[0] != 0xff || bytes[1] != 0x25) return false;
  return is_slot(target(reinterpret_cast<std::uint64_t>(bytes + 2)));
}

bool search(Range function, const Range& code) {
  for (std::uint64_t at = function.low; at + 6 <= function.high; ++at) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(at);
    if (bytes[0] == 0xe8 && is_stub(target(at + 1), code)) return true;
    if (bytes[0] == 0xff && bytes[1] == 0x15 && is_slot(target(at + 2))) return true;
  }
  return false;
}

void read_function_table(std::uint64_t header, Range whole) {
  // Version 1, pointer relative to itself, count as 4 bytes, table of 4-byte pairs.
  const auto* bytes = reinterpret_cast<const unsigned char*>(header);
  if (bytes[0] != 1 || bytes[1] != 0x1b || bytes[2] != 0x03 || bytes[3] != 0x3b) return;
  std::memcpy(&g_functions.count, bytes + 8, sizeof g_functions.count);
  g_functions.base = header;
  g_functions.entries = reinterpret_cast<const FunctionTable::Entry*>(bytes + 12);
  g_functions.program = whole;
}

void read_slots(std::uint64_t base, const ElfW(Dyn) * dynamic) {
  const ElfW(Sym)* symbols = nullptr;
  const char* names = nullptr;
  struct Relocations {
    const ElfW(Rela) * first = nullptr;
    std::size_t bytes = 0;
  } tables[2];
  for (; dynamic->d_tag != DT_NULL; ++dynamic) {
    const auto value = dynamic->d_un.d_ptr;
    if (dynamic->d_tag == DT_SYMTAB) symbols = reinterpret_cast<const ElfW(Sym)*>(value);
    if (dynamic->d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(value);
    if (dynamic->d_tag == DT_JMPREL) tables[0].first = reinterpret_cast<const ElfW(Rela)*>(value);
    if (dynamic->d_tag == DT_PLTRELSZ) tables[0].bytes = value;
    if (dynamic->d_tag == DT_RELA) tables[1].first = reinterpret_cast<const ElfW(Rela)*>(value);
    if (dynamic->d_tag == DT_RELASZ) tables[1].bytes = value;
  }
  slots().clear();
  if (symbols == nullptr || names == nullptr) return;
  for (const Relocations& table : tables) {
    if (table.first == nullptr) continue;
    for (std::size_t i = 0; i < table.bytes / sizeof(ElfW(Rela)); ++i) {
      const auto& symbol = symbols[ELF64_R_SYM(table.first[i].r_info)];
      if (std::strncmp(names + symbol.st_name, "__tsan_", 7) != 0) continue;
      slots().push_back(base + table.first[i].r_offset);
    }
  }
  std::sort(slots().begin(), slots().end());
}

}  // namespace

void read_program_code(const dl_phdr_info& program) {
  g_functions = {};
  std::fill(std::begin(g_answers), std::end(g_answers), Answer{});
  Range whole{~std::uint64_t{0}, 0};
  std::uint64_t frames = 0;
  for (unsigned i = 0; i < program.dlpi_phnum; ++i) {
    const auto& header = program.dlpi_phdr[i];
    const std::uint64_t low = program.dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && low < whole.low) whole.low = low;
    if (header.p_type == PT_LOAD) whole.high = std::max(whole.high, low + header.p_memsz);
    if (header.p_type == PT_GNU_EH_FRAME) frames = low;
    if (header.p_type == PT_DYNAMIC) {
      read_slots(program.dlpi_addr, reinterpret_cast<const ElfW(Dyn)*>(low));
    }
  }
  if (frames != 0) read_function_table(frames, whole);
}

bool calls_instrumentation(std::uint64_t pc) {
  Answer& answer = g_answers[(pc * 0x9e3779b97f4a7c15U) >> 52U];
  if (answer.pc == pc) return answer.yes;
  bool yes = true;
  // The last function that begins before the call which returns to `pc`.
  const FunctionTable& table = g_functions;
  const auto offset = static_cast<std::int64_t>(pc - 1 - table.base);
  const auto* last = table.entries + table.count;
  const auto* next = std::upper_bound(
      table.entries, last, offset,
      [](std::int64_t value, const FunctionTable::Entry& entry) { return value < entry.function; });
  if (table.count != 0 && next != table.entries) {
    const auto start_of = [&](const FunctionTable::Entry* entry) {
      return table.base + static_cast<std::uint64_t>(std::int64_t{entry->function});
    };
    const Range function{start_of(next - 1), next == last ? pc : start_of(next)};
    yes = search(function, table.program);
  }
  answer = {pc, yes};
  return yes;
}

}  // namespace trama::runtime
