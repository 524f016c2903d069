// The command line, read: `trama COMMAND [options] PROG [ARGS…]`.
//
// Options stand before the program; everything after its name belongs to the program, also
// what looks like an option. A `--` before the program or right after it is dropped.
#pragma once

#include <string>
#include <vector>

#include "base/options.hpp"
#include "base/result.hpp"
#include "report/messages.hpp"

namespace trama {

enum class ColorChoice : std::uint8_t { automatic, always, never };

struct Invocation {
  std::string command;
  Language language = Language::en;
  ColorChoice color = ColorChoice::automatic;
  bool json = false;
  bool full = false;
  bool graph = false;  ///< show
  bool dot = false;    ///< show
  bool help = false;
  bool version = false;
  std::string out_folder = "trama-out";
  Options options;
  /// Set where a time limit is given and no number of executions.
  bool time_alone = false;
  /// Names of the options that were given, those of the table.
  std::vector<std::string> given;
  /// verify: the checkpoint to go on from; empty: none.
  std::string resume;
  /// PROG and ARGS, or FILE; for `c++` all that was typed.
  std::vector<std::string> operands;
};

/// Reads the arguments after argv[0]. The language is decided first, so that the error
/// is in it too (`language` receives it in every case).
Result<Invocation> parse_arguments(const std::vector<std::string>& arguments, Language& language);

}  // namespace trama
