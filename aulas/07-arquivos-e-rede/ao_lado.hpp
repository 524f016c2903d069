// Acha um arquivo que está na mesma pasta do programa.
#pragma once

#include <filesystem>
#include <string>

inline std::string ao_lado(const char* programa, const char* arquivo) {
  return (std::filesystem::path(programa).parent_path() / arquivo).string();
}
