// O mesmo sistema com trama::queue, a fila de Python em C++. th2 não olha o tamanho: espera em
// get() até que haja um dado ou até que a fila seja encerrada com shutdown().
#include <fmt/color.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

#include "../comum/opcoes.hpp"
#include "trama/queue.hpp"

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

void gerar_dados(trama::queue<int>& fila, int quantos, std::chrono::milliseconds pausa) {
  for (int dado = 1; dado <= quantos; ++dado) {
    dizer(kVerde, fmt::format("th1: dado {} foi gerado", dado));
    std::this_thread::sleep_for(pausa);
    fila.put(dado);
  }
}

void consumir_dados(trama::queue<int>& fila, std::chrono::milliseconds pausa, int& processados) {
  try {
    while (true) {
      const int dado = fila.get();  // espera o quanto for preciso
      dizer(kVermelho, fmt::format("th2: dado {} foi processado", dado));
      std::this_thread::sleep_for(pausa);
      ++processados;
      fila.task_done();  // o trabalho deste dado terminou
    }
  } catch (const trama::queue_shut_down&) {
    dizer(kVermelho, "th2: a fila foi encerrada, vou embora");
  }
}

int main(int argc, char** argv) {
  int dados = 10;
  int pausa_ms = 0;
  comum::ler_opcoes(argc, argv, {{"--dados", dados, 0, 1000}, {"--pausa-ms", pausa_ms, 0, 10'000}});
  const std::chrono::milliseconds pausa(pausa_ms);

  dizer(kBranco, "Sistema iniciado.");
  trama::queue<int> fila;
  int processados = 0;
  std::thread th1(gerar_dados, std::ref(fila), dados, pausa);
  std::thread th2(consumir_dados, std::ref(fila), pausa / 2, std::ref(processados));

  th1.join();   // tudo foi gerado...
  fila.join();  // ...e tudo foi processado: um task_done() para cada put()
  dizer(kBranco, "Não há mais trabalho. Encerrando a fila.");
  fila.shutdown();  // o fim é dito, não adivinhado
  th2.join();

  if (processados != dados) {
    dizer(kBranco, fmt::format("ERRO: só {} de {} dados foram processados.", processados, dados));
    return 1;
  }
  dizer(kBranco, "Tudo certo: todos os dados foram processados. Sistema encerrado.");
}
