// O contrário de soma_raizes.cpp: todas as threads somam na MESMA variável. Parcelas se perdem.
// ESTE PROGRAMA ESTÁ ERRADO DE PROPÓSITO; termina com 1 quando a soma sai errada.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "../comum/opcoes.hpp"

int main(int argc, char** argv) {
  int numeros = 1'000'000;
  int threads = std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
  comum::ler_opcoes(argc, argv,
                    {{"--numeros", numeros, 1, 2'000'000'000}, {"--threads", threads, 1, 1000}});

  double certa = 0;
  for (int n = 1; n <= numeros; ++n) {
    certa += std::sqrt(n);
  }

  double total = 0;
  {
    std::vector<std::jthread> trabalhadoras;
    for (int i = 0; i < threads; ++i) {
      trabalhadoras.emplace_back([&total, i, threads, numeros] {
        for (long n = i; n < numeros; n += threads) {
          total += std::sqrt(
              static_cast<double>(n + 1));  // lê o total, soma, escreve o total: três passos
        }
      });
    }
  }

  fmt::print("Soma certa:           {:.6e}\n", certa);
  fmt::print("Soma com {} threads:   {:.6e}\n", threads, total);
  if (std::abs(total - certa) > 1e-9 * certa) {
    fmt::print("ERRO: {:.1f}% da soma se perdeu.\n", 100 * (certa - total) / certa);
    return 1;
  }
  fmt::print("Tudo certo... desta vez.\n");
}
