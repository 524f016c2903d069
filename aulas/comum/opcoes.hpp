// Lê as opções dos programas das aulas: `--nome 3` ou `--nome=3`, sempre números inteiros.
// Uma opção ruim dá uma linha em stderr e o código de saída 2.
#pragma once

#include <fmt/core.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <system_error>

namespace comum {

struct Opcao {
  std::string_view nome;  // com os hífens: "--threads"
  int& valor;             // traz o valor padrão e recebe o valor lido
  int minimo;
  int maximo;
};

// Troca os valores das opções pelos que estão em argv.
inline void ler_opcoes(int argc, char** argv, std::initializer_list<Opcao> opcoes) {
  const auto recusar = [&](std::string_view motivo) {
    fmt::print(stderr, "{}: {} (veja --ajuda)\n", argv[0], motivo);
    std::exit(2);
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view argumento = argv[i];
    if (argumento == "--ajuda" || argumento == "--help") {
      fmt::print("Uso: {} [opções]\n", argv[0]);
      for (const Opcao& opcao : opcoes) {
        fmt::print("  {} N   de {} a {}; sem a opção: {}\n", opcao.nome, opcao.minimo, opcao.maximo,
                   opcao.valor);
      }
      std::exit(0);
    }
    const auto igual = argumento.find('=');
    const auto nome = argumento.substr(0, igual);
    const Opcao* achada = nullptr;
    for (const Opcao& opcao : opcoes) {
      if (opcao.nome == nome) achada = &opcao;
    }
    if (achada == nullptr) return recusar(fmt::format("opção desconhecida: {}", argumento));

    std::string_view texto;
    if (igual != std::string_view::npos) {
      texto = argumento.substr(igual + 1);
    } else if (i + 1 < argc) {
      texto = argv[++i];
    } else {
      return recusar(fmt::format("falta o valor de {}", nome));
    }
    int valor = 0;
    const auto [fim, erro] = std::from_chars(texto.data(), texto.data() + texto.size(), valor);
    if (erro != std::errc() || fim != texto.data() + texto.size() || valor < achada->minimo ||
        valor > achada->maximo) {
      return recusar(fmt::format("{} quer um número inteiro de {} a {}, não \"{}\"", nome,
                                 achada->minimo, achada->maximo, texto));
    }
    achada->valor = valor;
  }
}

}  // namespace comum
