// Names of the program that its file knows, though they are not for the loader: parts of a C++
// library that was linked into the program itself.
#pragma once

#include <cstdint>
#include <string>

namespace trama::runtime {

/// Where `name` (mangled) stands in the running program; null where it holds no such name or was
/// stripped. Looks what the loader knows first, then reads the program's file: not for hot paths.
void* find_in_program(const char* name);
/// The same of the program's file alone, even where another definition comes first.
void* find_in_file(const char* name);

/// The name (mangled) of the function that begins at `address`, as the program's file has it; empty
/// where it holds none or was stripped.
std::string name_of_function(std::uint64_t address);

/// True where no C++ library was loaded: the program holds its own, or is written in C.
bool holds_cxx_library();

/// An entry point of the unwinder: of the program's libgcc_s, else of one that is loaded now.
/// Null where there is none.
void* find_unwinder(const char* name);

}  // namespace trama::runtime
