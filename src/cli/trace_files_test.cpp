#include "cli/trace_files.hpp"

#include <gtest/gtest.h>

#include "cli/temporary_folder.hpp"
#include "trace/format.hpp"

namespace trama {
namespace {

Trace sample() {
  Trace trace;
  trace.program = "build/aulas/banco inseguro";
  trace.seed = 7;
  trace.findings.emplace_back();
  trace.findings.back().code = FindingCode::lost_wakeup;
  return trace;
}

TEST(TraceFiles, AreNamedAfterProgramCodeAndSeedAndNeverOverwritten) {
  const trama::testing::TemporaryFolder folder;
  const std::string out = folder.path() + "/new/deep";
  const Result<std::string> one = write_trace_file(sample(), out, Language::en);
  const Result<std::string> two = write_trace_file(sample(), out, Language::en);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one.value(), out + "/banco_inseguro-lost-wakeup-7.trama");
  EXPECT_EQ(two.value(), out + "/banco_inseguro-lost-wakeup-7-2.trama");
  const Result<TraceFile> back = read_trace_file(one.value(), Language::en);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back.value().trace.program, sample().program);
}

TEST(TraceFiles, AFolderThatCannotBeWrittenIsAnError) {
  trama::testing::TemporaryFolder folder;
  const std::string file = folder.file("file", "");
  const Result<std::string> path = write_trace_file(sample(), file + "/below", Language::pt);
  ASSERT_FALSE(path.ok());
  EXPECT_NE(path.error().message.find("não é possível gravar"), std::string::npos);
}

TEST(TraceFiles, ADamagedFileIsNamedWithItsLine) {
  trama::testing::TemporaryFolder folder;
  const std::string path = folder.file("bad.trama", "trama-trace 2\nprogram \"x\"\nnonsense\n");
  const Result<TraceFile> file = read_trace_file(path, Language::en);
  ASSERT_FALSE(file.ok());
  EXPECT_NE(file.error().message.find("bad.trama: line 3: "), std::string::npos)
      << file.error().message;
  EXPECT_FALSE(read_trace_file(folder.path(), Language::en).ok());
  EXPECT_FALSE(read_trace_file(folder.path() + "/none", Language::en).ok());
}

}  // namespace
}  // namespace trama
