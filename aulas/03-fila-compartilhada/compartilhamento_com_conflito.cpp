// Duas threads compartilham uma fila: th1 gera dados (verde), th2 os consome (vermelho).
// A fila está protegida por um mutex, mas th2 decide pelo tamanho: achou a fila vazia, vai
// embora. Só dá certo quando th1 termina tudo antes. ESTE PROGRAMA ESTÁ ERRADO DE PROPÓSITO;
// termina com 1 quando sobram dados que ninguém processou.
#include <fmt/color.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <queue>
#include <string>
#include <thread>

#include "../comum/opcoes.hpp"

// Uma linha inteira de cada vez, na cor de quem fala. Sem cor fora de um terminal.
void dizer(fmt::terminal_color cor, const std::string& frase) {
  static const char* const sem_cor = std::getenv("NO_COLOR");
  static const bool colorido =
      isatty(STDOUT_FILENO) == 1 && (sem_cor == nullptr || *sem_cor == '\0');
  fmt::print("{}\n", fmt::styled(frase, colorido ? fmt::fg(cor) : fmt::text_style()));
  std::fflush(stdout);
}
constexpr auto kVerde = fmt::terminal_color::green;
constexpr auto kVermelho = fmt::terminal_color::red;
constexpr auto kBranco = fmt::terminal_color::white;

// Cada operação é segura. O que não é seguro é decidir com a resposta de uma operação passada.
class Fila {
 public:
  void por(int dado) {
    const std::lock_guard tranca(mutex_);
    dados_.push(dado);
  }
  int tirar() {  // só para quem sabe que há um dado
    const std::lock_guard tranca(mutex_);
    const int dado = dados_.front();
    dados_.pop();
    return dado;
  }
  std::size_t tamanho() {
    const std::lock_guard tranca(mutex_);
    return dados_.size();
  }

 private:
  std::mutex mutex_;
  std::queue<int> dados_;
};

void gerar_dados(Fila& fila, int quantos, std::chrono::milliseconds pausa) {
  for (int dado = 1; dado <= quantos; ++dado) {
    dizer(kVerde, fmt::format("th1: dado {} foi gerado", dado));
    std::this_thread::sleep_for(pausa);
    fila.por(dado);
  }
}

void consumir_dados(Fila& fila, std::chrono::milliseconds pausa) {
  while (fila.tamanho() > 0) {  // vazia AGORA não quer dizer vazia PARA SEMPRE
    const int dado = fila.tirar();
    dizer(kVermelho, fmt::format("th2: dado {} foi processado", dado));
    std::this_thread::sleep_for(pausa);
  }
  dizer(kVermelho, "th2: a fila está vazia, vou embora");
}

int main(int argc, char** argv) {
  int dados = 10;
  int pausa_ms = 0;
  comum::ler_opcoes(argc, argv, {{"--dados", dados, 0, 1000}, {"--pausa-ms", pausa_ms, 0, 10'000}});
  const std::chrono::milliseconds pausa(pausa_ms);

  dizer(kBranco, "Sistema iniciado.");
  Fila fila;
  std::thread th1(gerar_dados, std::ref(fila), dados, pausa);
  std::thread th2(consumir_dados, std::ref(fila), pausa / 2);
  th1.join();
  th2.join();

  if (const std::size_t sobraram = fila.tamanho(); sobraram > 0) {
    dizer(kBranco, fmt::format("ERRO: th2 saiu cedo demais; {} de {} dados sem processar.",
                               sobraram, dados));
    return 1;
  }
  dizer(kBranco, "Tudo certo: todos os dados foram processados. Sistema encerrado.");
}
