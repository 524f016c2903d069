// Uma chamada que bloqueia dentro do laço: enquanto ela dorme, ninguém mais anda.
// ESTE PROGRAMA ESTÁ ERRADO DE PROPÓSITO; termina com 1 quando o relógio atrasa.
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
  const int resposta = fazer_relatorio(relogio.segundos(3));  // a thread do laço dorme aqui
  relogio.dizer(fmt::format("relatório: {}", resposta));
  co_return;
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
