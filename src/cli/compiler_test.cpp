#include "cli/compiler.hpp"

#include <gtest/gtest.h>

namespace trama {
namespace {

using Words = std::vector<std::string>;

TEST(Instrument, GccNeedsOnlyTheFlag) {
  EXPECT_EQ(instrument(CompilerKind::gcc, {"a.cpp", "-o", "a"}, ""),
            (Words{"-fsanitize=thread", "-g", "-Wno-tsan", "a.cpp", "-o", "a"}));
}

TEST(Instrument, ClangLinksOurRuntimeInsteadOfItsOwn) {
  EXPECT_EQ(instrument(CompilerKind::clang, {"a.cpp"}, "/lib/trama/libtsan.so.2"),
            (Words{"-fsanitize=thread", "-g", "a.cpp", "-fno-sanitize-link-runtime",
                   "/lib/trama/libtsan.so.2", "-Wl,-rpath,/lib/trama"}));
  EXPECT_EQ(
      instrument(CompilerKind::clang, {"a.cpp", "-static-libstdc++"}, "/x/libtsan.so.2"),
      (Words{"-fsanitize=thread", "-g", "a.cpp", "-static-libstdc++", "-fno-sanitize-link-runtime",
             "/x/static-libstdc++/libtsan.so", "-Wl,-rpath,/x"}));
  EXPECT_EQ(instrument(CompilerKind::clang, {"-c", "a.cpp"}, "/x/libtsan.so.2"),
            (Words{"-fsanitize=thread", "-g", "-c", "a.cpp"}));
}

TEST(CompilesOnly, KnowsTheFlagsThatStopBeforeTheLink) {
  EXPECT_TRUE(compiles_only({"-O2", "-c", "a.cpp"}));
  EXPECT_TRUE(compiles_only({"-E", "a.cpp"}));
  EXPECT_FALSE(compiles_only({"a.cpp", "-o", "c"}));
}

TEST(RunProcess, GivesStatusAndOutput) {
  const ProcessResult result = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output, "out\nerr\n");
  EXPECT_EQ(run_process({"/no/such/program"}).status, -1);
}

}  // namespace
}  // namespace trama
