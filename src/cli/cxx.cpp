// trama c++: the compiler with the flags that Trama needs.
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/compiler.hpp"
#include "cli/runtime_path.hpp"
#include "cli/screen.hpp"

namespace trama {

int command_cxx(const Invocation& invocation) {
  const Language language = invocation.language;
  std::vector<std::string> command = compiler_command();
  const std::string compiler = command.front();
  const std::optional<CompilerKind> kind = compiler_kind(command);
  if (!kind) {
    return operating_error(invocation,
                           say(language, Message::error_compiler, compiler, std::strerror(ENOENT)));
  }
  std::string runtime;
  if (*kind == CompilerKind::clang && !compiles_only(invocation.operands)) {
    Result<std::string> found = find_runtime(language);
    if (!found) return operating_error(invocation, found.error().message);
    runtime = found.value();
  }
  for (std::string& argument : instrument(*kind, invocation.operands, runtime)) {
    command.push_back(std::move(argument));
  }
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execvp(argv.front(), argv.data());
  return operating_error(invocation,
                         say(language, Message::error_compiler, compiler, std::strerror(errno)));
}

}  // namespace trama
