// Os títulos de todas as páginas de uma lista, buscadas ao mesmo tempo, numa thread só. O que falha
// é dito e não atrapalha os outros; ninguém espera mais que o prazo.
//   titulos [arquivo] [--prazo-ms N]     sem arquivo: o links.txt que está ao lado do programa
// Em links.txt, {porta} é a porta do servidor da lição, que nasce e morre com o programa.
#include <fmt/core.h>

#include <boost/system/system_error.hpp>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "../comum/opcoes.hpp"
#include "ao_lado.hpp"
#include "servidor.hpp"
#include "trama/aio.hpp"
#include "trama/html.hpp"
#include "trama/http.hpp"
#include "trama/https.hpp"

namespace aio = trama::aio;
namespace http = trama::http;

aio::task<std::vector<std::string>> ler_links(std::string nome, std::string porta) {
  auto arquivo = co_await aio::open_file(nome, "r");
  std::vector<std::string> links;
  for (;;) {
    std::string linha = co_await arquivo.read_line();
    if (linha.empty()) co_return links;  // o fim do arquivo
    if (linha.back() == '\n') linha.pop_back();
    const std::size_t onde = linha.find("{porta}");
    if (onde != std::string::npos) linha.replace(onde, 7, porta);
    if (!linha.empty()) links.push_back(linha);
  }
}

// O título, ou por que não há título. Uma página que falha não é um erro do programa.
aio::task<std::string> titulo(std::string link, std::chrono::milliseconds prazo) {
  http::options opcoes;
  opcoes.timeout = prazo;
  try {
    const http::response pagina = co_await http::get(link, opcoes);
    const std::string texto = trama::html::title(pagina.body, pagina.charset());
    co_return fmt::format("{} {}", pagina.status, texto.empty() ? "(sem título)" : texto);
  } catch (const http::error& falha) {
    co_return fmt::format("--- {}", falha.what());
  }
}

aio::task<> mostrar_titulos(std::string nome, std::chrono::milliseconds prazo) {
  auto servidor = co_await aio::start_server(atender, "127.0.0.1", 0);
  const auto links = co_await ler_links(nome, std::to_string(servidor.port()));
  const auto inicio = std::chrono::steady_clock::now();

  std::vector<aio::task<std::string>> buscas;
  for (const std::string& link : links) buscas.push_back(titulo(link, prazo));
  const auto titulos = co_await aio::gather(std::move(buscas));

  const auto passou = std::chrono::steady_clock::now() - inicio;
  for (std::size_t i = 0; i < links.size(); ++i) {
    fmt::print("{:35} {}\n", links[i], titulos[i]);
  }
  fmt::print("{} páginas em {} s.\n", links.size(),
             std::chrono::round<std::chrono::seconds>(passou).count());
  servidor.close();
}

int main(int argc, char** argv) {
  std::string nome = ao_lado(argv[0], "links.txt");
  if (argc > 1 && argv[1][0] != '-') {
    nome = argv[1];
    argv[1] = argv[0];  // o resto são opções
    --argc;
    ++argv;
  }
  int prazo_ms = 10'000;
  comum::ler_opcoes(argc, argv, {{"--prazo-ms", prazo_ms, 1, 3'600'000}});
  try {
    aio::run(mostrar_titulos(nome, std::chrono::milliseconds(prazo_ms)));
  } catch (const boost::system::system_error& falha) {
    fmt::print(stderr, "{}: {}\n", nome, falha.code().message());
    return 2;
  }
}
