// Um pedido, um prato depois do outro: cada co_await espera pelo anterior. Está certo, e demora
// 25 s onde bastavam 15.
#include <string>

#include "../comum/opcoes.hpp"
#include "cozinha.hpp"
#include "trama/aio.hpp"

namespace aio = trama::aio;

aio::task<> pedido(const Cozinha& cozinha) {
  const std::string hamburguer = co_await cozinha.preparar("hambúrguer", 10);
  const std::string pao = co_await cozinha.preparar("pão", 3);
  const std::string milkshake = co_await cozinha.preparar("milkshake", 7);
  co_await cozinha.preparar("sanduíche de " + hamburguer + " no " + pao, 5);
  cozinha.dizer("Pedido entregue, com " + milkshake + ".");
}

int main(int argc, char** argv) {
  int ms_por_segundo = 1000;
  comum::ler_opcoes(argc, argv, {{"--ms-por-segundo", ms_por_segundo, 1, 10'000}});
  const Cozinha cozinha(ms_por_segundo);
  aio::run(pedido(cozinha));
}
