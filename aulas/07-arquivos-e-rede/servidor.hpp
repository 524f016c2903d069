// O servidor da lição: três páginas, um desvio e um caminho que nunca responde. Roda no mesmo laço
// que os clientes, na mesma thread.
#pragma once

#include <fmt/core.h>

#include <chrono>
#include <string>

#include "trama/aio.hpp"

inline std::string resposta(const std::string& pedido) {
  const auto pagina = [](const char* estado, const std::string& corpo, const std::string& mais) {
    return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", estado, corpo.size(), mais,
                       corpo);
  };
  if (pedido.starts_with("GET /gatos ")) {
    return pagina("200 OK", "<html><title>Gatos &amp; cia.</title><p>Miau", "");
  }
  if (pedido.starts_with("GET /tatus ")) {
    return pagina("200 OK", "<TITLE>\n  Tatus:\n  um guia </TITLE>", "");
  }
  if (pedido.starts_with("GET /mudou ")) {
    return pagina("302 Found", "", "Location: /gatos\r\n");
  }
  return pagina("404 Not Found", "<title>Não há</title>", "");
}

// Atende um cliente.
inline trama::aio::task<> atender(trama::aio::stream cliente) {
  const std::string pedido = co_await cliente.read_until("\r\n\r\n");
  if (pedido.starts_with("GET /lento ")) {
    co_await trama::aio::sleep(std::chrono::hours(1));
  }
  co_await cliente.write(resposta(pedido));
  cliente.close();
}
