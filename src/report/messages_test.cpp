#include "report/messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "report/describe.hpp"

namespace trama {
namespace {

/// The placeholders of a sentence, in order of their text.
std::vector<std::string> placeholders(std::string_view text) {
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = text.find('{', at)) != std::string_view::npos;) {
    const std::size_t end = text.find('}', at);
    found.emplace_back(text.substr(at, end - at + 1));
    at = end;
  }
  return found;
}

TEST(Messages, EverySentenceIsThereInBothLanguages) {
  std::set<std::string_view> keys;
  for (const MessageTexts& texts : kMessages) {
    EXPECT_FALSE(texts.en.empty()) << texts.key;
    EXPECT_FALSE(texts.pt.empty()) << texts.key;
    EXPECT_TRUE(keys.insert(texts.key).second) << texts.key;
    EXPECT_EQ(placeholders(texts.en), placeholders(texts.pt)) << texts.key;
  }
}

TEST(Messages, EveryReasonHasItsOwnWhy) {
  for (const char* reason : {"data-race",
                             "deadlock-cycle",
                             "deadlock-blocked",
                             "deadlock-holder-ended",
                             "deadlock-notified",
                             "deadlock-tasks-cycle",
                             "thread-storage-ended",
                             "cancel-caught",
                             "lost-wakeup",
                             "assert",
                             "expect",
                             "abort",
                             "exit-status",
                             "uncaught",
                             "crash-signal",
                             "stack-overflow",
                             "unlock-not-locked",
                             "unlock-not-owner",
                             "destroy-locked",
                             "destroy-waited",
                             "joinable-destroyed",
                             "self-join",
                             "join-twice",
                             "lock-twice",
                             "thread-leak",
                             "blind"}) {
    Finding finding;
    finding.reason = reason;
    for (const Language language : {Language::en, Language::pt}) {
      EXPECT_NE(finding_why(finding, language), finding_title(finding, language) + ".") << reason;
    }
  }
}

TEST(Messages, AnUnknownReasonFallsBackToTheCode) {
  Finding finding;
  finding.code = FindingCode::deadlock;
  finding.reason = "of-the-future";
  EXPECT_EQ(finding_why(finding, Language::en), finding_title(finding, Language::en) + ".");
}

TEST(Messages, EveryOperationHasAVerb) {
#define TRAMA_X(identifier, text)                                                  \
  EXPECT_FALSE(verb(Operation::identifier, Language::en).empty());                 \
  EXPECT_TRUE(Operation::identifier == Operation::yield ||                         \
              verb(Operation::identifier, Language::pt) != std::string_view(text)) \
      << text;
  TRAMA_OPERATIONS(TRAMA_X)
#undef TRAMA_X
}

TEST(ShortFunction, DropsWhatNobodyReads) {
  EXPECT_EQ(short_function("transferir(int, int)"), "transferir");
  EXPECT_EQ(short_function("banco::Conta::debita(int) const"), "banco::Conta::debita");
  EXPECT_EQ(short_function("void f<int, std::vector<int> >(int)"), "f");
  EXPECT_EQ(short_function("main::{lambda()#1}::operator()() const"), "main::λ");
  EXPECT_EQ(short_function("main::$_0::operator()() const"), "main::λ");
  EXPECT_EQ(short_function("(anonymous namespace)::f(int)"), "f");
  EXPECT_EQ(short_function("main"), "main");
  EXPECT_EQ(short_function(""), "");
}

}  // namespace
}  // namespace trama
