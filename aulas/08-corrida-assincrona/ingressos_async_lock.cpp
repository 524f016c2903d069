// Venda de ingressos numa thread só, com aio::lock: conferir, esperar e vender ficam juntos. Quem
// espera pela trava não para a thread: devolve a vez, como em qualquer co_await.
#include <fmt/core.h>

#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

#include "../comum/opcoes.hpp"
#include "trama/aio.hpp"

namespace aio = trama::aio;

// O trabalho pesado do banco (conferir uma senha, autorizar um cartão): só conta, sem dormir.
std::uint64_t calcular(int rodadas) {
  std::uint64_t resumo = 0xcbf29ce484222325;
  for (int i = 0; i < rodadas; ++i) resumo = (resumo ^ static_cast<unsigned>(i)) * 0x100000001b3;
  return resumo;
}

class Bilheteria {
 public:
  explicit Bilheteria(int ingressos) : restantes_(ingressos) {}

  aio::task<bool> vender(int cliente) {
    const auto guarda = co_await trava_.scoped();  // solta no fim, também por exceção
    fmt::print("cliente {} confere: restam {}\n", cliente, restantes_);
    if (restantes_ <= 0) {
      co_return false;
    }
    co_await aio::to_thread(calcular, 100);  // outros andam, mas ninguém confere
    --restantes_;
    fmt::print("cliente {} compra: restam {}\n", cliente, restantes_);
    co_return true;
  }

  int restantes() const { return restantes_; }

 private:
  aio::lock trava_;
  int restantes_;  // protegido por trava_
};

// Entra, o que demora conforme a senha, e compra um ingresso.
aio::task<bool> comprar(Bilheteria& bilheteria, int cliente, int rodadas_da_senha) {
  co_await aio::to_thread(calcular, rodadas_da_senha);
  co_return co_await bilheteria.vender(cliente);
}

aio::task<int> vender_a_todos(Bilheteria& bilheteria, int clientes, int rodadas) {
  std::vector<aio::task<bool>> compras;
  for (int i = 0; i < clientes; ++i) {
    compras.push_back(comprar(bilheteria, i + 1, i * rodadas));
  }
  const auto resultados = co_await aio::gather(std::move(compras));
  int vendidos = 0;
  for (const bool comprou : resultados) vendidos += comprou ? 1 : 0;
  co_return vendidos;
}

int main(int argc, char** argv) {
  int ingressos = 1;
  int clientes = 2;
  int rodadas = 10'000'000;
  comum::ler_opcoes(argc, argv,
                    {{"--ingressos", ingressos, 0, 1000},
                     {"--clientes", clientes, 1, 100},
                     {"--rodadas", rodadas, 0, 20'000'000}});

  Bilheteria bilheteria(ingressos);
  const int vendidos = aio::run(vender_a_todos(bilheteria, clientes, rodadas));
  fmt::print("Ingressos: {}. Vendidos: {}. Restam na bilheteria: {}.\n", ingressos, vendidos,
             bilheteria.restantes());
  if (bilheteria.restantes() < 0) {
    fmt::print("ERRO: a conta não fecha; há gente com ingresso e sem lugar.\n");
    return 1;
  }
  fmt::print("Tudo certo: cada ingresso foi vendido uma vez.\n");
}
