// O mesmo pedido com create_task(): cada prato vira uma tarefa, que anda sozinha; co_await na alça
// espera por ela e recebe o resultado.
#include <string>

#include "../comum/opcoes.hpp"
#include "cozinha.hpp"
#include "trama/aio.hpp"

namespace aio = trama::aio;

aio::task<> pedido(const Cozinha& cozinha) {
  auto hamburguer = aio::create_task(cozinha.preparar("hambúrguer", 10), "hambúrguer");
  auto pao = aio::create_task(cozinha.preparar("pão", 3), "pão");
  auto milkshake = aio::create_task(cozinha.preparar("milkshake", 7), "milkshake");
  cozinha.dizer("As três tarefas existem, e nenhuma começou.");

  const std::string carne = co_await hamburguer;  // devolve a vez: agora as três andam
  const std::string massa = co_await pao;         // já está pronto: não espera
  co_await cozinha.preparar("sanduíche de " + carne + " no " + massa, 5);
  const std::string bebida = co_await milkshake;
  cozinha.dizer("Pedido entregue, com " + bebida + ".");
}

int main(int argc, char** argv) {
  int ms_por_segundo = 1000;
  comum::ler_opcoes(argc, argv, {{"--ms-por-segundo", ms_por_segundo, 1, 10'000}});
  const Cozinha cozinha(ms_por_segundo);
  aio::run(pedido(cozinha));
}
