#include "runtime/code_origin.hpp"

#include <unwind.h>

#include <cstring>
#include <string>
#include <vector>

#include "runtime/engine.hpp"
#include "runtime/modules.hpp"
#include "runtime/program_symbols.hpp"

namespace trama::runtime {
namespace {

struct Function {
  std::uint64_t address = 0;
  Origin origin = Origin::user;
};
struct Place {
  std::uint64_t pc = 0;
  std::uint64_t function = 0;
};

bool begins_with(const std::string& name, const char* start) {
  return name.compare(0, std::strlen(start), start) == 0;
}

/// Compilers name what goes on with a coroutine after it.
bool is_coroutine(const std::string& mangled) {
  return mangled.find(".actor") != std::string::npos ||
         mangled.find(".resume") != std::string::npos;
}

Origin origin_by(const std::string& mangled) {
  // Of a lambda in it (_ZZN), a constant member (_ZNK), and so on: what follows the letters.
  std::size_t letters = begins_with(mangled, "_Z") ? 2 : mangled.size();
  while (letters < mangled.size() && std::strchr("ZNK", mangled[letters]) != nullptr) ++letters;
  const std::string name = mangled.substr(letters);
  if (begins_with(name, "St")) return Origin::standard;
  if (!begins_with(name, "5boost4asio") && !begins_with(name, "4asio")) return Origin::user;
  const char* detail = name[0] == '5' ? "5boost4asio6detail" : "4asio6detail";
  const bool enters = begins_with(name, detail) &&
                      begins_with(name.substr(std::strlen(detail)), "20co_spawn_entry_point");
  return enters && is_coroutine(name) ? Origin::entry_point : Origin::asio;
}

}  // namespace

std::uint64_t function_at(std::uint64_t pc) {
  static auto* places = new std::vector<Place>(1024);
  Place& place = (*places)[(pc * 0x9e3779b97f4a7c15U) >> 54U];
  if (place.pc == pc) return place.function;
  const OutOfControl asking;
  const bool unwinding = engine().unwinding;
  using Find = decltype(&_Unwind_FindEnclosingFunction);
  static auto* find = reinterpret_cast<Find>(find_unwinder("_Unwind_FindEnclosingFunction"));
  engine().unwinding = true;
  const void* function = find == nullptr ? nullptr : find(reinterpret_cast<void*>(pc));
  engine().unwinding = unwinding;
  place = {pc, reinterpret_cast<std::uint64_t>(function)};
  return place.function;
}

bool begins_function(std::uint64_t address) {
  return module_of(address) != kNoIndex && !is_runtime_code(address) &&
         // A return address stands behind a call: so the lookup goes one byte back.
         function_at(address + 1) == address;
}

Origin origin_of(std::uint64_t function) {
  static auto* known = new std::vector<Function>;
  for (const Function& one : *known) {
    if (one.address == function) return one.origin;
  }
  const OutOfControl reading;
  known->push_back({function, origin_by(name_of_function(function))});
  return known->back().origin;
}

}  // namespace trama::runtime
