// use_task: awaits any asynchronous operation of Asio inside a task.
//
//   tcp::socket socket(aio::this_loop());
//   co_await socket.async_connect(endpoint, aio::use_task);
//   std::size_t n = co_await socket.async_read_some(boost::asio::buffer(data), aio::use_task);
//
// An operation that fails throws boost::system::system_error; the rest of its result is the value
// of the await: nothing, one value, or a tuple. When the task is cancelled, so is the operation
// (by its cancellation slot), and the await throws `cancelled`. If it has succeeded nevertheless,
// nothing is lost: it gives its result, and `cancelled` comes at the next await.
// Python: what loop.sock_recv and its kin do.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/system/system_error.hpp>
#include <coroutine>
#include <exception>
#include <optional>
#include <trama/aio/detail/loop.hpp>
#include <trama/aio/task.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace trama::aio {

/// The type of `use_task`.
struct use_task_t {
  /// An executor whose I/O objects take use_task where no token is given.
  template <class Inner>
  struct executor_with_default : Inner {
    using default_completion_token_type = use_task_t;
    template <class Other>
    requires(!std::same_as<std::remove_cvref_t<Other>, executor_with_default> &&
             std::convertible_to<Other, Inner>) executor_with_default(Other&& other)
    noexcept  // NOLINT(google-explicit-constructor)
        : Inner(std::forward<Other>(other)) {}
  };

  /// `use_task_t::as_default_on_t<tcp::socket>` is a socket that needs no token:
  /// `co_await socket.async_connect(endpoint)`.
  template <class Object>
  using as_default_on_t = typename Object::template rebind_executor<
      executor_with_default<typename Object::executor_type>>::other;
};

/// The completion token.
inline constexpr use_task_t use_task{};

namespace detail {

/// Without the line of Asio's source that has noticed it: what() is for the program's user.
inline boost::system::error_code plain(const boost::system::error_code& error) noexcept {
  return {error.value(), error.category()};
}

/// An operation of Asio that a task awaits: its result comes here.
template <class... Args>
class operation : public waiter {
 public:
  operation() noexcept = default;
  operation(operation&&) noexcept : waiter() {}  // before it is started

  bool await_ready() const noexcept { return false; }

  decltype(auto) await_resume() {
    if (!result_) {
      if (failure_) std::rethrow_exception(failure_);
      throw_if_cancelled();
    }
    return std::apply([this](auto&... args) -> decltype(auto) { return this->outcome(args...); },
                      *result_);
  }

 protected:
  ~operation() override = default;

  class handler;

  /// Starts it by `initiate(handler)`; false if it is over already.
  template <class Promise, class Initiate>
  bool start(std::coroutine_handle<Promise> at, const void* pc, Initiate initiate) noexcept {
    if (!begin_wait(at, pc, nullptr)) return false;
    starting_ = true;
    try {
      initiate(handler(*this));
    } catch (...) {
      failure_ = std::current_exception();
    }
    starting_ = false;
    if (!result_ && !failure_) return true;
    task()->do_not_wait();
    return false;
  }

 private:
  void complete(Args... args) {
    result_.emplace(std::move(args)...);
    if (starting_) return;
    loop& in = task()->in();
    if (in.is_busy()) {
      wake();
    } else {
      task()->stop_waiting();
      in.step(*task());
    }
  }

  void cancel() noexcept override {
    if (!result_) signal_.emit(boost::asio::cancellation_type::all);
  }

  template <class First, class... Rest>
  auto outcome(First& first, Rest&... rest) {
    if constexpr (std::same_as<First, boost::system::error_code>) {
      if (first == boost::asio::error::operation_aborted && take_cancel()) throw cancelled();
      if (first) throw boost::system::system_error(plain(first));
      return value(rest...);
    } else if constexpr (std::same_as<First, std::exception_ptr>) {
      if (first) std::rethrow_exception(first);
      return value(rest...);
    } else {
      return value(first, rest...);
    }
  }
  void outcome() const noexcept {}

  template <class... Values>
  static auto value(Values&... values) {
    if constexpr (sizeof...(Values) == 1) {
      return (std::move(values), ...);
    } else if constexpr (sizeof...(Values) > 1) {
      return std::tuple<Values...>(std::move(values)...);
    }
  }

  boost::asio::cancellation_signal signal_;
  std::optional<std::tuple<Args...>> result_;
  std::exception_ptr failure_;
  bool starting_ = false;
};

/// What Asio calls in the end. The operation stands in the frame of a coroutine, so this is only a
/// pointer; Asio's own state comes from its recycling allocator.
template <class... Args>
class operation<Args...>::handler {
 public:
  explicit handler(operation& started) noexcept : operation_(&started) {}
  handler(handler&& other) noexcept : operation_(std::exchange(other.operation_, nullptr)) {}
  handler(const handler&) = delete;
  handler& operator=(const handler&) = delete;

  void operator()(Args... args) { operation_->complete(std::move(args)...); }

  using executor_type = boost::asio::io_context::executor_type;
  executor_type get_executor() const noexcept {
    return operation_->task()->in().context().get_executor();
  }
  using cancellation_slot_type = boost::asio::cancellation_slot;
  cancellation_slot_type get_cancellation_slot() const noexcept {
    return operation_->signal_.slot();
  }
  using allocator_type = boost::asio::recycling_allocator<void>;
  allocator_type get_allocator() const noexcept { return {}; }

 private:
  operation* operation_;
};

template <class Initiation, class InitArgs, class... Args>
class started_operation final : public operation<Args...> {
 public:
  template <class I, class... A>
  explicit started_operation(I&& initiation, A&&... args)
      : initiation_(std::forward<I>(initiation)), args_(std::forward<A>(args)...) {}
  started_operation(started_operation&&) noexcept = default;

  template <task_coroutine Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> at) noexcept {
    return this->start(at, __builtin_return_address(0), [this](auto&& completion) {
      std::apply(
          [&](auto&... args) {
            std::move(initiation_)(std::forward<decltype(completion)>(completion),
                                   std::move(args)...);
          },
          args_);
    });
  }

 private:
  Initiation initiation_;
  InitArgs args_;
};

}  // namespace detail
}  // namespace trama::aio

/// How Asio turns the token into an awaitable. The operation starts when it is awaited.
template <class R, class... Args>
class boost::asio::async_result<trama::aio::use_task_t, R(Args...)> {
 public:
  template <class Initiation, class... InitArgs>
  static auto initiate(Initiation&& initiation, trama::aio::use_task_t, InitArgs&&... args) {
    return trama::aio::detail::started_operation<
        std::decay_t<Initiation>, std::tuple<std::decay_t<InitArgs>...>, std::decay_t<Args>...>(
        std::forward<Initiation>(initiation), std::forward<InitArgs>(args)...);
  }
};
