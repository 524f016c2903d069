#include "cli/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

#include "base/packer.hpp"
#include "cli/files.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

constexpr std::string_view kHead = "trama-checkpoint 1 ";
constexpr std::size_t kChecksumSize = 16;

/// What is taken from the front of a text, as long as it is there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool good() const { return good_; }

  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  std::string until(char end) {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) return fail();
    std::string text(rest_.substr(0, at));
    rest_.remove_prefix(at + 1);
    return text;
  }
  /// As many bytes as the number says that stands before them.
  std::string counted(char end) {
    const std::string number = until(end);
    std::size_t size = 0;
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), size);
    const bool whole = stop == number.data() + number.size();
    if (error != std::errc{} || !whole || size > rest_.size()) return fail();
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string fail() {
    good_ = false;
    return {};
  }
  std::string_view rest_;
  bool good_ = true;
};

std::optional<Checkpoint> parse(std::string_view text) {
  if (!text.starts_with(kHead)) return std::nullopt;
  text.remove_prefix(kHead.size());
  if (text.size() <= kChecksumSize || text[kChecksumSize] != '\n') return std::nullopt;
  const std::string_view sum = text.substr(0, kChecksumSize);
  text.remove_prefix(kChecksumSize + 1);
  if (sum != fmt::format("{:016x}", checksum(text))) return std::nullopt;
  Checkpoint checkpoint;
  Reader reader(text);
  if (!reader.take("build ")) return std::nullopt;
  checkpoint.build_id = reader.until('\n');
  while (reader.good() && reader.take("argument ")) {
    checkpoint.arguments.push_back(reader.counted(' '));
    if (!reader.take("\n")) return std::nullopt;
  }
  while (reader.good() && reader.take("option ")) {
    std::string name = reader.until(' ');
    checkpoint.options.emplace_back(std::move(name), reader.until('\n'));
  }
  if (!reader.take("state ")) return std::nullopt;
  checkpoint.state = reader.counted('\n');
  if (!reader.good() || !reader.at_end()) return std::nullopt;
  return checkpoint;
}

std::string text_of(const Checkpoint& checkpoint) {
  std::string text = fmt::format("build {}\n", checkpoint.build_id);
  for (const std::string& argument : checkpoint.arguments) {
    text += fmt::format("argument {} {}\n", argument.size(), argument);
  }
  for (const auto& [name, value] : checkpoint.options) {
    text += fmt::format("option {} {}\n", name, value);
  }
  text += fmt::format("state {}\n", checkpoint.state.size());
  text += checkpoint.state;
  return fmt::format("{}{:016x}\n", kHead, checksum(text)) + text;
}

std::string stem_of(const std::string& program) {
  std::string stem = fmt::format("{}-verify", base_name(program));
  for (char& c : stem) {
    const auto byte = static_cast<unsigned char>(c);
    c = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' ? c : '_';
  }
  return stem.starts_with('-') ? "_" + stem : stem;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> options_that_matter(const Options& options) {
  // How long it may take, by how many, and when it stands still: that is each session's own affair.
  constexpr std::string_view kNot[] = {"time", "max-executions", "jobs", "stall"};
  std::vector<std::pair<std::string, std::string>> result;
#define TRAMA_X(type, identifier, flag, value, en, pt)                                         \
  if (option_serves(flag, "verify") &&                                                         \
      std::find(std::begin(kNot), std::end(kNot), std::string_view(flag)) == std::end(kNot)) { \
    result.emplace_back(flag, fmt::format("{}", options.identifier));                          \
  }
  TRAMA_OPTIONS(TRAMA_X)
#undef TRAMA_X
  return result;
}

Result<Checkpoint> read_checkpoint(const std::string& path, Language language) {
  Result<std::string> read = read_file(path, language, kHead);
  if (!read) return read.error();
  const std::string& text = read.value();
  if (!text.starts_with(kHead)) {
    return Error{say(language, Message::error_checkpoint_none, path)};
  }
  std::optional<Checkpoint> checkpoint = parse(text);
  if (!checkpoint) return Error{say(language, Message::error_checkpoint_damaged, path)};
  return std::move(*checkpoint);
}

Result<std::string> write_checkpoint(const Checkpoint& checkpoint, const std::string& program,
                                     const std::string& folder, Language language) {
  return write_new_file(folder, stem_of(program), "checkpoint", text_of(checkpoint), language);
}

}  // namespace trama
