#include "cli/arguments.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "cli/session_input.hpp"
#include "event/io_fault.hpp"

namespace trama {
namespace {

using Words = std::vector<std::string>;

Invocation parsed(const Words& words) {
  Language language = Language::en;
  Result<Invocation> result = parse_arguments(words, language);
  EXPECT_TRUE(result.ok()) << result.error().message;
  return result.ok() ? result.value() : Invocation{};
}

std::string error_of(const Words& words) {
  Language language = Language::en;
  const Result<Invocation> result = parse_arguments(words, language);
  return result.ok() ? std::string() : result.error().message;
}

TEST(Arguments, WhatFollowsTheProgramIsItsOwn) {
  const Invocation it = parsed({"hunt", "--seed", "7", "./bank", "--seed", "9", "--json", "-x"});
  EXPECT_EQ(it.command, "hunt");
  EXPECT_EQ(it.options.seed, 7U);
  EXPECT_FALSE(it.json);
  EXPECT_EQ(it.operands, (Words{"./bank", "--seed", "9", "--json", "-x"}));
}

TEST(Arguments, ADoubleDashBeforeOrAfterTheProgramIsDropped) {
  EXPECT_EQ(parsed({"hunt", "--", "./a", "-x"}).operands, (Words{"./a", "-x"}));
  EXPECT_EQ(parsed({"hunt", "./a", "--", "-x"}).operands, (Words{"./a", "-x"}));
  EXPECT_EQ(parsed({"hunt", "./a", "-x", "--", "y"}).operands, (Words{"./a", "-x", "--", "y"}));
  EXPECT_EQ(parsed({"hunt", "--", "--odd-name"}).operands, (Words{"--odd-name"}));
}

TEST(Arguments, EveryOptionOfTheTableIsTaken) {
  const Invocation it = parsed({"hunt", "--executions=5", "--time", "6", "--strategy", "pct",
                                "--depth=3", "--max-steps", "8", "--stall", "9", "--consequence",
                                "10", "--isolate", "fork", "--out", "x", "p"});
  EXPECT_EQ(it.options.executions, 5U);
  EXPECT_EQ(it.options.time_s, 6U);
  EXPECT_EQ(it.options.strategy, "pct");
  EXPECT_EQ(it.options.depth, 3U);
  EXPECT_EQ(it.options.max_steps, 8U);
  EXPECT_EQ(it.options.stall_s, 9U);
  EXPECT_EQ(it.options.consequence, 10U);
  EXPECT_EQ(it.options.isolate, "fork");
  EXPECT_EQ(it.out_folder, "x");
  EXPECT_EQ(it.operands, (Words{"p"}));
}

TEST(Arguments, AFlagTakesNoValue) {
  EXPECT_FALSE(parsed({"hunt", "p"}).options.leaks);
  const Invocation it = parsed({"hunt", "--leaks", "true", "p"});
  EXPECT_TRUE(it.options.leaks);
  EXPECT_EQ(it.operands, (Words{"true", "p"}));
  EXPECT_NE(session_input(it.options, false).find("leaks=true\n"), std::string::npos);
}

TEST(Arguments, FaultsHaveANumberKindsOrNothing) {
  const auto text = [](const Words& words) { return parsed(words).options.io_faults; };
  EXPECT_EQ(text({"hunt", "--io-faults", "4", "./p"}), "4");
  EXPECT_EQ(text({"hunt", "--io-faults=2,eintr,short", "./p"}), "2,eintr,short");
  EXPECT_EQ(text({"hunt", "--io-faults", "reset,refused", "./p"}), "reset,refused");
  EXPECT_EQ(text({"hunt", "--io-faults", "./p"}), "all");
  EXPECT_EQ(parsed({"hunt", "--io-faults", "./p"}).operands, (Words{"./p"}));
  EXPECT_EQ(text({"hunt", "--io-faults", "--full", "./p"}), "all");
  EXPECT_EQ(text({"hunt", "./p", "--io-faults"}), "0");
  for (const Words& words :
       {Words{"hunt", "--io-faults=again,now", "./p"}, Words{"hunt", "--io-faults=3,4", "./p"},
        Words{"hunt", "--io-faults=short,", "./p"},
        Words{"hunt", "--io-faults", "eintrs", "./p"}}) {
    EXPECT_NE(error_of(words).find("short, eintr, again, reset, refused"), std::string::npos);
  }
}

TEST(Arguments, TheWordsOfFaultsAreRead) {
  EXPECT_EQ(io_faults_from("0")->count, 0U);
  EXPECT_EQ(io_faults_from("all")->count, IoFaults::kUsual);
  EXPECT_EQ(io_faults_from("7")->kinds, IoFaults::kAll);
  EXPECT_EQ(io_faults_from("eintr,1,again")->count, 1U);
  EXPECT_EQ(io_faults_from("eintr,1,again")->kinds,
            bit_of(IoFault::interrupted) | bit_of(IoFault::again));
  for (const char* wrong : {"", "x", "-1", "1x", "99999999999999999999", "eintr;again"}) {
    EXPECT_FALSE(io_faults_from(wrong).has_value()) << wrong;
  }
}

TEST(Arguments, ATimeAloneIsTheOnlyLimit) {
  const Invocation it = parsed({"hunt", "--time", "6", "p"});
  EXPECT_TRUE(it.time_alone);
  EXPECT_EQ(it.options.executions, std::numeric_limits<std::uint64_t>::max());
}

TEST(Arguments, GlobalOptionsMayStandBeforeTheCommand) {
  const Invocation it = parsed({"--lang", "pt", "--json", "--color=never", "show", "f"});
  EXPECT_EQ(it.language, Language::pt);
  EXPECT_TRUE(it.json);
  EXPECT_EQ(it.color, ColorChoice::never);
  EXPECT_EQ(it.operands, (Words{"f"}));
}

TEST(Arguments, TheCompilersArgumentsAreLeftAlone) {
  const Words words{"-O2", "--version", "-o", "x", "--", "a.cpp", "--json"};
  Words line{"c++"};
  line.insert(line.end(), words.begin(), words.end());
  EXPECT_EQ(parsed(line).operands, words);
}

TEST(Arguments, VerifyHasOptionsOfItsOwn) {
  for (const Words& jobs : {Words{"-j", "3"}, Words{"-j3"}, Words{"-j=3"}, Words{"--jobs", "3"}}) {
    Words line{"verify"};
    line.insert(line.end(), jobs.begin(), jobs.end());
    line.insert(line.end(), {"p", "-j", "9"});
    const Invocation it = parsed(line);
    EXPECT_EQ(it.options.jobs, 3U);
    EXPECT_EQ(it.operands, (Words{"p", "-j", "9"}));
  }
  const Invocation it = parsed({"verify", "--preemptions", "2", "--unroll=3", "--resume", "f",
                                "--model=tso", "--max-executions", "7", "p"});
  EXPECT_EQ(it.options.preemptions, "2");
  EXPECT_EQ(it.options.unroll, 3U);
  EXPECT_EQ(it.options.model, "tso");
  EXPECT_EQ(it.options.max_executions, 7U);
  EXPECT_EQ(it.resume, "f");
  for (const char* name : {"--unroll", "--preemptions", "--jobs", "--max-executions"}) {
    EXPECT_NE(error_of({"hunt", name, "3", "p"}).find("unknown option"), std::string::npos) << name;
  }
  EXPECT_NE(error_of({"hunt", "--resume", "f", "p"}), "");
  EXPECT_EQ(error_of({"verify", "--executions", "5", "p"}),
            "unknown option `--executions=5`; `trama verify --help` lists the options");
  EXPECT_NE(error_of({"verify", "--verify", "p"}), "");
}

TEST(Arguments, AListGoesTogetherWithNeitherJobsNorACheckpoint) {
  EXPECT_NE(error_of({"verify", "--list", "-j", "2", "p"}).find("--list does not go"),
            std::string::npos);
  EXPECT_NE(error_of({"--lang=pt", "verify", "-j2", "--list", "p"}).find("--list não combina"),
            std::string::npos);
  EXPECT_NE(error_of({"verify", "--list", "--resume", "f", "p"}).find("checkpoint"),
            std::string::npos);
  EXPECT_TRUE(parsed({"verify", "--list", "-j", "1", "p"}).options.list);
}

TEST(Arguments, LimitsThatMakeNoSenseAreNamed) {
  EXPECT_EQ(error_of({"verify", "--model", "c11", "p"}),
            "option --model cannot be `c11`: one of sc, tso, rc11 is expected");
  EXPECT_EQ(error_of({"verify", "-j", "0", "p"}),
            "option --jobs cannot be `0`: a number from 1 to 256 is expected");
  EXPECT_EQ(error_of({"verify", "-j100000", "p"}),
            "option --jobs cannot be `100000`: a number from 1 to 256 is expected");
  EXPECT_EQ(error_of({"verify", "-j", "-2", "p"}),
            "option --jobs cannot be `-2`: a whole number is expected");
  EXPECT_EQ(error_of({"verify", "-j"}), "option --jobs needs a value");
  EXPECT_EQ(error_of({"verify", "--preemptions=-1", "p"}),
            "option --preemptions cannot be `-1`: a number from 0 to 1000000, or all, is expected");
  EXPECT_EQ(
      error_of({"--lang=pt", "verify", "--preemptions", "dois", "p"}),
      "a opção --preemptions não pode ser `dois`: espera-se um número de 0 a 1000000, ou all");
  EXPECT_EQ(error_of({"verify", "--unroll", "many", "p"}),
            "option --unroll cannot be `many`: a whole number is expected");
  EXPECT_EQ(error_of({"verify", "--max-steps", "0", "p"}),
            "option --max-steps cannot be `0`: a number from 1 to 1000000000000 is expected");
  EXPECT_EQ(error_of({"verify", "--time", "99999999999", "p"}),
            "option --time cannot be `99999999999`: a number from 0 to 1000000000 is expected");
  EXPECT_EQ(error_of({"verify", "--max-executions=-1", "p"}),
            "option --max-executions cannot be `-1`: a whole number is expected");
}

TEST(Arguments, MistakesAreNamed) {
  EXPECT_EQ(error_of({"hunt", "--seed", "x", "p"}),
            "option --seed cannot be `x`: a whole number is expected");
  EXPECT_EQ(error_of({"hunt", "--seed", "-5", "p"}),
            "option --seed cannot be `-5`: a whole number is expected");
  EXPECT_EQ(error_of({"hunt", "--seed", "99999999999999999999", "p"}),
            "option --seed cannot be `99999999999999999999`: a whole number is expected");
  EXPECT_EQ(error_of({"hunt", "--executions", "0", "p"}),
            "option --executions cannot be 0: at least one is needed");
  EXPECT_EQ(error_of({"hunt", "--frob", "p"}),
            "unknown option `--frob`; `trama hunt --help` lists the options");
  EXPECT_EQ(error_of({"hunt", "--seed"}), "option --seed needs a value");
  EXPECT_EQ(error_of({"hunt", "--seed=", "--full", "p"}), "option --seed needs a value");
  EXPECT_EQ(error_of({"hunt", "--strategy", "luck", "p"}),
            "option --strategy cannot be `luck`: one of portfolio, random, pct, round-robin is "
            "expected");
  EXPECT_EQ(error_of({"--lang=pt", "hunt", "--color", "red", "p"}),
            "a opção --color não pode ser `red`: espera-se um de auto, always, never");
  EXPECT_EQ(error_of({"play", "p"}), "`trama play` is not in this version");
  EXPECT_EQ(error_of({"--lang", "pt", "aula"}), "`trama aula` não existe nesta versão");
  EXPECT_EQ(error_of({"fish"}), "there is no command `fish`; `trama --help` lists them");
  EXPECT_NE(error_of({"replay", "--executions", "5", "f"}), "") << "a replay has its own number";
}

TEST(SessionInput, IsReadBackByTheRuntimesOwnFunction) {
  const Invocation it = parsed({"hunt", "--seed", "42", "--strategy", "pct", "p"});
  std::string_view rest;
  const std::string text = session_input(it.options, true);
  Options options;
  bool record = false;
  for (rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    const std::size_t equals = line.find('=');
    ASSERT_NE(equals, std::string_view::npos);
    if (line == "record=1") {
      record = true;
    } else {
      EXPECT_TRUE(set_option(options, line.substr(0, equals), line.substr(equals + 1))) << line;
    }
  }
  EXPECT_TRUE(record);
  EXPECT_EQ(options.seed, 42U);
  EXPECT_EQ(options.strategy, "pct");
}

}  // namespace
}  // namespace trama
