// O banco seguro: um std::recursive_mutex guarda os saldos. Quem transfere fica com ele desde a
// conferência do saldo até a auditoria. Termina com 1 se alguma auditoria falha.
#include <fmt/core.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "../comum/opcoes.hpp"

struct Conta {
  int saldo = 0;
};

class Banco {
 public:
  Banco(int quantas_contas, int saldo_minimo, int saldo_maximo, std::minstd_rand& gerador) {
    std::uniform_int_distribution<int> saldo(saldo_minimo, saldo_maximo);
    for (int i = 0; i < quantas_contas; ++i) {
      contas_.push_back(Conta{saldo(gerador)});
      total_ += contas_.back().saldo;
    }
  }

  // Conferir, debitar, creditar e auditar são UMA coisa: ninguém entra no meio.
  void transferir(std::size_t de, std::size_t para, int valor, std::chrono::microseconds pausa) {
    const std::lock_guard tranca(tranca_);
    Conta& origem = contas_[de];
    Conta& destino = contas_[para];
    if (origem.saldo < valor) {
      return;
    }
    origem.saldo -= valor;
    std::this_thread::sleep_for(pausa);
    destino.saldo += valor;
    validar();  // trava outra vez o que esta thread já travou: por isso recursive_mutex
  }

  // A auditoria: o dinheiro do banco é o mesmo do começo, e ninguém está no vermelho?
  void validar() {
    const std::lock_guard tranca(tranca_);
    int atual = 0;
    bool no_vermelho = false;
    for (const Conta& conta : contas_) {
      atual += conta.saldo;
      no_vermelho = no_vermelho || conta.saldo < 0;
    }
    if (no_vermelho) {
      fmt::print("ERRO: Há conta com saldo negativo.\n");
      ++erros_;
    } else if (atual != total_) {
      fmt::print("ERRO: Balanço bancário inconsistente. BRL$ {} vs {}\n", atual, total_);
      ++erros_;
    } else {
      fmt::print("Tudo certo: Balanço bancário consistente: BRL$ {}\n", total_);
    }
    std::fflush(stdout);
  }

  int erros() const {
    const std::lock_guard tranca(tranca_);
    return erros_;
  }

 private:
  mutable std::recursive_mutex tranca_;  // protege os saldos e a contagem de erros
  std::vector<Conta> contas_;
  int erros_ = 0;  // quantas auditorias falharam
  int total_ = 0;  // não muda depois do construtor
};

// O trabalho de uma thread. O gerador de números aleatórios é só dela.
void servicos(Banco& banco, int contas, int transferencias, std::minstd_rand gerador,
              std::chrono::microseconds pausa) {
  std::uniform_int_distribution<int> sorteio(0, contas - 1);
  std::uniform_int_distribution<int> dinheiro(1, 100);
  for (int i = 0; i < transferencias; ++i) {
    const int de = sorteio(gerador);
    int para = sorteio(gerador);
    while (para == de) {
      para = sorteio(gerador);
    }
    banco.transferir(static_cast<std::size_t>(de), static_cast<std::size_t>(para),
                     dinheiro(gerador), pausa);
  }
}

int main(int argc, char** argv) {
  int contas = 6;
  int threads = 6;
  int transferencias = 999;
  int semente = 1;
  int pausa_us = 1000;
  int saldo_minimo = 5'000;
  int saldo_maximo = 10'000;
  comum::ler_opcoes(argc, argv,
                    {{"--contas", contas, 2, 1000},
                     {"--threads", threads, 1, 1000},
                     {"--transferencias", transferencias, 0, 1'000'000},
                     {"--semente", semente, 0, 1'000'000'000},
                     {"--pausa-us", pausa_us, 0, 1'000'000},
                     {"--saldo-minimo", saldo_minimo, 0, 1'000'000},
                     {"--saldo-maximo", saldo_maximo, 0, 1'000'000}});
  if (saldo_maximo < saldo_minimo) {
    saldo_maximo = saldo_minimo;
  }

  std::minstd_rand gerador(static_cast<unsigned>(semente) + 1);
  Banco banco(contas, saldo_minimo, saldo_maximo, gerador);
  fmt::print("Iniciando transferências...\n");
  {
    std::vector<std::jthread> tarefas;
    for (int i = 0; i < threads; ++i) {
      tarefas.emplace_back(servicos, std::ref(banco), contas, transferencias,
                           std::minstd_rand(gerador()), std::chrono::microseconds(pausa_us));
    }
  }
  fmt::print("Transferências completas.\n");
  banco.validar();
  return banco.erros() == 0 ? 0 : 1;
}
