// Um laço de eventos feito à mão: o que é uma corrotina e quando ela roda. Sem biblioteca nenhuma
// além da linguagem, sem thread e sem relógio de verdade: o laço salta de uma hora para a outra.
#include <fmt/core.h>

#include <coroutine>
#include <cstdio>
#include <exception>
#include <queue>
#include <utility>
#include <vector>

// Guarda quem espera e até que hora; acorda um de cada vez, na ordem das horas.
class Laco {
 public:
  int agora() const { return agora_; }

  void acordar_em(int segundos, std::coroutine_handle<> quem) {
    esperas_.push({agora_ + segundos, ordem_++, quem});
  }

  void rodar() {
    while (!esperas_.empty()) {
      const Espera proxima = esperas_.top();
      esperas_.pop();
      agora_ = proxima.hora;
      proxima.quem.resume();  // roda até o próximo co_await, e volta para cá
    }
  }

 private:
  struct Espera {
    int hora;
    int ordem;  // quem pediu antes acorda antes
    std::coroutine_handle<> quem;
    bool operator<(const Espera& outra) const {  // priority_queue quer o maior em cima
      return std::pair(hora, ordem) > std::pair(outra.hora, outra.ordem);
    }
  };
  std::priority_queue<Espera> esperas_;
  int agora_ = 0;
  int ordem_ = 0;
};

// O que uma corrotina devolve a quem a chama: uma alça para fazê-la andar.
class Tarefa {
 public:
  struct promise_type {  // o compilador procura por este nome
    Tarefa get_return_object() {
      return Tarefa(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() { return {}; }  // nasce parada
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };

  explicit Tarefa(std::coroutine_handle<promise_type> alca) : alca_(alca) {}
  Tarefa(const Tarefa&) = delete;
  Tarefa& operator=(const Tarefa&) = delete;
  ~Tarefa() { alca_.destroy(); }

  std::coroutine_handle<> alca() const { return alca_; }

 private:
  std::coroutine_handle<promise_type> alca_;
};

// `co_await Dormir{laco, 3}`: deixa um recado no laço e devolve a vez.
struct Dormir {
  Laco& laco;
  int segundos;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> quem) const { laco.acordar_em(segundos, quem); }
  void await_resume() const {}
};

Tarefa preparar(Laco& laco, const char* prato, int segundos) {
  fmt::print("[{:2} s] {}: começou\n", laco.agora(), prato);
  co_await Dormir{laco, segundos};
  fmt::print("[{:2} s] {}: pronto\n", laco.agora(), prato);
}

int main() {
  Laco laco;
  const Tarefa hamburguer = preparar(laco, "hambúrguer", 10);
  const Tarefa pao = preparar(laco, "pão", 3);
  const Tarefa milkshake = preparar(laco, "milkshake", 7);
  fmt::print("As três corrotinas existem, e nenhuma começou.\n");

  for (const Tarefa* tarefa : {&hamburguer, &pao, &milkshake}) {
    laco.acordar_em(0, tarefa->alca());
  }
  fmt::print("As três estão na fila do laço, e nenhuma começou.\n");

  laco.rodar();
  fmt::print("Nada mais espera: o laço terminou aos {} s.\n", laco.agora());
}
