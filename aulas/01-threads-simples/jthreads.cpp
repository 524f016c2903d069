// O mesmo com std::jthread (C++20): o destrutor faz o join(), e antes pede à thread que pare.
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <stop_token>
#include <string>
#include <thread>

#include "../comum/opcoes.hpp"

void contar(const std::string& o_que, int ate, std::chrono::milliseconds pausa) {
  for (int n = 1; n <= ate; ++n) {
    fmt::print("{} {}...\n", n, o_que);
    std::fflush(stdout);
    std::this_thread::sleep_for(pausa);
  }
}

// Quem recebe um std::stop_token como primeiro parâmetro pode ser convidado a parar.
void relogio(const std::stop_token& parada, std::chrono::milliseconds pausa) {
  while (!parada.stop_requested()) {
    fmt::print("tique-taque\n");
    std::fflush(stdout);
    std::this_thread::sleep_for(pausa);
  }
  fmt::print("O relógio parou.\n");
  std::fflush(stdout);
}

int main(int argc, char** argv) {
  int ate = 5;
  int pausa_ms = 20;
  comum::ler_opcoes(argc, argv, {{"--ate", ate, 0, 1000}, {"--pausa-ms", pausa_ms, 1, 10'000}});
  const std::chrono::milliseconds pausa(pausa_ms);
  {
    std::jthread horas(relogio, pausa);
    std::jthread elefantes(contar, "elefante(s)", ate, pausa);
    std::jthread carneiros(contar, "carneiro(s)", ate, pausa);
    fmt::print("A main faz outras coisas enquanto as threads contam.\n");
    std::fflush(stdout);
  }  // Os destrutores, na ordem inversa: esperam os carneiros e os elefantes, param o relógio.
  fmt::print("Pronto!\n");
}
