// Muitas threads, um objeto só, nenhum conflito: a soma das raízes quadradas de 1 a N.
// Cada thread soma a sua faixa de números e escreve o resultado na SUA posição do vetor.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <thread>
#include <vector>

#include "../comum/opcoes.hpp"

// A soma das raízes dos números de `inicio` até antes de `fim`.
double somar_faixa(std::int64_t inicio, std::int64_t fim) {
  double soma = 0;
  for (std::int64_t n = inicio; n < fim; ++n) {
    soma += std::sqrt(static_cast<double>(n));
  }
  return soma;
}

double somar(std::int64_t numeros, int quantas) {
  std::vector<double> parcelas(static_cast<std::size_t>(quantas));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < quantas; ++i) {
      const std::int64_t inicio = 1 + numeros * i / quantas;
      const std::int64_t fim = 1 + numeros * (i + 1) / quantas;
      double& parcela = parcelas[static_cast<std::size_t>(i)];  // ninguém mais mexe nesta
      threads.emplace_back([inicio, fim, &parcela] { parcela = somar_faixa(inicio, fim); });
    }
  }  // Todos os join() acontecem aqui; só depois é que a main lê as parcelas.
  return std::accumulate(parcelas.begin(), parcelas.end(), 0.0);
}

int main(int argc, char** argv) {
  int numeros = 50'000'000;
  int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  comum::ler_opcoes(argc, argv,
                    {{"--numeros", numeros, 1, 2'000'000'000}, {"--threads", threads, 1, 1000}});

  using relogio = std::chrono::steady_clock;
  const auto inicio = relogio::now();
  const double com_uma = somar(numeros, 1);
  const auto meio = relogio::now();
  const double com_muitas = somar(numeros, threads);
  const auto fim = relogio::now();

  const double tempo_uma = std::chrono::duration<double>(meio - inicio).count();
  const double tempo_muitas = std::chrono::duration<double>(fim - meio).count();
  fmt::print("Soma das raízes de 1 a {}\n", numeros);
  fmt::print("com 1 thread:   {:.6e} em {:.3f} s\n", com_uma, tempo_uma);
  fmt::print("com {} threads:  {:.6e} em {:.3f} s\n", threads, com_muitas, tempo_muitas);
  if (tempo_muitas > 0) {
    fmt::print("aceleração:     {:.2f} vezes\n", tempo_uma / tempo_muitas);
  }

  // A ordem das parcelas muda o arredondamento, e só ele: as somas diferem muito pouco.
  if (std::abs(com_muitas - com_uma) > 1e-9 * com_uma) {
    fmt::print("ERRO: as duas somas são diferentes!\n");
    return 1;
  }
  fmt::print("Tudo certo: as duas somas são iguais.\n");
}
