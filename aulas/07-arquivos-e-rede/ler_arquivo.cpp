// Um arquivo de texto lido inteiro e lido linha por linha, sem bloquear o laço: quem lê são threads
// da biblioteca, e a corrotina espera.
//   ler_arquivo [arquivo]     sem nada: o links.txt que está ao lado do programa
#include <fmt/core.h>

#include <boost/system/system_error.hpp>
#include <cstdio>
#include <string>

#include "ao_lado.hpp"
#include "trama/aio.hpp"

namespace aio = trama::aio;

aio::task<> ler_inteiro(std::string nome) {
  auto arquivo = co_await aio::open_file(nome, "r");
  const std::string texto = co_await arquivo.read();
  fmt::print("Inteiro: {} bytes.\n", texto.size());
}

aio::task<> ler_por_linha(std::string nome) {
  auto arquivo = co_await aio::open_file(nome, "r");
  int numero = 0;
  for (;;) {
    const std::string linha = co_await arquivo.read_line();  // com o "\n", como em Python
    if (linha.empty()) break;                                // o fim do arquivo
    fmt::print("{:3}  {}", ++numero, linha);
  }
  fmt::print("Por linha: {} linhas.\n", numero);
}

aio::task<> ler(std::string nome) {
  co_await ler_inteiro(nome);
  co_await ler_por_linha(nome);
}

int main(int argc, char** argv) {
  const std::string nome = argc > 1 ? argv[1] : ao_lado(argv[0], "links.txt");
  try {
    aio::run(ler(nome));
  } catch (const boost::system::system_error& falha) {
    fmt::print(stderr, "{}: {}\n", nome, falha.code().message());
    return 2;
  }
}
