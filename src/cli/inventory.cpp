#include "cli/inventory.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

#include "report/demangle.hpp"
#include "report/units.hpp"

namespace trama {
namespace {

/// What every program begins and ends with, from the C library and the compiler.
bool is_start_up(std::string_view name) {
  constexpr std::array kNames = {"_init",
                                 "_fini",
                                 "_start",
                                 "deregister_tm_clones",
                                 "register_tm_clones",
                                 "__do_global_dtors_aux",
                                 "frame_dummy",
                                 "__libc_csu_init",
                                 "__libc_csu_fini",
                                 "_dl_relocate_static_pie",
                                 "tsan.module_ctor",
                                 "atexit"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

class Units {
 public:
  explicit Units(const std::string& path) : units_(compilation_units(path)) {}

  /// Index of the unit that holds an address, or size().
  [[nodiscard]] std::size_t at(std::uint64_t address) const {
    for (std::size_t i = 0; i < units_.size(); ++i) {
      for (const auto& [low, high] : units_[i].code) {
        if (low <= address && address < high) return i;
      }
    }
    return units_.size();
  }
  [[nodiscard]] std::size_t size() const { return units_.size(); }
  [[nodiscard]] const CompilationUnit& operator[](std::size_t i) const { return units_[i]; }

 private:
  std::vector<CompilationUnit> units_;
};

void find_plain_code(const std::string& path, const ElfView& file, Inventory& inventory) {
  const Units units(path);
  struct Seen {
    bool instrumented = false;
    bool touches_memory = false;
  };
  std::vector<Seen> seen(units.size());
  const bool brings_libraries = file.defines("__cxa_throw") || file.defines("_Unwind_Resume");
  for (const CodeFunction& function : file.functions()) {
    const bool instrumented = file.calls_instrumentation(function);
    if (instrumented) ++inventory.instrumented_functions;
    const std::size_t unit = units.at(function.address);
    if (unit < units.size()) {
      seen[unit].instrumented |= instrumented;
      if (!seen[unit].instrumented && !seen[unit].touches_memory) {
        seen[unit].touches_memory = touches_memory(file, function);
      }
      continue;
    }
    // Without debug information nothing tells an instrumented file's function that had nothing to
    // instrument from one that was built without.
    if (units.size() == 0 || instrumented || is_start_up(function.name)) continue;
    if (brings_libraries && is_compilers_own(function.name)) continue;
    if (touches_memory(file, function)) {
      inventory.plain_functions.push_back(demangle(function.name));
    }
  }
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool said = units[i].producer.find("-fsanitize=thread") != std::string::npos;
    if (!said && !seen[i].instrumented && seen[i].touches_memory) {
      inventory.plain_units.push_back(units[i].name);
    }
  }
}

/// The names in the runtime's table, those that are blind only at times left out.
std::unordered_set<std::string_view> blind_names(const ElfView& runtime) {
  std::unordered_set<std::string_view> names;
  std::string_view rest = runtime.section("trama_blind");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    const std::string_view name = rest.substr(0, end);
    if (!name.empty() && !name.ends_with('?')) names.insert(name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

void find_varying(const ElfView& file, ProgramScan& scan, Inventory& inventory) {
  for (const UnseenInstruction& found : scan.all()) {
    if (found.kind == UnseenKind::lock || found.kind == UnseenKind::system_call) continue;
    BlindCall place = scan.place_of(found);
    if (scan.is_known_code(place, found)) continue;
    const Varying::Kind kind = found.kind == UnseenKind::clock    ? Varying::Kind::clock
                               : found.kind == UnseenKind::random ? Varying::Kind::random
                                                                  : Varying::Kind::processor;
    inventory.varying.push_back({kind, found.text, std::move(place)});
  }
  constexpr std::array kCalls = {"getpid",      "getppid",  "getrusage", "times",   "sched_getcpu",
                                 "getcpu",      "sysinfo",  "uname",     "ftime",   "getloadavg",
                                 "gethostname", "getlogin", "tmpnam",    "mkstemp", "mkdtemp"};
  for (const std::string_view name : kCalls) {
    const bool imported =
        std::find(file.imports().begin(), file.imports().end(), name) != file.imports().end();
    if (imported) inventory.varying.push_back({Varying::Kind::call, std::string(name), {}});
  }
  for (const std::string_view name : {"/dev/urandom", "/dev/random", "/proc/", "/sys/"}) {
    if (file.section(".rodata").find(name) != std::string_view::npos) {
      inventory.varying.push_back({Varying::Kind::file, std::string(name), {}});
    }
  }
}

}  // namespace

Inventory take_inventory(const std::string& path, const std::string& runtime, ProgramScan& scan) {
  Inventory inventory;
  const ElfView& file = scan.file();
  find_plain_code(path, file, inventory);
  const ElfView library(runtime);
  const auto blind = blind_names(library);
  for (const std::string_view name : file.imports()) {
    if (blind.contains(name)) inventory.blind_imports.emplace_back(name);
  }
  std::sort(inventory.blind_imports.begin(), inventory.blind_imports.end());
  find_varying(file, scan, inventory);
  return inventory;
}

}  // namespace trama
