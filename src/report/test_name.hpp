// The test that a trace is about, where the program is a test runner: GoogleTest, doctest, Catch2.
//
// A runner tells of its tests in what it prints. What it prints only later, or not at all, the
// stacks tell: a test is a function whose name, or whose source line, is the test's.
#pragma once

#include <string>

#include "trace/trace.hpp"

namespace trama {

/// "Suite.Name" of GoogleTest, the test case's name of doctest and Catch2; empty where the
/// program runs no test that could be told.
std::string test_name(const Trace& trace, const Finding& finding);

}  // namespace trama
