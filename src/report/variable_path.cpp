#include "report/variable_path.hpp"

#include <dwarf.h>
#include <fmt/format.h>

#include <string_view>

namespace trama {
namespace {

constexpr int kDepthMax = 16;  // of nested scopes and types: no compiler makes more worth naming

/// The type of a DIE, through const, volatile and typedef.
bool type_of(Dwarf_Die* die, Dwarf_Die* type) {
  Dwarf_Attribute attribute;
  if (dwarf_attr_integrate(die, DW_AT_type, &attribute) == nullptr) return false;
  return dwarf_formref_die(&attribute, type) != nullptr && dwarf_peel_type(type, type) == 0;
}

bool size_of(Dwarf_Die* type, Dwarf_Word* size) {
  return dwarf_aggregate_size(type, size) == 0 && *size > 0;
}

bool location_of(Dwarf_Die* variable, Dwarf_Addr* address) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_attr(variable, DW_AT_location, &attribute) == nullptr) return false;
  if (dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1) return false;
  if (operations[0].atom != DW_OP_addr) return false;
  *address = operations[0].number;
  return true;
}

/// Members that say nothing to a reader: the insides of the standard library and of ours.
bool is_internal(Dwarf_Die* member, std::string_view name) {
  const char* file = dwarf_decl_file(member);
  return name.starts_with("_M_") || name.starts_with("__") ||
         (file != nullptr &&
          std::string_view(file).find("/include/trama/") != std::string_view::npos);
}

std::string member_path(Dwarf_Die* type, std::uint64_t offset, int depth);

std::string element_path(Dwarf_Die* array, std::uint64_t offset, int depth) {
  Dwarf_Die element;
  Dwarf_Word size = 0;
  if (!type_of(array, &element) || !size_of(&element, &size)) return {};
  return fmt::format("[{}]{}", offset / size, member_path(&element, offset % size, depth + 1));
}

/// ".saldo" for the member of a class or array element at `offset`.
std::string member_path(Dwarf_Die* type, std::uint64_t offset, int depth) {
  if (depth > kDepthMax) return {};
  const int tag = dwarf_tag(type);
  if (tag == DW_TAG_array_type) return element_path(type, offset, depth);
  if (tag != DW_TAG_structure_type && tag != DW_TAG_class_type) return {};
  Dwarf_Die child;
  for (int state = dwarf_child(type, &child); state == 0; state = dwarf_siblingof(&child, &child)) {
    const int child_tag = dwarf_tag(&child);
    if (child_tag != DW_TAG_member && child_tag != DW_TAG_inheritance) continue;
    Dwarf_Attribute attribute;
    Dwarf_Word begin = 0;
    Dwarf_Word size = 0;
    Dwarf_Die member;
    if (dwarf_formudata(dwarf_attr(&child, DW_AT_data_member_location, &attribute), &begin) != 0 ||
        !type_of(&child, &member) || !size_of(&member, &size)) {
      continue;
    }
    if (offset < begin || offset - begin >= size) continue;
    const char* name = dwarf_diename(&child);
    const std::string inner = member_path(&member, offset - begin, depth + 1);
    const bool silent =
        child_tag == DW_TAG_inheritance || name == nullptr || is_internal(&child, name);
    return silent ? inner : fmt::format(".{}{}", name, inner);
  }
  return {};
}

void collect(Dwarf_Die* scope, std::uint64_t bias, int depth, std::vector<Variable>& variables) {
  Dwarf_Die child;
  if (depth > kDepthMax) return;
  for (int state = dwarf_child(scope, &child); state == 0;
       state = dwarf_siblingof(&child, &child)) {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_namespace || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block) {
      collect(&child, bias, depth + 1, variables);
      continue;
    }
    Variable variable;
    Dwarf_Addr address = 0;
    Dwarf_Word size = 0;
    if (tag != DW_TAG_variable || !location_of(&child, &address)) continue;
    if (!type_of(&child, &variable.type) || !size_of(&variable.type, &size)) continue;
    variable.address = address + bias;
    variable.size = size;
    variable.die = child;
    variables.push_back(variable);
  }
}

}  // namespace

void collect_variables(Dwarf_Die* unit, std::uint64_t bias, std::vector<Variable>& variables) {
  collect(unit, bias, 0, variables);
}

std::string variable_path(Variable& variable, std::uint64_t offset) {
  Dwarf_Attribute attribute;
  const char* name = dwarf_formstring(dwarf_attr_integrate(&variable.die, DW_AT_name, &attribute));
  return name == nullptr ? std::string() : name + member_path(&variable.type, offset, 0);
}

}  // namespace trama
