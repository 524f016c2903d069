#include "cli/interrupt.hpp"

#include <csignal>

namespace trama {
namespace {

volatile std::sig_atomic_t g_count = 0;
struct sigaction g_old_interrupt;
struct sigaction g_old_terminate;
struct sigaction g_old_hang_up;

extern "C" void count_signal(int /*signal*/) { g_count = g_count + 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  g_count = 0;
  struct sigaction action {};
  action.sa_handler = count_signal;  // no SA_RESTART: poll must return
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, &g_old_interrupt);
  ::sigaction(SIGTERM, &action, &g_old_terminate);
  // Whoever has it ignored (nohup) goes on when the terminal is closed.
  ::sigaction(SIGHUP, nullptr, &g_old_hang_up);
  if (g_old_hang_up.sa_handler != SIG_IGN) ::sigaction(SIGHUP, &action, nullptr);
}

InterruptGuard::~InterruptGuard() {
  ::sigaction(SIGINT, &g_old_interrupt, nullptr);
  ::sigaction(SIGTERM, &g_old_terminate, nullptr);
  ::sigaction(SIGHUP, &g_old_hang_up, nullptr);
}

int InterruptGuard::count() { return g_count; }

}  // namespace trama
