// From the name of a host to addresses: at once where it is an address, by getaddrinfo in a thread
// of the pool otherwise.
#pragma once

#include <netdb.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <trama/aio/to_thread.hpp>
#include <vector>

namespace trama::aio::detail {

using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

inline std::string host_and_port(const std::string& host, std::uint16_t port) {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

inline std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint) {
  return host_and_port(endpoint.address().to_string(), endpoint.port());
}

inline boost::system::error_code lookup_error(int code) {
  switch (code) {
    case EAI_NONAME: return boost::asio::error::host_not_found;
    case EAI_AGAIN: return boost::asio::error::host_not_found_try_again;
    case EAI_MEMORY: return boost::asio::error::no_memory;
    case EAI_SYSTEM: return {errno, boost::system::system_category()};
    default: return {code, boost::asio::error::get_addrinfo_category()};
  }
}

/// In a thread. `host` empty: any address of this machine.
inline endpoints look_up(const std::string& host, std::uint16_t port, bool passive) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = passive ? AI_PASSIVE : 0;
  addrinfo* found = nullptr;
  const std::string service = std::to_string(port);
  const int code =
      ::getaddrinfo(host.empty() ? nullptr : host.c_str(), service.c_str(), &hints, &found);
  if (code != 0) {
    throw boost::system::system_error(lookup_error(code), "cannot find host '" + host + "'");
  }
  endpoints result;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    boost::asio::ip::tcp::endpoint endpoint;
    if (each->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
    endpoint.resize(each->ai_addrlen);
    result.push_back(endpoint);
  }
  ::freeaddrinfo(found);
  return result;
}

inline auto look_up_call(std::string host, std::uint16_t port, bool passive) {
  return in_thread(
      "resolve", [host = std::move(host), port, passive] { return look_up(host, port, passive); });
}

inline task<endpoints> resolve(std::string host, std::uint16_t port, bool passive) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  if (!no_address) {
    endpoints only;
    only.emplace_back(address, port);
    co_return only;
  }
  co_return co_await look_up_call(std::move(host), port, passive);
}

}  // namespace trama::aio::detail
