// What `trama doctor` found, and how it is printed.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/inventory.hpp"
#include "cli/launch.hpp"

namespace trama {

struct DoctorCheck {
  std::string key;  ///< stable, for JSON
  std::string what;
  bool ok = false;
  bool required = true;
  std::string mend;
};

struct DoctorReport {
  std::vector<DoctorCheck> machine;
  std::string name;  ///< of the program, as typed; empty where none was named
  std::vector<DoctorCheck> program;
  bool examined = false;  ///< the program can run: what follows is filled in
  Inventory inventory;
  std::vector<LoadedModule> modules;  ///< of a run
  std::vector<BlindCall> blind;       ///< reached in a run, or in its code
  DoctorCheck same_seed;

  /// Nothing required is missing; whether the seed decides all is another matter.
  [[nodiscard]] bool ready() const;
};

void print_doctor(const DoctorReport& report, const Invocation& invocation);

}  // namespace trama
