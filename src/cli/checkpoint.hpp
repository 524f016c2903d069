// A checkpoint: what a verification that was stopped left to explore, as a file.
//
//   trama-checkpoint 1 <checksum of all that follows>
//   build <build id of the program>
//   argument <bytes> <text>       one line for each; the text may hold anything
//   option <name> <value>         one line for each that decides what there is to explore
//   state <bytes>
//   …                             the runtime's own: see session_workers.cpp
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/options.hpp"
#include "base/result.hpp"
#include "report/messages.hpp"

namespace trama {

struct Checkpoint {
  std::string build_id;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> options;
  std::string state;
};

/// Those of the options that a later session must have too.
std::vector<std::pair<std::string, std::string>> options_that_matter(const Options& options);

Result<Checkpoint> read_checkpoint(const std::string& path, Language language);
/// Makes a file in `folder`, named after the program; gives its path. Never one that exists.
Result<std::string> write_checkpoint(const Checkpoint& checkpoint, const std::string& program,
                                     const std::string& folder, Language language);

}  // namespace trama
