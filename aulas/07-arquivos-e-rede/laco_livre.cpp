// A mesma chamada que bloqueia, numa thread emprestada: to_thread() espera por ela sem parar o laço.
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "../comum/opcoes.hpp"
#include "relogio.hpp"
#include "trama/aio.hpp"

namespace aio = trama::aio;

// Uma função de antes dos laços de eventos: devolve quando acaba (um banco de dados, uma conta).
int fazer_relatorio(std::chrono::milliseconds demora) {
  std::this_thread::sleep_for(demora);
  return 42;
}

aio::task<> relatorio(const Relogio& relogio) {
  relogio.dizer("relatório: começou");
  const int resposta = co_await aio::to_thread(fazer_relatorio, relogio.segundos(3));
  relogio.dizer(fmt::format("relatório: {}", resposta));
}

aio::task<> tudo(const Relogio& relogio, int& atrasos) {
  co_await aio::gather(bater(relogio, atrasos), relatorio(relogio));
}

int main(int argc, char** argv) {
  int ms_por_segundo = 1000;
  comum::ler_opcoes(argc, argv, {{"--ms-por-segundo", ms_por_segundo, 1, 10'000}});
  const Relogio relogio(ms_por_segundo);
  int atrasos = 0;
  aio::run(tudo(relogio, atrasos));
  if (atrasos > 0) {
    fmt::print("ERRO: {} batidas fora de hora.\n", atrasos);
    return 1;
  }
}
