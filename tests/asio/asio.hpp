// Asio as Boost has it, or standing alone (TRAMA_ASIO_ALONE): the programs are the same.
#pragma once

#include <utility>  // Boost 1.74 uses it and does not include it

#ifdef TRAMA_ASIO_ALONE
#include <asio.hpp>
namespace net = asio;
using error_code = std::error_code;
#else
#include <boost/asio.hpp>
namespace net = boost::asio;
using error_code = boost::system::error_code;
#endif
