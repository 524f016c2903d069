// What the compiler wrapper and the doctor know of compilers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trama {

enum class CompilerKind : std::uint8_t { gcc, clang, other };

struct ProcessResult {
  int status = -1;  ///< exit status; -1 where it could not be started or was killed
  std::string output;
};

/// Runs a command without a shell, its output (stdout and stderr) captured.
ProcessResult run_process(const std::vector<std::string>& command);

/// ${TRAMA_CXX:-c++}, which may hold arguments: "ccache g++".
std::vector<std::string> compiler_command();

/// From the output of --version; nothing where the compiler does not start.
std::optional<CompilerKind> compiler_kind(const std::vector<std::string>& compiler);

/// True if the arguments stop before linking (-c, -S, -E, -M …).
bool compiles_only(const std::vector<std::string>& arguments);

/// The arguments that make `arguments` an instrumented build.
std::vector<std::string> instrument(CompilerKind kind, const std::vector<std::string>& arguments,
                                    const std::string& runtime);

}  // namespace trama
