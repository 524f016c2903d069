#include "cli/elf_check.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/prng.hpp"
#include "cli/temporary_folder.hpp"

namespace trama {
namespace {

/// Assembles small ELF files: a header, an interpreter, and one symbol table.
class ElfImage {
 public:
  std::string build() const {
    std::string strings("\0", 1);
    std::vector<Elf64_Sym> symbols(1);
    for (const auto& [name, defined] : symbols_) {
      Elf64_Sym symbol{};
      symbol.st_name = static_cast<Elf64_Word>(strings.size());
      symbol.st_shndx = defined ? 1 : SHN_UNDEF;
      strings += name + '\0';
      symbols.push_back(symbol);
    }
    const std::string names("\0.symtab\0.strtab\0.debug_info\0", 29);
    std::string image(sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr), '\0');
    const auto add = [&](const void* data, std::size_t size) {
      const std::size_t at = image.size();
      image.append(static_cast<const char*>(data), size);
      return at;
    };
    const std::size_t symbols_at = add(symbols.data(), symbols.size() * sizeof(Elf64_Sym));
    const std::size_t strings_at = add(strings.data(), strings.size());
    const std::size_t names_at = add(names.data(), names.size());
    std::vector<Elf64_Shdr> sections(4);
    sections[1].sh_name = 1;
    sections[1].sh_type = SHT_SYMTAB;
    sections[1].sh_offset = symbols_at;
    sections[1].sh_size = symbols.size() * sizeof(Elf64_Sym);
    sections[1].sh_entsize = sizeof(Elf64_Sym);
    sections[1].sh_link = 2;
    sections[2].sh_name = 9;
    sections[2].sh_type = SHT_STRTAB;
    sections[2].sh_offset = strings_at;
    sections[2].sh_size = strings.size();
    sections[3].sh_type = SHT_STRTAB;
    sections[3].sh_name = debug_info ? 17 : 0;
    sections[3].sh_offset = names_at;
    sections[3].sh_size = names.size();
    const std::size_t sections_at = add(sections.data(), sections.size() * sizeof(Elf64_Shdr));

    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = elf_class;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_version = EV_CURRENT;
    header.e_type = type;
    header.e_machine = machine;
    header.e_ehsize = sizeof header;
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 1;
    header.e_shoff = sections_at;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = static_cast<Elf64_Half>(sections.size());
    header.e_shstrndx = 3;
    Elf64_Phdr program{};
    program.p_type = interpreter ? PT_INTERP : PT_NULL;
    std::memcpy(image.data(), &header, sizeof header);
    std::memcpy(image.data() + sizeof header, &program, sizeof program);
    return image;
  }

  ElfImage& symbol(const std::string& name, bool defined) {
    symbols_.emplace_back(name, defined);
    return *this;
  }

  unsigned char elf_class = ELFCLASS64;
  Elf64_Half type = ET_DYN;
  Elf64_Half machine = EM_X86_64;
  bool interpreter = true;
  bool debug_info = true;

 private:
  std::vector<std::pair<std::string, bool>> symbols_;
};

class ElfCheck : public ::testing::Test {
 protected:
  std::string complaint(const std::string& path) {
    const Result<ElfFacts> facts = check_program(path, "PROG", Language::en);
    return facts.ok() ? std::string() : facts.error().message;
  }
  std::string complaint(const ElfImage& image) {
    return complaint(folder_.file("p", image.build()));
  }
  void expect(const std::string& found, const char* part) {
    EXPECT_NE(found.find(part), std::string::npos) << found;
  }

  trama::testing::TemporaryFolder folder_;
};

TEST_F(ElfCheck, AnInstrumentedProgramPasses) {
  ElfImage image;
  image.symbol("__tsan_init", false);
  const std::string path = folder_.file("good", image.build());
  const Result<ElfFacts> facts = check_program(path, "good", Language::en);
  ASSERT_TRUE(facts.ok()) << facts.error().message;
  EXPECT_TRUE(facts.value().debug_info);
  image.debug_info = false;
  const Result<ElfFacts> bare =
      check_program(folder_.file("bare", image.build()), "bare", Language::en);
  ASSERT_TRUE(bare.ok());
  EXPECT_FALSE(bare.value().debug_info);
}

TEST_F(ElfCheck, EveryOtherFileIsRefusedWithItsReason) {
  expect(complaint(folder_.path() + "/none"), "there is no file PROG");
  expect(complaint(folder_.path()), "is a folder");
  expect(complaint("/dev/null"), "not an ELF");
  expect(complaint(folder_.file("empty", "")), "not an ELF");
  expect(complaint(folder_.file("text", "hello, this is a text of some length\n")), "not an ELF");
  expect(complaint(folder_.file("script", "#!/bin/sh\nexec ./x\n")), "is a script");
  expect(complaint(folder_.file("cut", ElfImage().build().substr(0, 40))), "damaged");

  ElfImage image;
  image.symbol("__tsan_init", false);
  const std::string whole = image.build();
  expect(complaint(folder_.file("short", whole.substr(0, whole.size() - 1))), "damaged");
  expect(complaint(folder_.file("plain", image.build(), false)), "chmod +x");
  image.elf_class = ELFCLASS32;
  expect(complaint(image), "32-bit");
  image.elf_class = ELFCLASS64;
  image.machine = EM_AARCH64;
  expect(complaint(image), "another processor");
  image.machine = EM_X86_64;
  image.type = ET_REL;
  expect(complaint(image), "object file");
  image.type = ET_EXEC;
  image.interpreter = false;
  expect(complaint(image), "without -static");
  image.type = ET_DYN;
  expect(complaint(image), "library");
}

TEST_F(ElfCheck, TheInstrumentationMustComeFromOutside) {
  ElfImage none;
  none.symbol("main", true);
  expect(complaint(none), "-fsanitize=thread");
  ElfImage own;
  own.symbol("__tsan_init", true).symbol("__tsan_read4", true);
  expect(complaint(own), "-static-libtsan");
  own.interpreter = false;
  expect(complaint(own), "is the runtime library");
}

TEST_F(ElfCheck, DamagedFilesNeverCrashIt) {
  ElfImage image;
  image.symbol("__tsan_init", false);
  const std::string whole = image.build();
  Prng prng(1);
  for (int round = 0; round < 500; ++round) {
    std::string damaged = whole;
    for (unsigned edits = 1 + prng.below(6); edits > 0; --edits) {
      damaged[prng.below(static_cast<std::uint32_t>(damaged.size()))] =
          static_cast<char>(prng.below(256));
    }
    if (prng.below(3) == 0) damaged.resize(prng.below(static_cast<std::uint32_t>(damaged.size())));
    complaint(folder_.file("damaged", damaged));
  }
}

TEST(FindProgram, LooksInTheFolderAndThenInPath) {
  EXPECT_EQ(find_program("./x"), "./x");
  EXPECT_EQ(find_program("no-such-program-anywhere"), "no-such-program-anywhere");
  EXPECT_EQ(find_program("sh").back(), 'h');
  EXPECT_EQ(find_program("sh").front(), '/');
}

}  // namespace
}  // namespace trama
