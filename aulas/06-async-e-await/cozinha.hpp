// A cozinha das lições de async: um relógio que conta desde o pedido, e pratos que demoram.
#pragma once

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "trama/aio.hpp"

class Cozinha {
 public:
  using clock = std::chrono::steady_clock;

  // Com 100 ms por segundo, a cozinha trabalha dez vezes mais depressa.
  explicit Cozinha(int ms_por_segundo) : segundo_(ms_por_segundo) {}

  // Segundos desde o pedido, arredondados.
  int agora() const {
    const auto passou =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - inicio_);
    return static_cast<int>((passou + segundo_ / 2) / segundo_);
  }

  void dizer(const std::string& frase) const { fmt::print("[{:2} s] {}\n", agora(), frase); }

  trama::aio::task<std::string> preparar(std::string prato, int segundos) const {
    dizer(prato + ": começou");
    co_await trama::aio::sleep(segundo_ * segundos);
    dizer(prato + ": pronto");
    co_return prato;
  }

 private:
  std::chrono::milliseconds segundo_;
  clock::time_point inicio_ = clock::now();
};
