#include "cli/compiler.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include "cli/memory_file.hpp"

namespace trama {

ProcessResult run_process(const std::vector<std::string>& command) {
  ProcessResult result;
  const MemoryFile output("trama-process");
  if (command.empty() || !output.ok()) return result;
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output.descriptor(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.descriptor(), STDERR_FILENO);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, argv.front(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return result;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  result.output = output.content();
  return result;
}

std::vector<std::string> compiler_command() {
  const char* given = std::getenv("TRAMA_CXX");
  std::istringstream words(given == nullptr ? "c++" : given);
  std::vector<std::string> command;
  for (std::string word; words >> word;) command.push_back(word);
  if (command.empty()) command.emplace_back("c++");
  return command;
}

std::optional<CompilerKind> compiler_kind(const std::vector<std::string>& compiler) {
  std::vector<std::string> command = compiler;
  command.emplace_back("--version");
  const ProcessResult version = run_process(command);
  if (version.status != 0) return std::nullopt;
  if (version.output.find("clang") != std::string::npos) return CompilerKind::clang;
  if (version.output.find("Free Software Foundation") != std::string::npos) {
    return CompilerKind::gcc;
  }
  return CompilerKind::other;
}

bool compiles_only(const std::vector<std::string>& arguments) {
  for (const std::string_view argument : arguments) {
    for (const std::string_view stop :
         {"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "--version", "-dumpversion"}) {
      if (argument == stop) return true;
    }
  }
  return false;
}

std::vector<std::string> instrument(CompilerKind kind, const std::vector<std::string>& arguments,
                                    const std::string& runtime) {
  std::vector<std::string> result{"-fsanitize=thread", "-g"};
  if (kind == CompilerKind::gcc) result.emplace_back("-Wno-tsan");
  result.insert(result.end(), arguments.begin(), arguments.end());
  if (kind != CompilerKind::clang || compiles_only(arguments)) return result;
  // clang would link its own static runtime: `-fno-sanitize-link-runtime` leaves that out,
  // and the names are imported from Trama's library instead.
  const std::size_t slash = runtime.rfind('/');
  const std::string folder = runtime.substr(0, slash == std::string::npos ? 0 : slash);
  result.emplace_back("-fno-sanitize-link-runtime");
  // Ours wraps some functions of libstdc++; a program that holds those keeps its own.
  const bool holds_library =
      std::find(arguments.begin(), arguments.end(), "-static-libstdc++") != arguments.end();
  result.push_back(holds_library ? folder + "/static-libstdc++/libtsan.so" : runtime);
  result.push_back("-Wl,-rpath," + folder);
  return result;
}

}  // namespace trama
