// An ELF file as code and names: what a look at machine code needs.
#pragma once

#include <libelf.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trama {

/// A section that holds instructions.
struct CodeSection {
  std::uint64_t address = 0;
  std::string_view bytes;
};

struct CodeFunction {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  const char* name = "";  ///< as the linker knows it
};

/// Views and names live as long as this does.
class ElfView {
 public:
  explicit ElfView(const std::string& path);
  ~ElfView();
  ElfView(const ElfView&) = delete;
  ElfView& operator=(const ElfView&) = delete;

  [[nodiscard]] bool ok() const { return elf_ != nullptr; }
  [[nodiscard]] const std::vector<CodeSection>& code() const { return code_; }
  /// By address, without overlap; from the dynamic symbols where the file is stripped.
  [[nodiscard]] const std::vector<CodeFunction>& functions() const { return functions_; }
  /// Names that the file wants from others, and those it gives them.
  [[nodiscard]] const std::vector<std::string_view>& imports() const { return imports_; }
  [[nodiscard]] const std::vector<std::string_view>& exports() const { return exports_; }
  [[nodiscard]] bool defines(std::string_view name) const;
  /// The whole content of a section; empty where there is none of that name.
  [[nodiscard]] std::string_view section(std::string_view name) const;
  /// The function around an address, or null.
  [[nodiscard]] const CodeFunction* function_at(std::uint64_t address) const;
  /// Whether the function calls an entry point of the instrumentation, which is what code
  /// that was built with -fsanitize=thread does.
  [[nodiscard]] bool calls_instrumentation(const CodeFunction& function) const;
  [[nodiscard]] std::string_view bytes_of(const CodeFunction& function) const;

 private:
  void read_sections();
  void read_symbols(Elf_Scn* section, bool dynamic);
  void read_relocations(Elf_Scn* section);
  void find_linkage(const CodeSection& section);
  void arrange_functions();

  int descriptor_ = -1;
  Elf* elf_ = nullptr;
  bool has_symbols_ = false;
  std::vector<CodeSection> code_;
  std::vector<CodeFunction> functions_;
  std::vector<std::string_view> imports_;
  std::vector<std::string_view> exports_;
  std::vector<std::uint64_t> tsan_slots_;    ///< sorted: pointers to __tsan_*, set by the loader
  std::vector<std::uint64_t> tsan_entries_;  ///< sorted: code that jumps through them
};

}  // namespace trama
