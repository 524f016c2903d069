// A tarefa esquecida: o sanduíche foi posto a fazer, e ninguém espera por ele. O pedido acaba antes.
// ESTE PROGRAMA ESTÁ ERRADO DE PROPÓSITO; termina com 1 quando o sanduíche não sai.
#include <fmt/core.h>

#include <cstdio>
#include <string>

#include "../comum/opcoes.hpp"
#include "cozinha.hpp"
#include "trama/aio.hpp"

namespace aio = trama::aio;

aio::task<> montar(const Cozinha& cozinha, std::string nome, bool& pronto) {
  try {
    co_await cozinha.preparar(nome, 5);
    pronto = true;
  } catch (const aio::cancelled&) {  // o fim do laço cancela quem ainda espera
    cozinha.dizer(nome + ": foi para o lixo");
    throw;
  }
}

aio::task<> pedido(const Cozinha& cozinha, bool& pronto) {
  const auto [hamburguer, pao, milkshake] =
      co_await aio::gather(cozinha.preparar("hambúrguer", 10), cozinha.preparar("pão", 3),
                           cozinha.preparar("milkshake", 7));
  aio::create_task(montar(cozinha, "sanduíche", pronto), "sanduíche");  // e quem espera por ela?
  co_await aio::sleep(std::chrono::milliseconds(0));                    // dá a vez, uma só
  cozinha.dizer("Pedido entregue, com " + milkshake + ".");
}

int main(int argc, char** argv) {
  int ms_por_segundo = 1000;
  comum::ler_opcoes(argc, argv, {{"--ms-por-segundo", ms_por_segundo, 1, 10'000}});
  const Cozinha cozinha(ms_por_segundo);
  bool pronto = false;
  aio::run(pedido(cozinha, pronto));
  if (!pronto) {
    fmt::print("ERRO: o pedido foi entregue sem o sanduíche.\n");
    return 1;
  }
}
