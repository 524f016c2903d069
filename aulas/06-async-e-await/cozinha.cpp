// Um pedido, os três pratos ao mesmo tempo, numa thread só: gather() espera por todos.
#include "cozinha.hpp"

#include <string>

#include "../comum/opcoes.hpp"
#include "trama/aio.hpp"

namespace aio = trama::aio;

aio::task<> pedido(const Cozinha& cozinha) {
  const auto [hamburguer, pao, milkshake] =
      co_await aio::gather(cozinha.preparar("hambúrguer", 10), cozinha.preparar("pão", 3),
                           cozinha.preparar("milkshake", 7));
  co_await cozinha.preparar("sanduíche de " + hamburguer + " no " + pao, 5);
  cozinha.dizer("Pedido entregue, com " + milkshake + ".");
}

int main(int argc, char** argv) {
  int ms_por_segundo = 1000;
  comum::ler_opcoes(argc, argv, {{"--ms-por-segundo", ms_por_segundo, 1, 10'000}});
  const Cozinha cozinha(ms_por_segundo);
  aio::run(pedido(cozinha));
}
