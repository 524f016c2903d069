#include "report/module_symbols.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "report/demangle.hpp"

namespace trama {
namespace {

int find_no_elf(Dwfl_Module*, void**, const char*, Dwarf_Addr, char**, Elf**) { return -1; }

const Dwfl_Callbacks kCallbacks = {
    .find_elf = find_no_elf,  // the file is given
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
    .debuginfo_path = nullptr,
};

constexpr std::string_view kGuardPrefix = "guard variable for ";  // as demanglers say it

/// A function's full name: the linkage name demangled, else the plain one.
std::string function_name(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  const char* linkage = nullptr;
  for (const unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (linkage == nullptr && dwarf_attr_integrate(die, name, &attribute) != nullptr) {
      linkage = dwarf_formstring(&attribute);
    }
  }
  if (linkage != nullptr) return demangle(linkage);
  const char* name = dwarf_diename(die);
  return name == nullptr ? std::string() : std::string(name);
}

/// Where an inlined function was called from.
void read_call_site(Dwarf_Die* inlined, Dwarf_Die* unit, SourceFrame& frame) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &value) == 0) {
    frame.line = static_cast<std::uint32_t>(value);
  }
  if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_column, &attribute), &value) == 0) {
    frame.column = static_cast<std::uint32_t>(value);
  }
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &value) == 0 &&
      dwarf_getsrcfiles(unit, &files, &count) == 0 && value < count) {
    const char* name = dwarf_filesrc(files, value, nullptr, nullptr);
    if (name != nullptr) frame.file = name;
  }
}

constexpr int kDepthMax = 64;  // of nested scopes: no compiler makes more

bool is_scope(int tag) {
  return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
         tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
}

/// All functions with code below `scope`, wherever they are nested: the body of a lambda stands
/// in the class of the lambda, in a function that may have no code there, or none at all.
void collect_functions(Dwarf_Die* scope, int depth, std::vector<FunctionRange>& functions) {
  Dwarf_Die child;
  if (depth > kDepthMax) return;
  for (int state = dwarf_child(scope, &child); state == 0;
       state = dwarf_siblingof(&child, &child)) {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_subprogram) {
      Dwarf_Addr base = 0;
      Dwarf_Addr low = 0;
      Dwarf_Addr high = 0;
      for (std::ptrdiff_t at = 0; (at = dwarf_ranges(&child, at, &base, &low, &high)) > 0;) {
        functions.push_back({low, high, child});
      }
    }
    if (is_scope(tag)) collect_functions(&child, depth + 1, functions);
  }
}

/// The scopes within `function` around `address`, innermost first, itself last.
std::vector<Dwarf_Die> scopes_within(const Dwarf_Die& function, Dwarf_Addr address) {
  std::vector<Dwarf_Die> scopes{function};
  while (scopes.size() < kDepthMax) {
    Dwarf_Die child;
    int state = dwarf_child(&scopes.back(), &child);
    for (; state == 0; state = dwarf_siblingof(&child, &child)) {
      const int tag = dwarf_tag(&child);
      const bool inner = tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block;
      if (inner && dwarf_haspc(&child, address) > 0) break;
    }
    if (state != 0) break;
    scopes.push_back(child);
  }
  std::reverse(scopes.begin(), scopes.end());
  return scopes;
}

}  // namespace

ModuleSymbols::ModuleSymbols(const std::string& path) {
  // Never wait for a server: what is not on this machine is not known.
  ::unsetenv("DEBUGINFOD_URLS");
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  dwfl_ = dwfl_begin(&kCallbacks);
  if (dwfl_ == nullptr) {
    ::close(descriptor);
    return;
  }
  dwfl_report_begin(dwfl_);
  module_ = dwfl_report_elf(dwfl_, path.c_str(), path.c_str(), descriptor, 0, false);
  if (module_ == nullptr) ::close(descriptor);  // else dwfl owns it
  dwfl_report_end(dwfl_, nullptr, nullptr);
  if (module_ == nullptr) return;
  GElf_Addr bias = 0;
  if (dwfl_module_getelf(module_, &bias) != nullptr) bias_ = bias;
  const unsigned char* id = nullptr;
  GElf_Addr id_address = 0;
  const int id_size = dwfl_module_build_id(module_, &id, &id_address);
  for (int i = 0; i < id_size; ++i) build_id_ += fmt::format("{:02x}", id[i]);
  Dwarf_Addr ignored = 0;
  debug_info_ = dwfl_module_getdwarf(module_, &ignored) != nullptr;
}

ModuleSymbols::~ModuleSymbols() {
  if (dwfl_ != nullptr) dwfl_end(dwfl_);
}

std::vector<SourceFrame> ModuleSymbols::code(std::uint64_t address) {
  if (module_ == nullptr) return {};
  SourceFrame innermost;
  const Dwarf_Addr where = address + bias_;
  Dwarf_Addr dwarf_bias = 0;
  Dwarf_Die* unit = unit_at(where, dwarf_bias);
  Dwarf_Line* line = unit == nullptr ? nullptr : dwarf_getsrc_die(unit, where - dwarf_bias);
  if (line != nullptr) {
    int number = 0;
    int column = 0;
    const char* file = dwarf_linesrc(line, nullptr, nullptr);
    if (file != nullptr) innermost.file = file;
    if (dwarf_lineno(line, &number) == 0) innermost.line = static_cast<std::uint32_t>(number);
    if (dwarf_linecol(line, &column) == 0) innermost.column = static_cast<std::uint32_t>(column);
  }
  return inline_chain(where, std::move(innermost));
}

Dwarf_Die* ModuleSymbols::unit_at(std::uint64_t where, std::uint64_t& dwarf_bias) {
  if (Dwarf_Die* unit = dwfl_module_addrdie(module_, where, &dwarf_bias)) return unit;
  // Clang writes no table from addresses to units (.debug_aranges): ask each unit.
  for (Dwarf_Die* unit = nullptr;
       (unit = dwfl_module_nextcu(module_, unit, &dwarf_bias)) != nullptr;) {
    if (dwarf_haspc(unit, where - dwarf_bias) == 1) return unit;
  }
  return nullptr;
}

const Dwarf_Die* ModuleSymbols::function_at(Dwarf_Die* unit, std::uint64_t address) {
  const auto [entry, is_new] = functions_.try_emplace(dwarf_dieoffset(unit));
  std::vector<FunctionRange>& functions = entry->second;
  if (is_new) {
    collect_functions(unit, 0, functions);
    std::sort(functions.begin(), functions.end(),
              [](const FunctionRange& a, const FunctionRange& b) { return a.low < b.low; });
  }
  const auto after = std::upper_bound(
      functions.begin(), functions.end(), address,
      [](std::uint64_t wanted, const FunctionRange& range) { return wanted < range.low; });
  if (after == functions.begin() || address >= std::prev(after)->high) return nullptr;
  return &std::prev(after)->die;
}

std::vector<SourceFrame> ModuleSymbols::inline_chain(std::uint64_t where, SourceFrame frame) {
  std::vector<SourceFrame> frames;
  Dwarf_Addr dwarf_bias = 0;
  Dwarf_Die* unit = unit_at(where, dwarf_bias);
  std::vector<Dwarf_Die> scopes;
  if (unit != nullptr) {
    const Dwarf_Die* function = function_at(unit, where - dwarf_bias);
    if (function != nullptr) scopes = scopes_within(*function, where - dwarf_bias);
  }
  for (Dwarf_Die& it : scopes) {
    Dwarf_Die* scope = &it;
    const int tag = dwarf_tag(scope);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
    frame.function = function_name(scope);
    if (tag == DW_TAG_subprogram) {
      // DWARF has no linkage name for a lambda; the symbol tells which function it is in. And it
      // alone tells the body of a coroutine from the function that makes one.
      const std::string symbol = symbol_name(where - bias_, false);
      const bool lambda = frame.function == "operator()" && !symbol.empty();
      if (lambda || is_coroutine(symbol)) frame.function = symbol;
    }
    // Clang 18 and newer make a function of what a co_await calls: nothing that a person wrote.
    if (frame.function.find(".__await_suspend_wrapper_") != std::string::npos) continue;
    frames.push_back(frame);
    if (tag == DW_TAG_subprogram) return frames;
    frame = SourceFrame{};
    read_call_site(scope, unit, frame);
  }
  frame.function = symbol_name(where - bias_, false);
  if (!frame.function.empty() || frame.line != 0) frames.push_back(std::move(frame));
  return frames;
}

std::string ModuleSymbols::symbol_name(std::uint64_t address, bool data) {
  GElf_Sym symbol;
  GElf_Off offset = 0;
  const char* name =
      dwfl_module_addrinfo(module_, address + bias_, &offset, &symbol, nullptr, nullptr, nullptr);
  if (name == nullptr || *name == '\0') return {};
  if (!data) return demangle(name);
  if (offset >= symbol.st_size || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT) return {};
  std::string text = demangle(name);
  // A function's static: its own name is enough; but its guard is not itself.
  const bool guard = text.starts_with(kGuardPrefix);
  const std::size_t function = text.rfind(")::");
  if (function != std::string::npos) text.erase(0, function + 3);
  if (guard && function != std::string::npos) text.insert(0, kGuardPrefix);
  return offset == 0 ? text : fmt::format("{}+{}", text, offset);
}

void ModuleSymbols::read_variables() {
  variables_read_ = true;
  Dwarf_Addr dwarf_bias = 0;
  Dwarf_Die* unit = nullptr;
  while ((unit = dwfl_module_nextcu(module_, unit, &dwarf_bias)) != nullptr) {
    collect_variables(unit, dwarf_bias - bias_, variables_);
  }
  std::sort(variables_.begin(), variables_.end(),
            [](const Variable& a, const Variable& b) { return a.address < b.address; });
}

std::string ModuleSymbols::variable_name(std::uint64_t address) {
  if (!variables_read_) read_variables();
  auto after = std::upper_bound(
      variables_.begin(), variables_.end(), address,
      [](std::uint64_t wanted, const Variable& variable) { return wanted < variable.address; });
  if (after == variables_.begin()) return {};
  Variable& variable = *std::prev(after);
  const std::uint64_t offset = address - variable.address;
  return offset < variable.size ? variable_path(variable, offset) : std::string();
}

std::string ModuleSymbols::data(std::uint64_t address) {
  if (module_ == nullptr) return {};
  if (debug_info_) {
    std::string name = variable_name(address);
    if (!name.empty()) return name;
  }
  return symbol_name(address, true);
}

}  // namespace trama
