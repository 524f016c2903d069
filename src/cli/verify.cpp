#include "cli/verify.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/packer.hpp"
#include "cli/checkpoint.hpp"
#include "cli/screen.hpp"
#include "report/text_report.hpp"

namespace trama {
namespace {

/// The build id, or what stands for it where the linker was told to leave it out.
std::string identity_of(const ElfFacts& facts, const std::string& path) {
  if (!facts.build_id.empty()) return facts.build_id;
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return fmt::format("none-{:016x}", checksum(content.str()));
}

std::string words(const std::vector<std::string>& arguments, Language language) {
  if (arguments.empty()) return say(language, Message::word_no_arguments);
  std::string text;
  for (const std::string& argument : arguments) {
    if (!text.empty()) text += ' ';
    text += shell_word(argument);
  }
  return text;
}

}  // namespace

std::optional<Error> resume(Invocation& invocation, const ElfFacts& facts, LaunchRequest& request) {
  if (invocation.resume.empty()) return std::nullopt;
  const Language language = invocation.language;
  const std::string& path = invocation.resume;
  Result<Checkpoint> read = read_checkpoint(path, language);
  if (!read) return read.error();
  Checkpoint& checkpoint = read.value();
  if (checkpoint.build_id != identity_of(facts, request.path)) {
    return Error{say(language, Message::error_checkpoint_program, path, request.name)};
  }
  if (checkpoint.arguments != request.arguments) {
    return Error{say(language, Message::error_checkpoint_arguments, path,
                     words(checkpoint.arguments, language))};
  }
  const auto given = options_that_matter(invocation.options);
  for (const auto& [name, value] : checkpoint.options) {
    const auto same_name = [&name = name](const auto& option) { return option.first == name; };
    const auto now = std::find_if(given.begin(), given.end(), same_name);
    if (now == given.end()) return Error{say(language, Message::error_checkpoint_damaged, path)};
    const bool is_given =
        std::find(invocation.given.begin(), invocation.given.end(), name) != invocation.given.end();
    if (is_given && now->second != value) {
      return Error{say(language, Message::error_checkpoint_option, path, name, value)};
    }
    if (!set_option(invocation.options, name, value)) {
      return Error{say(language, Message::error_checkpoint_damaged, path)};
    }
  }
  request.state = std::move(checkpoint.state);
  return std::nullopt;
}

bool save_checkpoint(const Invocation& invocation, const ElfFacts& facts,
                     const LaunchRequest& request, const LaunchOutcome& outcome,
                     SessionReport& report) {
  if (outcome.verdict != SessionVerdict::incomplete || outcome.state.empty()) return true;
  Checkpoint checkpoint;
  checkpoint.build_id = identity_of(facts, request.path);
  checkpoint.arguments = request.arguments;
  checkpoint.options = options_that_matter(invocation.options);
  checkpoint.state = outcome.state;
  Result<std::string> path =
      write_checkpoint(checkpoint, request.name, invocation.out_folder, invocation.language);
  if (!path) {
    complain(invocation.language, path.error().message);
    return false;
  }
  Summary& summary = report.summary;
  summary.checkpoint = path.value();
  summary.resume_command = "trama verify --resume " + shell_word(path.value()) + " ";
  if (invocation.options.jobs != 1) {
    summary.resume_command += fmt::format("-j {} ", invocation.options.jobs);
  }
  summary.resume_command += shell_word(request.name);
  for (const std::string& argument : request.arguments) {
    summary.resume_command += " " + shell_word(argument);
  }
  return true;
}

}  // namespace trama
