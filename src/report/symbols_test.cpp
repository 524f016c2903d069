#include "report/symbols.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "report/demangle.hpp"
#include "report/module_symbols.hpp"

extern "C" const char __executable_start;  // NOLINT: the linker's name

namespace trama {
namespace {

/// Code in a lambda within a template: DWARF nests it where a plain search finds nothing.
template <typename Number>
const void* address_in_lambda(Number number) {
  const auto inner = [](void* value) { ++*static_cast<Number*>(value); };
  using Plain = void (*)(void*);
  Plain volatile called = inner;
  called(&number);
  return reinterpret_cast<const void*>(called);
}

std::string own_path() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

/// This very program, with one place in it.
Trace own_trace() {
  const auto base = reinterpret_cast<std::uint64_t>(&__executable_start);
  const auto address = reinterpret_cast<std::uint64_t>(address_in_lambda(1));
  Trace trace;
  trace.modules.push_back({own_path(), base, ModuleSymbols(own_path()).build_id(), true});
  trace.places.push_back({0, address - base + 1, {}});
  return trace;
}

TEST(Resolver, FindsTheLinesOfNestedFunctions) {
  Trace trace = own_trace();
  EXPECT_TRUE(is_unresolved(trace));
  const ResolveResult result = Resolver().resolve(trace);
  EXPECT_EQ(result.missing + result.changed, "");
  ASSERT_FALSE(trace.places[0].frames.empty());
  EXPECT_FALSE(is_unresolved(trace));
  if (!result.debug_info) GTEST_SKIP() << "built without -g";
  EXPECT_NE(trace.places[0].frames.front().file.find("symbols_test.cpp"), std::string::npos);
}

TEST(Demangle, TheBodyOfACoroutineHasItsNameAsWritten) {
  EXPECT_EQ(demangle("_ZN4shop5innerEPZNS_5innerEiE22_ZN4shop5innerEi.Frame.actor"),
            "shop::inner(int) [coroutine]");
  EXPECT_EQ(demangle("_ZN4shop7kitchenEPZNS_7kitchenIiEE4taskT_E33_ZN4shop7kitchenIiEE4taskT_"
                     ".Frame.actor"),
            "shop::kitchen<int>(int) [coroutine]");
  EXPECT_EQ(demangle("_ZN4shop5innerEi.resume"), "shop::inner(int) [coroutine]");
  EXPECT_EQ(demangle("_ZN4shop5innerEi"), "shop::inner(int)");
}

TEST(Resolver, AFileBuiltAnewIsNotAsked) {
  Trace trace = own_trace();
  trace.modules[0].build_id = "00";
  EXPECT_EQ(Resolver().resolve(trace).changed, own_path());
  EXPECT_TRUE(is_unresolved(trace));
}

TEST(Resolver, AFileThatIsGoneIsNamed) {
  Trace trace = own_trace();
  trace.modules[0].path = "/no/such/program";
  EXPECT_EQ(Resolver().resolve(trace).missing, "/no/such/program");
  EXPECT_TRUE(is_unresolved(trace));
}

}  // namespace
}  // namespace trama
