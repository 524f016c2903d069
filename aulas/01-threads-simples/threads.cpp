// Threads simples: criar uma thread com uma função e seus argumentos, deixar a main trabalhar
// enquanto isso e, no fim, esperar com join().
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "../comum/opcoes.hpp"

void contar(const std::string& o_que, int ate, std::chrono::milliseconds pausa) {
  for (int n = 1; n <= ate; ++n) {
    fmt::print("{} {}...\n", n, o_que);
    std::fflush(stdout);
    std::this_thread::sleep_for(pausa);
  }
}

int main(int argc, char** argv) {
  int ate = 5;
  int pausa_ms = 20;
  comum::ler_opcoes(argc, argv, {{"--ate", ate, 0, 1000}, {"--pausa-ms", pausa_ms, 0, 10'000}});
  const std::chrono::milliseconds pausa(pausa_ms);

  // A função e os argumentos dela. A thread já nasce trabalhando: em C++ não há start().
  std::vector<std::thread> threads;
  threads.emplace_back(contar, "elefante(s)", ate, pausa);
  threads.emplace_back(contar, "carneiro(s)", ate, pausa);
  threads.emplace_back(contar, "tatu(s)", ate, pausa);

  fmt::print("A main faz outras coisas enquanto as threads contam.\n");
  std::fflush(stdout);

  // Cada thread precisa de um join() antes que o objeto std::thread seja destruído.
  for (std::thread& thread : threads) {
    thread.join();
  }
  fmt::print("Pronto!\n");
}
