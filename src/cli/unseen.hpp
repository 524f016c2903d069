// What synchronises in machine code alone, as lines of a report: see code_scan.hpp.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "cli/code_scan.hpp"
#include "cli/elf_view.hpp"
#include "cli/launch.hpp"
#include "report/summary.hpp"

namespace trama {

/// Whether a library is the C or C++ library, or one that comes with them, whose own synchronisation
/// is known: it goes through functions that are controlled, or orders nothing that a program
/// relies on.
bool is_known_library(const std::string& path);

/// Whether a function of that name belongs to the compilers' own libraries.
bool is_compilers_own(const char* function);
/// Whether it belongs to a test framework: GoogleTest, Catch2, doctest.
bool is_test_frameworks_own(const char* function);

/// Looks through the program's code on a thread of its own, while the program runs.
class ProgramScan {
 public:
  /// Looks at once, unless the program has more code than `code_bytes_max`.
  explicit ProgramScan(std::string path, std::uint64_t code_bytes_max = kAnySize);
  static constexpr std::uint64_t kAnySize = ~std::uint64_t{0};
  static constexpr std::uint64_t kHuntSize = 1U << 20U;  ///< some 70 ms

  [[nodiscard]] bool is_too_large() const { return too_large_; }
  [[nodiscard]] const ElfView& file() const { return *file_; }
  /// Everything found; waits until it is.
  const std::vector<UnseenInstruction>& all();
  /// What synchronises or enters the kernel, one for each line of source.
  std::vector<BlindCall> blind();
  /// Where an instruction stands.
  [[nodiscard]] BlindCall place_of(const UnseenInstruction& found) const;
  /// Code of the compilers' own libraries, linked into the program: known, and no news.
  [[nodiscard]] bool is_known_code(const BlindCall& place, const UnseenInstruction& found) const;

 private:
  std::string path_;
  std::unique_ptr<ElfView> file_;
  bool too_large_ = false;
  bool brings_libraries_ = false;
  std::future<std::vector<UnseenInstruction>> coming_;
  std::vector<UnseenInstruction> found_;
};

/// Libraries without instrumentation that do so and that the program, or one it uses, calls.
std::vector<BlindCall> unseen_in_libraries(const std::vector<LoadedModule>& modules);

/// What a session's report says of both.
void add_unseen(ProgramScan& scan, const std::vector<LoadedModule>& modules, Summary& summary);

}  // namespace trama
