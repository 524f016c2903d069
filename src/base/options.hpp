// The options of an exploration: one table with names, defaults and help in both
// languages. The command line makes its flags of it and sends `name=value` lines to the
// runtime, which reads them back with `set_option`; nothing is spelled twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trama {

// X(type, identifier, flag, default, English help, Portuguese help)
#define TRAMA_OPTIONS(X)                                                                         \
  X(U64, executions, "executions", 10000, "stop after this many executions",                     \
    "para depois deste número de execuções")                                                     \
  X(U64, time_s, "time", 0, "stop after this many seconds (0: no limit)",                        \
    "para depois deste número de segundos (0: sem limite)")                                      \
  X(U64, seed, "seed", 0, "seed of every random decision", "semente de toda decisão aleatória")  \
  X(Text, strategy, "strategy", "portfolio", "portfolio, random, pct or round-robin",            \
    "portfolio, random, pct ou round-robin")                                                     \
  X(U64, depth, "depth", 0, "PCT: number of ordering constraints (0: varied, 1 to 5)",           \
    "PCT: número de restrições de ordem (0: variado, 1 a 5)")                                    \
  X(U64, max_steps, "max-steps", 1000000, "give an execution up after this many steps",          \
    "desiste de uma execução depois deste número de passos")                                     \
  X(U64, stall_s, "stall", 10, "give an execution up after this many seconds in one step",       \
    "desiste de uma execução depois deste número de segundos em um só passo")                    \
  X(U64, spurious, "spurious", 1, "spurious wake-ups of conditions an execution may have",       \
    "despertares espúrios de condições que uma execução pode ter")                               \
  X(U64, delay_ms, "delay", 200,                                                                 \
    "milliseconds of virtual time for which a thread may be held up while deadlines pass",       \
    "milissegundos de tempo virtual em que uma thread pode atrasar enquanto prazos vencem")      \
  X(U64, weak, "weak", 1, "weak compare-exchanges that may fail without cause",                  \
    "compare-exchange fracos que podem falhar sem causa")                                        \
  X(U64, spurious_try_lock, "spurious-try-lock", 0,                                              \
    "try_locks that may fail though the lock is free",                                           \
    "try_locks que podem falhar embora a trava esteja livre")                                    \
  X(Text, io_faults, "io-faults", "0",                                                           \
    "faults that calls on descriptors may meet in an execution: a number, or kinds of "          \
    "short,eintr,again,reset,refused, or both; without a value 3 of any kind",                   \
    "falhas que chamadas em descritores podem ter em uma execução: um número, ou tipos de "   \
    "short,eintr,again,reset,refused, ou ambos; sem valor, 3 de qualquer tipo")                  \
  X(Text, network, "network", "memory", "memory, or real: connections may leave the program",    \
    "memory, ou real: conexões podem sair do programa")                                          \
  X(U64, max_executions, "max-executions", 0, "stop after this many executions (0: no limit)",   \
    "para depois deste número de execuções (0: sem limite)")                                     \
  X(Text, model, "model", "rc11", "memory model: sc, tso or rc11",                               \
    "modelo de memória: sc, tso ou rc11")                                                        \
  X(Text, preemptions, "preemptions", "all",                                                     \
    "leave out executions in which threads that could go on are interrupted more often: a "      \
    "number, or all",                                                                            \
    "deixa de fora execuções em que threads que podiam seguir são interrompidas mais vezes: " \
    "um número, ou all")                                                                         \
  X(U64, unroll, "unroll", 0,                                                                    \
    "let a thread look at the same place in vain this many times in a row (0: no limit)",        \
    "deixa uma thread olhar em vão para o mesmo lugar até este número de vezes (0: livre)")      \
  X(U64, jobs, "jobs", 1, "explore with this many processes; also -j N",                         \
    "explora com este número de processos; também -j N")                                         \
  X(Flag, list, "list", false,                                                                   \
    "show what the executions come to, and which they are, also behind a finding",               \
    "mostra a que levam as execuções, e quais são, também depois de um achado")                  \
  X(Flag, verify, "verify", false, "explore every execution, once",                              \
    "explora cada execução, uma vez")                                                            \
  X(U64, consequence, "consequence", 200,                                                        \
    "after a race: executions spent looking for what it leads to",                               \
    "depois de uma corrida: execuções gastas em busca da consequência")                          \
  X(U64, loop_limit_ms, "loop-limit", 1000,                                                      \
    "milliseconds for which a call may block an event loop (0: no limit)",                       \
    "milissegundos em que uma chamada pode bloquear um laço de eventos (0: livre)")              \
  X(Flag, leaks, "leaks", false,                                                                 \
    "report memory that is lost and threads never joined when the program ends",                 \
    "relata memória perdida e threads sem join quando o programa termina")                       \
  X(Text, isolate, "isolate", "auto", "how executions are rewound: auto, snapshot or fork",      \
    "como as execuções voltam ao início: auto, snapshot ou fork")

struct Options {
  using U64 = std::uint64_t;
  using Text = std::string;
  using Flag = bool;
#define TRAMA_X(type, identifier, flag, value, en, pt) type identifier = value;
  TRAMA_OPTIONS(TRAMA_X)
#undef TRAMA_X
};

/// Whether the option is one of the command's: chance means nothing where every execution is taken.
bool option_serves(std::string_view flag, std::string_view command);

/// Sets the option called `flag` from its text; false when there is none of that name or
/// the text is no value for it (numbers: decimal digits only; flags: "true" or "false").
bool set_option(Options& options, std::string_view flag, std::string_view text);

}  // namespace trama
