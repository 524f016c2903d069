#include "report/units.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <unistd.h>

namespace trama {
namespace {

std::string text_attribute(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  const char* text = dwarf_formstring(dwarf_attr(die, name, &attribute));
  return text == nullptr ? std::string() : std::string(text);
}

CompilationUnit describe(Dwarf_Die* die) {
  CompilationUnit unit{text_attribute(die, DW_AT_name), text_attribute(die, DW_AT_producer), {}};
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  std::ptrdiff_t at = 0;
  while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
    if (low != 0 && low < high) unit.code.emplace_back(low, high);  // 0: the linker dropped it
  }
  return unit;
}

}  // namespace

std::vector<CompilationUnit> compilation_units(const std::string& path) {
  std::vector<CompilationUnit> units;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return units;
  if (Dwarf* dwarf = dwarf_begin(descriptor, DWARF_C_READ)) {
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    while (dwarf_get_units(dwarf, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
      if (dwarf_tag(&die) == DW_TAG_compile_unit) units.push_back(describe(&die));
    }
    dwarf_end(dwarf);
  }
  ::close(descriptor);
  return units;
}

}  // namespace trama
