// The name of a byte: "contas[1].saldo" for an address within a global variable.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>
#include <vector>

namespace trama {

/// A variable with a fixed address; its DIEs live as long as the debug information.
struct Variable {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  Dwarf_Die die{};
  Dwarf_Die type{};
};

/// Appends the variables of one compilation unit: those in namespaces and classes and the
/// statics of functions too. `bias` is added to their addresses.
void collect_variables(Dwarf_Die* unit, std::uint64_t bias, std::vector<Variable>& variables);

/// The variable's name and the members and elements on the way to `offset`.
std::string variable_path(Variable& variable, std::uint64_t offset);

}  // namespace trama
