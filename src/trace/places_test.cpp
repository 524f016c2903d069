#include "trace/places.hpp"

#include <gtest/gtest.h>

namespace trama {
namespace {

TEST(Places, WhatAPersonDidNotWriteIsOfALibrary) {
  EXPECT_TRUE(is_library_file(""));
  EXPECT_TRUE(is_library_file("/usr/include/c++/12/mutex"));
  EXPECT_TRUE(
      is_library_file("/usr/bin/../lib/gcc/x86_64-linux-gnu/12/../../../../include/c++/12/new"));
  EXPECT_TRUE(is_library_file("/opt/boost_1_84/boost/asio/impl/awaitable.hpp"));
  EXPECT_TRUE(is_library_file("third_party/asio/include/asio/co_spawn.hpp"));
  EXPECT_FALSE(is_library_file("banco/main.cpp"));
  EXPECT_FALSE(is_library_file("/srv/asio/servidor.cpp"));
  EXPECT_FALSE(is_library_file("src/include/conta.hpp"));
}

}  // namespace
}  // namespace trama
