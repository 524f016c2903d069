// trama: reads the command line and calls one command.
#include <fcntl.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "base/check.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/screen.hpp"

#ifndef TRAMA_VERSION
#define TRAMA_VERSION "0"
#endif

namespace trama {
namespace {

int dispatch(const Invocation& invocation) {
  const std::string& command = invocation.command;
  if (invocation.version) {
    fmt::print("trama {}\n", TRAMA_VERSION);
    return kExitNothingFound;
  }
  if (invocation.help || command.empty()) {
    const bool about = command == "help" && !invocation.operands.empty();
    const std::string text =
        help_text(about ? invocation.operands.front() : command, invocation.language);
    fmt::print(invocation.help ? stdout : stderr, "{}", text);
    return invocation.help ? kExitNothingFound : kExitUsage;
  }
  if (command == "hunt") return command_hunt(invocation);
  if (command == "verify") return command_verify(invocation);
  if (command == "run") return command_run(invocation);
  if (command == "replay") return command_replay(invocation);
  if (command == "show") return command_show(invocation);
  if (command == "c++") return command_cxx(invocation);
  return command_doctor(invocation);
}

int start(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // `trama hunt … | head`: a failing write is enough
  std::signal(SIGXFSZ, SIG_IGN);  // the same where files may only be so large
  Language language = Language::en;
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  Result<Invocation> invocation = parse_arguments(words, language);
  if (!invocation) {
    complain(language, invocation.error().message);
    return kExitUsage;
  }
  return dispatch(invocation.value());
}

}  // namespace
}  // namespace trama

int main(int argc, char** argv) {
  // Where one of 0, 1, 2 is closed, no file of ours may take its place.
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
  }
  try {
    return trama::start(argc, argv);
  } catch (const std::exception& problem) {
    // Nothing of ours throws on purpose; memory may end.
    std::fprintf(stderr, "trama: internal error: %s\n", problem.what());
    return trama::kExitInternal;
  }
}
