// What verify does beside exploring: it goes on from a checkpoint, and leaves one.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "cli/arguments.hpp"
#include "cli/elf_check.hpp"
#include "cli/launch.hpp"
#include "cli/outcome.hpp"

namespace trama {

/// The verification of the checkpoint that the invocation names goes on: its options stand where
/// none are given. An error where it is of something else. Requires: `request` names the program.
std::optional<Error> resume(Invocation& invocation, const ElfFacts& facts, LaunchRequest& request);

/// Writes a checkpoint where something is left to explore; the report says its name. False where
/// that failed, after saying why.
bool save_checkpoint(const Invocation& invocation, const ElfFacts& facts,
                     const LaunchRequest& request, const LaunchOutcome& outcome,
                     SessionReport& report);

}  // namespace trama
