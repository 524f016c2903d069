// The calls behind trama/check.hpp, between the program and the runtime library. Plain data
// only: both sides may be built by different compilers. Not for direct use.
#pragma once

#include <cstdint>

extern "C" {

#define TRAMA_CHECK_ABI_VERSION 3U

struct trama_check_request {
  std::uint32_t version;
  void (*function)(void*);
  void* argument;
  const char* name;  // of the check: names the trace file
  const char* strategy;
  std::uint64_t executions;
  std::uint64_t seconds;
  std::uint64_t seed;
  std::uint64_t depth;
  std::uint64_t max_steps;
  std::uint64_t consequence;
  const char* replay;   // text of a trace to replay instead; may be null
  const char* model;    // the memory model; null: rc11
  std::uint32_t every;  // not 0: every execution of the model, instead of a sample
  // Receives the text of one trace for each finding.
  void (*on_trace)(void* context, const char* code, const char* detail, const char* text,
                   std::uint64_t size);
  void* context;
};

struct trama_check_report {
  // As SessionVerdict: 1 finding, 2 sampled, 3 incomplete, 4 error, 5 diverged, 6 replayed,
  // 7 verified.
  std::uint32_t verdict;
  std::uint64_t executions;
  std::uint64_t distinct;
  std::uint64_t steps;
  std::uint64_t step_limited;
  std::uint64_t elapsed_ns;
  std::uint64_t complete;  // of a model: executions that came to their end
  std::uint64_t blocked;   // … and those that could not
  char message[512];
};

void trama_check_run(const trama_check_request* request, trama_check_report* report);
/// One of 0 … count-1, chosen by the exploration; 0 outside one.
unsigned trama_choose(unsigned count);
/// Ends the execution where `condition` is 0, without a finding; returns outside one.
void trama_assume(int condition);
/// Ends the execution with an ASSERT finding; returns outside one.
void trama_expect_failed(const char* expression, const char* file, unsigned line);
/// Whether the caller runs under control.
int trama_is_controlled();
}
