// Streams, servers, files: what they do, and how they fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>
#include <trama/aio.hpp>
#include <vector>

#include "leaks.hpp"

namespace {

namespace aio = trama::aio;
using namespace std::chrono_literals;
using boost::system::system_error;
using testing::HasSubstr;
using testing::StartsWith;

aio::task<> echo(aio::stream peer) {
  for (std::string line; !(line = co_await peer.read_line()).empty();) co_await peer.write(line);
}

// What the error says, or "" if there is none.
template <class T>
aio::task<std::string> message(aio::task<T> fails) {
  try {
    (void)co_await std::move(fails);
  } catch (const std::exception& error) {
    co_return error.what();
  }
  co_return "";
}

aio::task<> talk(std::uint16_t port, std::string text) {
  auto peer = co_await aio::open_connection("127.0.0.1", port);
  for (int i = 0; i < 20; ++i) {
    co_await peer.write(text + "\n");
    EXPECT_EQ(co_await peer.read_line(), text + "\n");
  }
}

TEST(Stream, ManyTalkAtATime) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    auto server = co_await aio::start_server(echo, "127.0.0.1", 0);
    std::vector<aio::task<>> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(talk(server.port(), std::to_string(i)));
    co_await aio::gather(std::move(clients));
    server.close();
    co_await server.wait_closed();
  });
}

TEST(Stream, ReadsWhatIsAskedFor) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    const auto send = [](aio::stream peer) -> aio::task<> {
      co_await peer.write("abc");
      co_await aio::sleep(1ms);
      co_await peer.write("def--gh\nlast");
    };
    auto server = co_await aio::start_server(send, "localhost", 0);
    auto peer = co_await aio::open_connection("localhost", server.port());
    EXPECT_EQ(co_await peer.read_exactly(4), "abcd");
    EXPECT_EQ(co_await peer.read_until("--"), "ef--");
    EXPECT_EQ(co_await peer.read_line(), "gh\n");
    EXPECT_EQ(co_await peer.read(2), "la");
    EXPECT_FALSE(peer.at_eof());
    EXPECT_EQ(co_await peer.read_line(), "st");
    EXPECT_EQ(co_await peer.read_line(), "");
    EXPECT_EQ(co_await peer.read(), "");
    EXPECT_TRUE(peer.at_eof());
  });
}

TEST(Stream, ACancelledReadLosesNothing) {
  aio::run([]() -> aio::task<> {
    const auto slow = [](aio::stream peer) -> aio::task<> {
      co_await peer.write("half ");
      co_await aio::sleep(20ms);
      co_await peer.write("line\n");
    };
    auto server = co_await aio::start_server(slow, "127.0.0.1", 0);
    auto peer = co_await aio::open_connection("127.0.0.1", server.port());
    EXPECT_THROW(co_await aio::timeout(5ms, peer.read_line()), aio::timeout_error);
    EXPECT_EQ(co_await peer.read_line(), "half line\n");
  });
}

TEST(Stream, SaysWhatIsMissing) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    const auto send = [](aio::stream peer) -> aio::task<> {
      co_await peer.write(std::string(100'000, 'x'));
    };
    auto server = co_await aio::start_server(send, "127.0.0.1", 0);
    auto peer = co_await aio::open_connection("127.0.0.1", server.port());
    EXPECT_THAT(co_await message(peer.read_line()), HasSubstr("limit"));
    EXPECT_EQ((co_await peer.read_exactly(99'000)).size(), 99'000U);
    try {
      (void)co_await peer.read_exactly(2'000);
      ADD_FAILURE();
    } catch (const aio::incomplete_read_error& error) {
      EXPECT_EQ(error.partial().size(), 1'000U);
    }
    peer.close();
    EXPECT_THROW((void)peer.read(), std::logic_error);
  });
}

TEST(Stream, OneReaderAtATime) {
  aio::run([]() -> aio::task<> {
    const auto silent = [](aio::stream peer) -> aio::task<> { (void)co_await peer.read(); };
    auto server = co_await aio::start_server(silent, "127.0.0.1", 0);
    auto peer = co_await aio::open_connection("127.0.0.1", server.port());
    auto reader = aio::create_task(peer.read());
    co_await aio::sleep(0s);
    EXPECT_THROW(co_await peer.read(), std::logic_error);
    // Closed by another task: an error that names the peer.
    const std::string name = peer.peer();
    peer.close();
    const std::string why = co_await message(aio::detail::to_task(reader));
    EXPECT_THAT(why, StartsWith("cannot read from " + name + ": Operation canceled"));
  });
}

TEST(Server, ErrorsNameTheAddress) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    auto server = co_await aio::start_server(echo, "127.0.0.1", 0);
    const std::uint16_t port = server.port();
    const std::string at = "127.0.0.1:" + std::to_string(port);
    const std::string used = co_await message(aio::start_server(echo, "127.0.0.1", port));
    EXPECT_THAT(used, StartsWith("cannot listen on " + at + ": Address already in use"));
    server.close();
    co_await server.wait_closed();
    const std::string refused = co_await message(aio::open_connection("127.0.0.1", port));
    EXPECT_THAT(refused, StartsWith("cannot connect to " + at + ": Connection refused"));
    const std::string unknown = co_await message(aio::open_connection("no-such-host.invalid", 80));
    EXPECT_THAT(unknown, StartsWith("cannot find host 'no-such-host.invalid': "));
  });
}

TEST(Server, AnErrorOfAHandlerIsReported) {
  testing::internal::CaptureStderr();
  aio::run([]() -> aio::task<> {
    const auto fails = [](aio::stream) -> aio::task<> {
      throw std::runtime_error("handler");
      co_return;
    };
    auto server = co_await aio::start_server(fails, "127.0.0.1", 0);
    auto peer = co_await aio::open_connection("127.0.0.1", server.port());
    EXPECT_EQ(co_await peer.read(), "");
  });
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, StartsWith("trama::aio: exception in task 'connection from 127.0.0.1:"));
  EXPECT_THAT(said, HasSubstr("that nobody awaited: handler\n"));
}

TEST(UseTask, AwaitsAnyOperation) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    boost::asio::steady_timer timer(aio::this_loop(), 1ms);
    co_await timer.async_wait(aio::use_task);
    timer.expires_after(1h);
    auto waits = aio::create_task(timer.async_wait(aio::use_task));
    co_await aio::sleep(0s);
    timer.cancel();  // not the task: an error, no cancellation
    EXPECT_THROW(co_await waits, system_error);
    timer.expires_after(1h);
    EXPECT_THROW(co_await aio::timeout(1ms, timer.async_wait(aio::use_task)), aio::timeout_error);
    // An operation that completes while it is started.
    co_await boost::asio::dispatch(aio::this_loop(), aio::use_task);
    co_await boost::asio::post(aio::this_loop(), aio::use_task);
  });
}

class Files : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/trama-aio-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder = name;
  }
  void TearDown() override {
    for (const char* file : {"/a", "/b"}) ::unlink((folder + file).c_str());
    ::rmdir(folder.c_str());
  }
  static inline std::string folder;
};

TEST_F(Files, AreWrittenAndRead) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    const std::string path = folder + "/a";
    auto out = co_await aio::open_file(path, "w");
    co_await out.write("one\ntwo\n");
    co_await out.write(std::string(200'000, 'x'));
    co_await out.close();
    EXPECT_THROW((void)out.read(), std::logic_error);
    auto in = co_await aio::open_file(path, "r+");
    EXPECT_EQ(co_await in.read_line(), "one\n");
    co_await in.write("2");  // where the reader is, not where the buffer ends
    EXPECT_EQ(co_await in.read(3), "wo\n");
    const std::vector<std::string> rest = co_await in.lines();
    EXPECT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest.front().size(), 200'000U);
    EXPECT_EQ(co_await in.read(), "");
    auto more = co_await aio::open_file(path, "a");
    co_await more.write("end");
    EXPECT_EQ(co_await in.read(), "end");
  });
}

TEST_F(Files, ErrorsNameThePath) {
  aio_test::run_without_leaks(+[]() -> aio::task<> {
    const std::string path = folder + "/b";
    EXPECT_THAT(co_await message(aio::open_file(path)),
                StartsWith("cannot open '" + path + "': No such file or directory"));
    EXPECT_THAT(co_await message(aio::open_file(folder)),
                StartsWith("cannot open '" + folder + "': Is a directory"));
    EXPECT_THROW((void)aio::open_file(path, "rw"), std::invalid_argument);
    auto out = co_await aio::open_file(path, "w");
    EXPECT_THAT(co_await message(out.read()), StartsWith("cannot read '" + path + "': "));
    EXPECT_THAT(co_await message(aio::open_file(path, "x")),
                StartsWith("cannot open '" + path + "': File exists"));
    ::chmod(path.c_str(), 0);
    if (::geteuid() != 0) {  // root may read everything
      EXPECT_THAT(co_await message(aio::open_file(path)),
                  StartsWith("cannot open '" + path + "': Permission denied"));
    }
    ::unlink(path.c_str());
  });
}

}  // namespace
