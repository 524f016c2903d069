// Um relógio que bate a cada segundo e sabe se bateu atrasado.
#pragma once

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "trama/aio.hpp"

class Relogio {
 public:
  using clock = std::chrono::steady_clock;

  explicit Relogio(int ms_por_segundo) : segundo_(ms_por_segundo) {}

  std::chrono::milliseconds segundos(int quantos) const { return segundo_ * quantos; }

  // Segundos desde o começo, arredondados.
  int agora() const {
    const auto passou =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - inicio_);
    return static_cast<int>((passou + segundo_ / 2) / segundo_);
  }

  void dizer(const std::string& frase) const { fmt::print("[{:2} s] {}\n", agora(), frase); }

 private:
  std::chrono::milliseconds segundo_;
  clock::time_point inicio_ = clock::now();
};

// Bate cinco vezes, uma por segundo, e conta as batidas fora de hora.
inline trama::aio::task<> bater(const Relogio& relogio, int& atrasos) {
  for (int batida = 1; batida <= 5; ++batida) {
    co_await trama::aio::sleep(relogio.segundos(1));
    relogio.dizer("tique-taque");
    if (relogio.agora() != batida) ++atrasos;
  }
}
