#include "cli/help.hpp"

#include <fmt/format.h>

#include "base/options.hpp"

namespace trama {
namespace {

constexpr std::string_view kOverviewEn =
    R"(Trama runs C++ programs with threads under a scheduler that it controls.

  trama run    [options] PROG [ARGS…]   one controlled execution
  trama hunt   [options] PROG [ARGS…]   search for an execution that fails; stop at the first
  trama verify [options] PROG [ARGS…]   every distinct execution: a proof, or a counterexample
  trama replay FILE [PROG]              the same execution again, step for step
  trama show   FILE                     the interleaving, as a picture in the terminal
  trama c++    ARGS…                    the compiler, with the flags that Trama needs
  trama doctor [PROG]                   is this machine, and this program, ready?

PROG is any program built with `g++ -fsanitize=thread -g`. Options stand before it; all that
follows it is its own.

Everywhere: --lang en|pt, --color auto|always|never, --json, --help; --version.
Exit status: 0 nothing found, 1 a finding, 2 the call or its surroundings are wrong,
             3 a bug of Trama's, 4 a replay diverged.

Examples:
  trama c++ -O1 bank.cpp -o bank
  trama hunt --executions 20000 ./bank --accounts 3
  trama replay trama-out/bank-race-0.trama
  trama COMMAND --help
)";

constexpr std::string_view kOverviewPt =
    R"(Trama roda programas C++ com threads sob um escalonador que ele controla.

  trama run    [opções] PROG [ARGS…]    uma execução controlada
  trama hunt   [opções] PROG [ARGS…]    procura uma execução que falhe; para na primeira
  trama verify [opções] PROG [ARGS…]    cada execução distinta: uma prova, ou um contraexemplo
  trama replay ARQUIVO [PROG]           a mesma execução de novo, passo a passo
  trama show   ARQUIVO                  o entrelaçamento, desenhado no terminal
  trama c++    ARGS…                    o compilador, com as opções de que o Trama precisa
  trama doctor [PROG]                   esta máquina, e este programa, estão prontos?

PROG é qualquer programa compilado com `g++ -fsanitize=thread -g`. As opções vêm antes dele; tudo
o que vem depois é dele.

Sempre: --lang en|pt, --color auto|always|never, --json, --help; --version.
Status de saída: 0 nada achado, 1 um achado, 2 a chamada ou o ambiente está errado,
                 3 um defeito do Trama, 4 a repetição divergiu.

Exemplos:
  trama c++ -O1 banco.cpp -o banco
  trama hunt --executions 20000 ./banco --contas 3
  trama replay trama-out/banco-race-0.trama
  trama COMANDO --help
)";

struct CommandHelp {
  std::string_view command;
  bool explores;
  std::string_view en;
  std::string_view pt;
};

constexpr CommandHelp kCommandHelp[] = {
    {"run", true,
     "trama run [options] PROG [ARGS…]\n\nOne execution of PROG under the controlled scheduler; "
     "its "
     "output and input are its own.\nThe seed decides the order of its threads: the same seed, the "
     "same execution.\n\nExample:\n  trama run --seed 3 ./bank\n",
     "trama run [opções] PROG [ARGS…]\n\nUma execução de PROG sob o escalonador controlado; a "
     "saída "
     "e a entrada são dele.\nA semente decide a ordem das threads: mesma semente, mesma "
     "execução.\n\nExemplo:\n  trama run --seed 3 ./banco\n"},
    {"hunt", true,
     "trama hunt [options] PROG [ARGS…]\n\nRuns PROG again and again, each time in another order, "
     "until an execution fails. Prints what\nhappened and writes a trace file to replay it from. A "
     "data race is followed for some executions\nmore to show what it leads to.\n\nExamples:\n  "
     "trama "
     "hunt ./bank\n  trama hunt --time 60 --seed 7 ./bank --accounts 3\n  trama hunt --json ./bank "
     "| "
     "jq .verdict\n",
     "trama hunt [opções] PROG [ARGS…]\n\nRoda PROG muitas vezes, cada vez em outra ordem, até que "
     "uma "
     "execução falhe. Mostra o que\nocorreu e grava um arquivo de trama para repetir. Depois de "
     "uma "
     "corrida de dados, segue por\nalgumas execuções para mostrar a consequência.\n\nExemplos:\n  "
     "trama "
     "hunt ./banco\n  trama hunt --time 60 --seed 7 ./banco --contas 3\n  trama hunt --json "
     "./banco | "
     "jq .verdict\n"},
    {"verify", true,
     "trama verify [options] PROG [ARGS…]\n\nRuns every execution of PROG that differs from the "
     "others in what a load reads, which store\ncomes last, or who has a lock first; each once. "
     "Says that none failed, or shows one that does.\n\nExamples:\n  trama verify ./bank\n  trama "
     "verify --model sc ./counter\n  trama verify --list ./litmus\n",
     "trama verify [opções] PROG [ARGS…]\n\nRoda toda execução de PROG que difere das outras no "
     "que "
     "um load lê, em qual store fica por\núltimo, ou em quem pega uma trava antes; cada uma uma "
     "vez. "
     "Diz que nenhuma falhou, ou mostra\numa que falha.\n\nExemplos:\n  trama verify ./banco\n  "
     "trama "
     "verify --model sc ./contador\n  trama verify --list ./litmus\n"},
    {"replay", false,
     "trama replay [options] FILE [PROG]\n\nRuns the execution that FILE holds again, step for "
     "step. "
     "PROG stands in for the program that\nthe file names. If the program does something else than "
     "the file says, it stops there, shows\nwhat was expected and found, and ends with status "
     "4.\n\nExample:\n  trama replay trama-out/bank-race-0.trama\n",
     "trama replay [opções] ARQUIVO [PROG]\n\nRepete, passo a passo, a execução guardada em "
     "ARQUIVO. "
     "PROG substitui o programa que o arquivo\nnomeia. Se o programa faz outra coisa, para ali, "
     "mostra o esperado e o encontrado, e termina\ncom status 4.\n\nExemplo:\n  trama replay "
     "trama-out/banco-race-0.trama\n"},
    {"show", false,
     "trama show [--full] [--graph] [--dot] [--json] FILE\n\nDraws the execution that FILE holds; "
     "the program is not needed. --full shows every step.\n--graph: what each load reads, and the "
     "order of the stores to each atomic; --dot the same for\nGraphviz.\n\nExample:\n  trama show "
     "--full "
     "trama-out/bank-race-0.trama\n",
     "trama show [--full] [--graph] [--dot] [--json] ARQUIVO\n\nDesenha a execução guardada em "
     "ARQUIVO; o programa não é necessário. --full mostra todos os passos.\n--graph: o que cada "
     "load "
     "lê, e a ordem dos stores em cada atômico; --dot o mesmo para o\nGraphviz.\n\nExemplo:\n  "
     "trama show --full "
     "trama-out/banco-race-0.trama\n"},
    {"c++", false,
     "trama c++ ARGS…\n\nCalls the compiler ($TRAMA_CXX, else c++) with ARGS and -fsanitize=thread "
     "-g. "
     "With clang the\nprogram is linked with Trama's runtime.\n\nExample:\n  trama c++ -std=c++20 "
     "-O1 "
     "bank.cpp -o bank\n",
     "trama c++ ARGS…\n\nChama o compilador ($TRAMA_CXX, senão c++) com ARGS e -fsanitize=thread "
     "-g. Com "
     "clang o programa\né ligado à biblioteca do Trama.\n\nExemplo:\n  trama c++ -std=c++20 -O1 "
     "banco.cpp "
     "-o banco\n"},
    {"doctor", false,
     "trama doctor [PROG [ARGS…]]\n\nChecks this machine, says what is missing and the command "
     "that "
     "mends it. With PROG also whether\nit can run under Trama, what of it is not instrumented or "
     "not seen (BLIND), and whether the same\nseed gives the same trace (status 4 where it does "
     "not).\n\nExample:\n  trama doctor ./bank\n",
     "trama doctor [PROG [ARGS…]]\n\nConfere esta máquina, diz o que falta e o comando que "
     "conserta. "
     "Com PROG, também se ele roda sob\no Trama, o que nele não está instrumentado ou não é visto "
     "(BLIND), e se a mesma semente dá a\nmesma trama (status 4 se não dá).\n\nExemplo:\n  trama "
     "doctor ./banco\n"},
};

template <typename Default>
std::string default_text(const Default& value) {
  return fmt::format(" [{}]", value);
}
std::string default_text(bool) { return {}; }  // a flag is off unless it is given

std::string option_lines(std::string_view command, Language language) {
  const bool pt = language == Language::pt;
  std::string text = pt ? "\nOpções:\n" : "\nOptions:\n";
#define TRAMA_X(type, identifier, flag, value, en, portuguese)                                     \
  if (option_serves(flag, command)) {                                                              \
    text += fmt::format("  --{:<17} {}{}\n", flag, pt ? (portuguese) : (en), default_text(value)); \
  }
  TRAMA_OPTIONS(TRAMA_X)
#undef TRAMA_X
  if (command == "verify") {
    text += fmt::format("  --{:<17} {}\n", "resume",
                        pt ? "continua a partir do ponto de retomada neste arquivo"
                           : "go on from the checkpoint in this file");
  }
  text += fmt::format("  --{:<17} {} [trama-out]\n", "out",
                      pt ? "pasta dos arquivos de trama" : "folder of the trace files");
  text += fmt::format("  --{:<17} {}\n", "full", pt ? "mostra todos os passos" : "show every step");
  return text;
}

}  // namespace

std::string help_text(std::string_view command, Language language) {
  const bool pt = language == Language::pt;
  for (const CommandHelp& help : kCommandHelp) {
    if (help.command != command) continue;
    std::string text(pt ? help.pt : help.en);
    if (help.explores) text += option_lines(command, language);
    return text;
  }
  return std::string(pt ? kOverviewPt : kOverviewEn);
}

}  // namespace trama
