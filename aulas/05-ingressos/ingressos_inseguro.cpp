// Venda de ingressos sem trava: conferir e vender são dois passos, e entre um e outro cabe outra
// thread. ESTE PROGRAMA ESTÁ ERRADO DE PROPÓSITO; termina com 1 quando vende mais do que tem.
#include <fmt/core.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <numeric>
#include <thread>
#include <vector>

#include "../comum/opcoes.hpp"

class Bilheteria {
 public:
  explicit Bilheteria(int ingressos) : restantes_(ingressos) {}

  bool vender(std::chrono::microseconds pausa) {
    if (restantes_ <= 0) {  // confere...
      return false;
    }
    std::this_thread::sleep_for(pausa);  // ...o cartão de crédito demora...
    --restantes_;                        // ...e vende, sem saber se ainda há
    return true;
  }

  int restantes() const { return restantes_; }

 private:
  int restantes_;
};

// Compra enquanto houver ingresso e conta quantos levou.
void comprar(Bilheteria& bilheteria, int& comprados, std::chrono::microseconds pausa) {
  while (bilheteria.vender(pausa)) {
    ++comprados;
  }
}

int main(int argc, char** argv) {
  int ingressos = 100;
  int compradores = 4;
  int pausa_us = 100;
  comum::ler_opcoes(argc, argv,
                    {{"--ingressos", ingressos, 0, 1'000'000},
                     {"--compradores", compradores, 1, 1000},
                     {"--pausa-us", pausa_us, 0, 1'000'000}});

  Bilheteria bilheteria(ingressos);
  std::vector<int> comprados(static_cast<std::size_t>(compradores));  // uma posição para cada um
  {
    std::vector<std::jthread> threads;
    for (int& meus : comprados) {
      threads.emplace_back(comprar, std::ref(bilheteria), std::ref(meus),
                           std::chrono::microseconds(pausa_us));
    }
  }

  const int vendidos = std::accumulate(comprados.begin(), comprados.end(), 0);
  fmt::print("Ingressos: {}. Vendidos: {}. Restam na bilheteria: {}.\n", ingressos, vendidos,
             bilheteria.restantes());
  if (vendidos + bilheteria.restantes() != ingressos || bilheteria.restantes() < 0) {
    fmt::print("ERRO: a conta não fecha; há gente com ingresso e sem lugar.\n");
    return 1;
  }
  fmt::print("Tudo certo: cada ingresso foi vendido uma vez.\n");
}
