// Can Trama run this program? Decided from the file, before anything is started.
#pragma once

#include <string>

#include "base/result.hpp"
#include "report/messages.hpp"

namespace trama {

/// What the file says about itself.
struct ElfFacts {
  bool debug_info = false;
  std::string build_id;  ///< hexadecimal; empty where it has none
};

/// Checks the file at `path`; messages call it `name`, as the user typed it.
Result<ElfFacts> check_program(const std::string& path, const std::string& name, Language language);

/// The file that `name` means: as a path if it has a slash or stands in this folder, else
/// from PATH; `name` itself where there is none (check_program then says so).
std::string find_program(const std::string& name);

}  // namespace trama
