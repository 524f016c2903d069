// O que acontece sem join(): o destrutor de uma std::thread que ainda é "joinable" chama
// std::terminate, e o programa inteiro morre. ESTE PROGRAMA TERMINA COM ERRO DE PROPÓSITO.
#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <thread>

void contar(const std::string& o_que, int ate) {
  for (int n = 1; n <= ate; ++n) {
    fmt::print("{} {}...\n", n, o_que);
    std::fflush(stdout);
  }
}

int main() {
  {
    std::thread thread(contar, "elefante(s)", 3);
    fmt::print("A main segue em frente e esquece o join().\n");
    std::fflush(stdout);
  }  // Aqui a variável `thread` é destruída: std::terminate.
  fmt::print("Pronto! (esta linha nunca aparece)\n");
}
