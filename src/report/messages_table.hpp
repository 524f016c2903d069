// The table of messages.hpp: X(key, English, Portuguese). Data only, hence its length.
#pragma once

// clang-format off
#define TRAMA_MESSAGES(X) \
  /* what a finding is, by code */ \
  X(title_race, "two threads touch the same memory and nothing orders them", "duas threads tocam a mesma memória e nada as ordena") \
  X(title_deadlock, "every thread waits, and none can ever go on", "todas as threads esperam, e nenhuma poderá continuar") \
  X(title_lost_wakeup, "a notification came before its wait, and the waiter sleeps for ever", "um aviso veio antes da espera, e quem espera dorme para sempre") \
  X(title_assert, "an assertion failed", "uma asserção falhou") \
  X(title_abort, "the program called abort()", "o programa chamou abort()") \
  X(title_exit, "the program ended with a status other than 0", "o programa terminou com um status diferente de 0") \
  X(title_uncaught, "an exception was caught by nobody", "ninguém capturou uma exceção") \
  X(title_crash, "the program crashed", "o programa quebrou") \
  X(title_misuse, "a primitive was used against its rules", "uma primitiva foi usada contra as suas regras") \
  X(title_leak, "something was never given back", "algo nunca foi devolvido") \
  X(title_use_after_free, "memory was used after it was freed", "memória usada depois de liberada") \
  X(title_thread_storage_ended, "memory of a thread was used after that thread had ended", "memória de uma thread usada depois que ela terminou") \
  X(title_double_free, "memory was freed twice", "memória liberada duas vezes") \
  X(title_invalid_free, "what was freed is no block of memory", "o que foi liberado não é um bloco de memória") \
  X(title_thread_leak, "a thread was neither joined nor detached", "uma thread ficou sem join nem detach") \
  X(title_memory_leak, "memory was lost, nothing points to it any more (blocks: {})", "memória perdida, nada mais aponta para ela (blocos: {})") \
  X(title_livelock, "the threads keep running but nothing advances", "as threads rodam sem parar, mas nada avança") \
  X(title_blocked_loop, "a call blocks the thread of an event loop, and the loop's work waits", "uma chamada bloqueia a thread de um laço de eventos, e o trabalho do laço espera") \
  X(title_blind, "the program synchronises where Trama cannot see", "o programa sincroniza onde o Trama não enxerga") \
  X(title_thread_limit, "the program wanted more than {0} threads at once; Trama runs at most {0}", "o programa quis mais de {0} threads ao mesmo tempo; o Trama roda no máximo {0}") \
  /* why, by reason */ \
  X(why_data_race, "no lock, join or atomic orders these two accesses, so they may overlap and one is lost or torn.", "nenhuma trava, join ou atômico ordena estes dois acessos; eles podem se sobrepor e um se perde.") \
  X(why_deadlock_cycle, "each thread holds what the next one waits for: the circle never opens. Take locks in one order.", "cada thread segura o que a próxima espera: o círculo nunca se abre. Use uma só ordem de travas.") \
  X(why_deadlock_blocked, "the threads that are left wait for something that no running thread will ever do.", "as threads que restam esperam por algo que nenhuma outra thread fará.") \
  X(why_deadlock_tasks_cycle, "each task holds the lock that the next one awaits: the circle never opens. Take locks in one order.", "cada tarefa segura a trava que a próxima aguarda: o círculo nunca se abre. Use uma só ordem de travas.") \
  X(why_deadlock_notified, "the last notify came before the wait, but the thread looked again after it: what it waits for never came.", "o último notify veio antes da espera, mas a thread olhou de novo depois dele: o que ela espera nunca veio.") \
  X(why_deadlock_holder_ended, "a thread ended without unlocking what it held, and nobody else can unlock it. Use a lock_guard.", "uma thread terminou sem destravar o que segurava, e mais ninguém pode destravar. Use lock_guard.") \
  X(why_lost_wakeup, "the notify ran before the wait began, and the thread did not look again; a notification is not kept. Change what it waits for under the lock, and wait with a predicate.", "o notify ocorreu antes do wait, e a thread não olhou de novo; avisos não são guardados. Mude o que ela espera sob a trava, e espere com um predicado.") \
  X(why_assert, "in this order of steps the condition that the program asserts is false.", "nesta ordem de passos a condição que o programa afirma é falsa.") \
  X(why_expect, "in this order of steps the condition given to trama::expect is false.", "nesta ordem de passos a condição dada a trama::expect é falsa.") \
  X(why_abort, "in this order of steps the program gives itself up.", "nesta ordem de passos o programa desiste de si mesmo.") \
  X(why_exit_status, "in this order of steps the program itself reports failure by its exit status.", "nesta ordem de passos o próprio programa relata falha pelo status de saída.") \
  X(why_exit_signal, "a signal came that the program neither handles, ignores nor blocks: it ends the process.", "veio um sinal que o programa não trata, não ignora nem bloqueia: ele encerra o processo.") \
  X(why_lost_update, "an update was lost on the way: see the line above; the program itself then reported failure.", "uma atualização se perdeu no caminho: veja a linha acima; o programa então relatou falha.") \
  X(why_outdated_check, "a thread acted on what no longer held: see the line above; the program then reported failure.", "uma thread agiu pelo que já não valia: veja a linha acima; o programa então relatou falha.") \
  X(why_uncaught, "the exception left main, a thread's function or a noexcept function, so std::terminate ran.", "a exceção saiu de main, da função de uma thread ou de uma função noexcept: std::terminate rodou.") \
  X(why_crash_signal, "in this order of steps the program touches memory, or computes, in a way the processor refuses.", "nesta ordem de passos o programa usa memória, ou calcula, de um modo que o processador recusa.") \
  X(why_stack_overflow, "the thread's stack is full: the recursion has no end, or its local data are too large.", "a pilha da thread encheu: a recursão não tem fim, ou seus dados locais são grandes demais.") \
  X(why_unlock_not_locked, "a mutex is unlocked that nobody holds; the standard leaves what then happens undefined.", "destrava-se um mutex que ninguém segura; o padrão deixa indefinido o que ocorre.") \
  X(why_unlock_not_owner, "a mutex is unlocked by a thread that does not hold it; only its owner may unlock it.", "uma thread destrava um mutex que não é dela; só quem travou pode destravar.") \
  X(why_destroy_locked, "a mutex is destroyed while it is locked; whoever holds it unlocks dead memory.", "um mutex é destruído enquanto travado; quem o segura destravará memória morta.") \
  X(why_destroy_waited, "a condition variable is destroyed while a thread still waits on it.", "uma variável de condição é destruída enquanto uma thread ainda espera nela.") \
  X(why_joinable_destroyed, "a std::thread was destroyed neither joined nor detached, so std::terminate ran.", "um std::thread foi destruído sem join nem detach, e std::terminate rodou.") \
  X(why_self_join, "a thread joins itself: it would wait for its own end for ever.", "uma thread faz join em si mesma: esperaria o próprio fim para sempre.") \
  X(why_join_twice, "a thread is joined that was joined or detached before.", "faz-se join em uma thread que já teve join ou detach.") \
  X(why_lock_twice, "a thread locks a mutex that it already holds and that is not recursive: it waits for itself.", "uma thread trava um mutex que já segura e que não é recursivo: espera por si mesma.") \
  X(why_thread_leak, "a thread was neither joined nor detached: its end is waited for by nobody.", "uma thread ficou sem join nem detach: ninguém espera pelo seu fim.") \
  X(why_memory_leak, "when the program ends, nothing that it can still reach points to this memory: it can never be freed.", "quando o programa termina, nada do que ele ainda alcança aponta para esta memória: ela não pode mais ser liberada.") \
  X(why_blind, "Trama does not control this call, so orders that depend on it are neither explored nor replayed.", "o Trama não controla esta chamada; ordens que dependem dela não são exploradas nem repetidas.") \
  X(why_double_free, "the same memory is freed twice; the second time it may belong to somebody else.", "a mesma memória é liberada duas vezes; na segunda ela pode já ser de outro.") \
  X(why_invalid_free, "memory is freed that was never allocated, or not from its beginning.", "libera-se memória que nunca foi alocada, ou não desde o seu início.") \
  X(why_wait_not_owner, "a condition variable is waited on without its mutex held by the waiter.", "espera-se em uma variável de condição sem segurar o seu mutex.") \
  X(why_once_recursive, "the function given to call_once, or a static's initialiser, enters itself again.", "a função dada a call_once, ou o início de um static, entra de novo em si mesma.") \
  X(why_thread_limit, "Trama controls every thread that is alive, and has room for no more: start fewer, or join some first.", "o Trama controla cada thread viva e não tem lugar para mais: inicie menos, ou faça join de algumas antes.") \
  X(why_exit_in_check, "the function under test ended the whole process.", "a função em teste terminou o processo inteiro.") \
  X(why_child_died, "the process of this execution ended in a way that the program cannot have asked for.", "o processo desta execução terminou de um modo que o programa não pediu.") \
  X(why_thread_storage_ended, "the memory was on the stack, or among the thread_locals, of a thread that had ended by then.", "a memória ficava na pilha, ou entre os thread_local, de uma thread que já tinha terminado.") \
  X(why_cancel_caught, "a thread that was cancelled, or left by pthread_exit, was held up by catch (...): rethrow there.", "uma thread cancelada, ou saindo por pthread_exit, foi detida por catch (...): relance ali.") \
  X(why_livelock_in_vain, "for most of the steps that the execution may take, the threads only looked at what none of them changes.", "na maior parte dos passos que a execução pode dar, as threads só olharam para o que nenhuma delas muda.") \
  X(why_use_after_free, "the memory was given back before this use of it; by now it may belong to somebody else.", "a memória foi devolvida antes deste uso; agora ela pode já ser de outro.") \
  X(why_livelock, "the threads repeat the same steps and wait for a change that none of them makes.", "as threads repetem os mesmos passos e esperam uma mudança que nenhuma faz.") \
  X(why_blocked_loop, "the loop's thread blocks (see the step above) while something in the loop is due. Use a timer or await, or another thread.", "a thread do laço bloqueia (veja o passo acima) com algo pronto no laço. Use um temporizador ou await, ou outra thread.") \
  /* the parts of the report */ \
  X(head_where, "execution {}, seed {}", "execução {}, semente {}") \
  X(label_why, "Why: {}", "Por quê: {}") \
  X(label_also, "Also {}: {}", "Também {}: {}") \
  X(label_also_more, "… and {} more (--json lists all)", "… e mais {} (--json mostra todos)") \
  X(label_replay, "Replay: {}", "Para repetir: {}") \
  X(label_replay_check, "Replay: check_options.replay = {} in check {}", "Para repetir: check_options.replay = {} no teste {}") \
  X(label_not_saved, "Replay: no trace file was written", "Para repetir: nenhum arquivo de trama foi gravado") \
  X(label_again, "Whole story: {}", "História inteira: {}") \
  X(label_place, "place", "lugar") \
  X(label_test, "Test: {}", "Teste: {}") \
  X(label_output, "Output: {}", "Saída: {}") \
  X(label_no_debug, "No debug information: build with -g to see files and lines.", "Sem informação de depuração: compile com -g para ver arquivos e linhas.") \
  X(label_incomplete, "The steps after the finding were not recorded.", "Os passos depois do achado não foram registrados.") \
  X(rows_left_out, "{} steps more: --full shows them", "mais {} passos: --full os mostra") \
  X(no_finding, "no finding: {} steps, {} threads", "nenhum achado: {} passos, {} threads") \
  X(access_bytes, "{} bytes", "{} bytes") \
  X(access_atomic, "atomic", "atômico") \
  X(memory_at, "memory at {:#x}", "memória em {:#x}") \
  X(memory_heap, "on the heap, at {:#x}", "no heap, em {:#x}") \
  X(memory_block, "heap block of {} bytes, allocated by {} at {} (byte {})", "bloco de {} bytes no heap, alocado por {} em {} (byte {})") \
  X(memory_block_byte, "block+{}", "bloco+{}") \
  X(memory_stack, "on the stack of {}", "na pilha de {}") \
  X(memory_local, "{}'s local", "local de {}") \
  X(memory_in_heap, "heap@{:x}", "heap@{:x}") \
  X(memory_in_stack, "stack@{:x}", "pilha@{:x}") \
  X(memory_short, "the memory", "a memória") \
  X(outdated_check, "{0} read {1} as {2}; then {3} wrote {4}; {0} went on all the same and wrote {5}.", "{0} leu {1} como {2}; depois {3} gravou {4}; {0} seguiu assim mesmo e gravou {5}.") \
  X(label_memory, "{}: {}", "{}: {}") \
  X(lost_update, "{0} read {1} as {2}; then {3} wrote {4}; {0}, which had not looked again, wrote {5} over it.", "{0} leu {1} como {2}; depois {3} gravou {4}; {0}, sem olhar de novo, gravou {5} por cima.") \
  X(brief_status, "status {}", "status {}") \
  X(cell_waits, "waits for {}", "espera {}") \
  X(cell_waits_thread, "waits for {} to end", "espera o fim de {}") \
  X(cell_injected, "injected", "provocado") \
  X(cell_injected_part, "{} of {} bytes (injected)", "{} de {} bytes (provocado)") \
  X(waits_for, "{} waits for {}", "{} espera {}") \
  X(waits_for_held, "{} waits for {}, which {} holds", "{} espera {}, que {} segura") \
  X(waits_for_ended, "{} waits for {}, which {} held when it ended", "{} espera {}, que {} segurava ao terminar") \
  X(waits_for_thread, "{} waits for the end of {}", "{} espera o fim de {}") \
  X(goes_round, "{} goes round and round", "{} dá voltas sem fim") \
  X(looks_at, "{} goes round looking at {}", "{} dá voltas olhando para {}") \
  X(cell_goes_round, "goes round", "dá voltas") \
  X(cell_looks, "looks at {}", "olha para {}") \
  X(waits, "{} waits", "{} espera") \
  X(waits_signal, "{} waits for a signal", "{} espera um sinal") \
  X(waits_process, "{} waits for a process", "{} espera um processo") \
  X(waits_read, "{} waits to read from {}", "{} espera para ler de {}") \
  X(waits_write, "{} waits to write to {}", "{} espera para escrever em {}") \
  X(waits_accept, "{} waits for a connection to {}", "{} espera uma conexão a {}") \
  X(waits_connect, "{} waits to be accepted: {}", "{} espera ser aceita: {}") \
  X(waits_open, "{} waits for the other end of {}", "{} espera a outra ponta de {}") \
  X(waits_poll, "{} polls {} and others, if any", "{} consulta {} e outros, se houver") \
  X(created_at, "created at {}", "criada em {}") \
  X(finding_count, "findings: {}", "achados: {}") \
  /* verdicts */ \
  X(verdict_finding, "{} in execution {} of {}, seed {}", "{} na execução {} de {}, semente {}") \
  X(verdict_sampled, "sampled: {} executions, seed {}, none failed", "amostrado: {} execuções, semente {}, nenhuma falhou") \
  X(verdict_sampled_one, "sampled: 1 execution, seed {}, it did not fail", "amostrado: 1 execução, semente {}, não falhou") \
  X(verdict_verified, "verified: {} executions, all, under {}", "verificado: {} execuções, todas, sob {}") \
  X(verdict_verified_up_to, "verified up to {}: {} executions, under {}", "verificado até {}: {} execuções, sob {}") \
  X(bound_preemptions, "{} preemptions", "{} preempções") \
  X(bound_preemption_one, "1 preemption", "1 preempção") \
  X(bound_rounds, "{} rounds of each loop", "{} voltas de cada laço") \
  X(bound_round_one, "1 round of each loop", "1 volta de cada laço") \
  X(bound_and, "{} and {}", "{} e {}") \
  X(note_cut, "cut there: {} more", "cortadas ali: outras {}") \
  X(note_up_to, "up to {}", "até {}") \
  X(verdict_incomplete_part, "incomplete: {} executions, about {} (estimate), under {}, none failed", "incompleto: {} execuções, cerca de {} (estimativa), sob {}, nenhuma falhou") \
  X(verdict_incomplete_unknown, "incomplete: {} executions, under {}, none failed", "incompleto: {} execuções, sob {}, nenhuma falhou") \
  X(label_checkpoint, "Checkpoint: {}", "Ponto de retomada: {}") \
  X(label_resume, "Go on: {}", "Para continuar: {}") \
  X(note_blocked, "{} more were given up where a thread waits for what another execution shows", "outras {} foram abandonadas onde uma thread espera pelo que outra execução mostra") \
  X(verdict_incomplete, "incomplete: {} executions, seed {}, none failed", "incompleto: {} execuções, semente {}, nenhuma falhou") \
  X(verdict_replayed, "replayed: {} steps, nothing failed", "repetido: {} passos, nada falhou") \
  X(verdict_replayed_same, "replayed: the same finding", "repetido: o mesmo achado") \
  X(verdict_replayed_other, "replayed: another finding than the one recorded", "repetido: um achado diferente do registrado") \
  X(verdict_replayed_lost, "diverged: the trace was followed to its end, but its finding did not come", "divergiu: a trama foi seguida até o fim, mas o achado não veio") \
  X(verdict_diverged, "diverged: the program did not do what the trace says", "divergiu: o programa não fez o que a trama diz") \
  X(verdict_error, "error: {}", "erro: {}") \
  X(expected_line, "expected: {}", "esperado:   {}") \
  X(found_line, "found:    {}", "encontrado: {}") \
  X(note_time_up, "the time is up", "o tempo acabou") \
  X(note_stopped, "stopped by you", "interrompido por você") \
  X(note_step_limited, "{} reached the limit of {} steps", "{} chegaram ao limite de {} passos") \
  X(note_fork, "one process per execution ({})", "um processo por execução ({})") \
  X(blind_line, "BLIND: the program calls {} ({}), which Trama does not control", "BLIND: o programa chama {} ({}), que o Trama não controla") \
  X(blind_instruction, "BLIND: `{}` in the program's own code ({}): Trama does not see it", "BLIND: `{}` no código do próprio programa ({}): o Trama não vê") \
  X(blind_library, "BLIND: {} synchronises by itself (first: {}), which Trama does not see", "BLIND: {} sincroniza por conta própria (primeiro: {}), o que o Trama não vê") \
  X(blind_more, "BLIND: {} more: --full or --json shows them", "BLIND: mais {}: --full ou --json mostra") \
  X(blind_advice, "What depends on it is neither explored nor replayed: leave it out of the part under test.", "O que depende disso não é explorado nem repetido: deixe-o fora da parte em teste.") \
  X(blind_advice_socket, "The network inside the program is explored, what is outside is not reached: let the other side run in the program too, or say --network=real.", "A rede dentro do programa é explorada, o que está fora não é alcançado: rode o outro lado no programa também, ou use --network=real.") \
  X(blind_advice_io_uring, "What io_uring does is not seen: build Asio without BOOST_ASIO_HAS_IO_URING, libuv with UV_USE_IO_URING=0.", "O que o io_uring faz não é visto: compile o Asio sem BOOST_ASIO_HAS_IO_URING, a libuv com UV_USE_IO_URING=0.") \
  X(blind_advice_descriptor, "Wait on a condition variable in place of a descriptor while testing.", "No teste, espere em uma variável de condição em vez de um descritor.") \
  X(blind_advice_process, "Test threads without child processes: what another process does is neither explored nor replayed.", "Teste as threads sem processos filhos: o que outro processo faz não é explorado nem repetido.") \
  X(blind_advice_ipc, "Between threads of one process use a mutex or a queue: what other processes do is not explored.", "Entre threads de um processo use um mutex ou uma fila: outros processos não são explorados.") \
  X(blind_advice_signal, "Signals and real timers come when they like: let a thread wait on a condition variable instead.", "Sinais e temporizadores reais vêm quando querem: espere em uma variável de condição.") \
  X(blind_advice_thread, "libc starts threads of its own for this: do the work in a std::thread while testing.", "A libc cria threads próprias para isto: no teste, faça o trabalho em um std::thread.") \
  X(blind_advice_instruction, "Use std::atomic, build every file with -fsanitize=thread, or annotate with __tsan_release/acquire.", "Use std::atomic, compile tudo com -fsanitize=thread, ou anote com __tsan_release/acquire.") \
  X(blind_advice_library, "A race reported beside it may be a false one: build the library with -fsanitize=thread.", "Uma corrida relatada junto pode ser falsa: compile a biblioteca com -fsanitize=thread.") \
  X(progress, "{} executions, {}/s, {} distinct, {}", "{} execuções, {}/s, {} distintas, {}") \
  X(progress_verify, "{} executions, {}/s, about {} of {}, {}", "{} execuções, {}/s, cerca de {} de {}, {}") \
  X(progress_left, "{} s left", "faltam {} s") \
  X(progress_passed, "{} s", "{} s") \
  /* operating errors: the call */ \
  X(error_prefix, "trama: {}", "trama: {}") \
  X(error_unknown_command, "there is no command `{}`; `trama --help` lists them", "não existe o comando `{}`; `trama --help` mostra todos") \
  X(error_unknown_option, "unknown option `{}`; `trama {} --help` lists the options", "opção desconhecida `{}`; `trama {} --help` mostra as opções") \
  X(error_option_value, "option --{} cannot be `{}`: a whole number is expected", "a opção --{} não pode ser `{}`: espera-se um número inteiro") \
  X(error_option_zero, "option --{} cannot be 0: at least one is needed", "a opção --{} não pode ser 0: é preciso ao menos um") \
  X(error_option_range, "option --{} cannot be `{}`: a number from {} to {} is expected", "a opção --{} não pode ser `{}`: espera-se um número de {} a {}") \
  X(error_option_preemptions, "option --{} cannot be `{}`: a number from 0 to {}, or all, is expected", "a opção --{} não pode ser `{}`: espera-se um número de 0 a {}, ou all") \
  X(error_checkpoint_none, "{} is not a checkpoint: name the file that `trama verify` left when it was stopped", "{} não é um ponto de retomada: diga o arquivo que `trama verify` deixou ao ser interrompido") \
  X(error_checkpoint_damaged, "the checkpoint {} is damaged, or of another version of Trama: start anew, without --resume", "o ponto de retomada {} está danificado, ou é de outra versão do Trama: recomece, sem --resume") \
  X(error_checkpoint_program, "the checkpoint {} is of another program than {}, or of another build of it: start anew, without --resume", "o ponto de retomada {} é de outro programa que {}, ou de outra compilação dele: recomece, sem --resume") \
  X(error_checkpoint_arguments, "the checkpoint {} is of the program called with other arguments: {}", "o ponto de retomada {} é do programa chamado com outros argumentos: {}") \
  X(error_checkpoint_option, "the checkpoint {} was made with --{}={}: leave the option out, or start anew without --resume", "o ponto de retomada {} foi feito com --{}={}: deixe a opção de fora, ou recomece sem --resume") \
  X(word_no_arguments, "none", "nenhum") \
  X(error_list_jobs, "--list does not go together with --jobs: one process makes the list; leave one of the two out", "--list não combina com --jobs: um só processo faz a lista; deixe uma das duas de fora") \
  X(error_list_resume, "--list does not go together with --resume: a checkpoint does not hold what the executions before it came to; start anew, or leave --list out", "--list não combina com --resume: um ponto de retomada não guarda a que levaram as execuções anteriores; recomece, ou deixe --list de fora") \
  X(error_mixed_sizes, "verify does not cover atomics of different sizes in the same memory: {} bytes at {}, {} bytes at {}, and nothing orders the two; use trama hunt", "verify não cobre atômicos de tamanhos diferentes na mesma memória: {} bytes em {}, {} bytes em {}, e nada ordena os dois acessos; use trama hunt") \
  X(error_option_choice, "option --{} cannot be `{}`: one of {} is expected", "a opção --{} não pode ser `{}`: espera-se um de {}") \
  X(error_option_faults, "option --{} cannot be `{}`: a number, or kinds of {} with commas between, or both are expected", "a opção --{} não pode ser `{}`: espera-se um número, ou tipos de {} separados por vírgulas, ou ambos") \
  X(error_option_missing, "option {} needs a value", "a opção {} precisa de um valor") \
  X(error_not_yet, "`trama {}` is not in this version", "`trama {}` não existe nesta versão") \
  X(error_check_trace, "this trace is of a check inside a program; replay it by check_options.replay = {} in check {}", "esta trama é de um teste dentro de um programa; repita com check_options.replay = {} no teste {}") \
  X(note_module_missing, "{} is not there any more: places stay addresses", "{} não está mais lá: os lugares ficam como endereços") \
  X(note_module_changed, "{} was built anew since (its build id differs): places stay addresses", "{} foi recompilado desde então (outro build id): os lugares ficam como endereços") \
  X(error_no_program, "name the program: trama {} [options] PROG [ARGS…]", "diga o programa: trama {} [opções] PROG [ARGS…]") \
  X(error_no_file, "name the trace file: trama {} FILE", "diga o arquivo de trama: trama {} ARQUIVO") \
  X(error_extra_argument, "`{}` is one argument too many", "`{}` é um argumento a mais") \
  /* operating errors: the program */ \
  X(elf_no_such_file, "there is no file {}", "não existe o arquivo {}") \
  X(elf_directory, "{} is a folder, not a program", "{} é uma pasta, não um programa") \
  X(elf_not_readable, "cannot read {}: {}", "não é possível ler {}: {}") \
  X(elf_not_executable, "{} is not executable (chmod +x {} makes it so)", "{} não é executável (chmod +x {} resolve)") \
  X(elf_script, "{} is a script; name the program that it starts", "{} é um script; diga o programa que ele chama") \
  X(elf_not_elf, "{} is not an ELF program", "{} não é um programa ELF") \
  X(elf_damaged, "{} is a damaged ELF file", "{} é um arquivo ELF danificado") \
  X(elf_32_bit, "{} is a 32-bit program; build it for 64 bits (without -m32)", "{} é um programa de 32 bits; compile para 64 bits (sem -m32)") \
  X(elf_other_machine, "{} is built for another processor; Trama runs x86-64 programs", "{} foi compilado para outro processador; o Trama roda programas x86-64") \
  X(elf_not_program, "{} is an object file or library, not a program", "{} é um arquivo objeto ou biblioteca, não um programa") \
  X(elf_runtime, "{} is the runtime library that programs load, not a program", "{} é a biblioteca que os programas carregam, não um programa") \
  X(elf_static, "{} is linked statically; link it without -static", "{} foi ligado estaticamente; ligue sem -static") \
  X(elf_static_tsan, "{} has its own ThreadSanitizer linked in; link without -static-libtsan, or build it with `trama c++`", "{} traz o próprio ThreadSanitizer; ligue sem -static-libtsan, ou compile com `trama c++`") \
  X(elf_not_instrumented, "{} is not instrumented; build it with g++ -fsanitize=thread -g, or with `trama c++`", "{} não está instrumentado; compile com g++ -fsanitize=thread -g, ou com `trama c++`") \
  X(elf_no_debug_info, "{} has no debug information, so reports show addresses; build it with -g", "{} não tem informação de depuração, e os relatos mostram endereços; compile com -g") \
  /* operating errors: the surroundings */ \
  X(error_runtime_missing, "cannot find the runtime {}; install Trama whole, or set TRAMA_RUNTIME to the file", "não encontrei a biblioteca {}; instale o Trama inteiro, ou ponha o arquivo em TRAMA_RUNTIME") \
  X(error_memfd, "cannot create a memory file: {}", "não é possível criar um arquivo em memória: {}") \
  X(error_start, "cannot start {}: {}", "não é possível iniciar {}: {}") \
  X(error_runtime_mute, "{} ended before Trama's runtime began; is it setuid, or does it set LD_PRELOAD aside?", "{} terminou antes de o Trama começar; é setuid, ou ignora LD_PRELOAD?") \
  X(error_loader, "{} could not be loaded: {}", "não foi possível carregar {}: {}") \
  X(error_loader_above, "{} ended with status 127 before Trama's runtime began: if the loader complained, its message stands above", "{} terminou com status 127 antes de o Trama começar: se o carregador reclamou, a mensagem está acima") \
  X(error_write, "cannot write {}: {}", "não é possível gravar {}: {}") \
  X(error_read, "cannot read {}: {}", "não é possível ler {}: {}") \
  X(error_trace, "{}: {}", "{}: {}") \
  X(error_trace_mute, "the runtime's trace is unreadable ({}): this is a bug of Trama's", "a trama recebida é ilegível ({}): isto é um defeito do Trama") \
  X(error_internal, "internal error (a bug of Trama's, not of your program): the process ended with {} in execution {}, seed {}", "erro interno (um defeito do Trama, não do seu programa): o processo terminou com {} na execução {}, semente {}") \
  X(ended_signal, "signal {}", "o sinal {}") \
  X(ended_status, "status {}", "o status {}") \
  X(note_program_changed, "{} is not the build that the trace was made with; the replay may diverge", "{} não é a compilação com que a trama foi feita; a repetição pode divergir") \
  X(note_stdin_empty, "standard input is open but silent: the program gets an empty one", "a entrada padrão está aberta mas muda: o programa recebe uma vazia") \
  X(note_large_program, "{0} is large: `trama doctor {0}` looks through its machine code for what synchronises unseen", "{0} é grande: `trama doctor {0}` procura no código de máquina o que sincroniza sem ser visto") \
  /* doctor */ \
  X(doctor_fsgsbase, "processor lets programs set FS (FSGSBASE)", "o processador deixa o programa ajustar FS (FSGSBASE)") \
  X(doctor_fsgsbase_mend, "Linux 5.9 or newer on a processor with FSGSBASE; meanwhile each switch of threads takes a system call (arch_prctl) and is slower", "Linux 5.9 ou mais novo em um processador com FSGSBASE; até lá cada troca de thread faz uma chamada de sistema (arch_prctl) e é mais lenta") \
  X(doctor_aslr, "address randomisation can be switched off", "a aleatorização de endereços pode ser desligada") \
  X(doctor_aslr_mend, "in a container: allow personality (docker run --security-opt seccomp=unconfined)", "em um contêiner: permita personality (docker run --security-opt seccomp=unconfined)") \
  X(doctor_memfd, "memory files", "arquivos em memória") \
  X(doctor_memfd_mend, "Linux 3.17 or newer is needed", "é preciso Linux 3.17 ou mais novo") \
  X(doctor_runtime, "runtime library: {}", "biblioteca do Trama: {}") \
  X(doctor_runtime_mend, "install Trama whole, or set TRAMA_RUNTIME to the libtsan.so.2 of Trama", "instale o Trama inteiro, ou ponha em TRAMA_RUNTIME o libtsan.so.2 do Trama") \
  X(doctor_compiler, "compiler with -fsanitize=thread: {}", "compilador com -fsanitize=thread: {}") \
  X(doctor_compiler_mend, "sudo apt-get install g++", "sudo apt-get install g++") \
  X(doctor_program, "{} can run under Trama", "{} pode rodar sob o Trama") \
  X(doctor_debug, "{} has debug information", "{} tem informação de depuração") \
  X(doctor_debug_mend, "build it with -g", "compile com -g") \
  X(doctor_same, "the same seed gives the same trace, byte for byte", "a mesma semente dá a mesma trama, byte a byte") \
  X(doctor_same_mend, "{}; likely cause: {}", "{}; causa provável: {}") \
  X(doctor_differ_step, "first at step {}: {}, then {}", "primeiro no passo {}: {}, depois {}") \
  X(doctor_differ_end, "the end", "o fim") \
  X(doctor_differs, "differs", "difere") \
  X(doctor_cause_unknown, "an address that is printed or hashed, memory never written, or a file that changes", "um endereço impresso ou usado em hash, memória nunca escrita, ou um arquivo que muda") \
  X(doctor_head_machine, "This machine", "Esta máquina") \
  X(doctor_head_program, "The program", "O programa") \
  X(doctor_head_instrumented, "Built with -fsanitize=thread", "Compilado com -fsanitize=thread") \
  X(doctor_head_blind, "What Trama does not see (BLIND)", "O que o Trama não vê (BLIND)") \
  X(doctor_head_same, "The same every time", "Igual a cada vez") \
  X(doctor_yes, "yes", "sim") \
  X(doctor_no, "no", "não") \
  X(doctor_known, "known", "sabido") \
  X(doctor_note, "note", "nota") \
  X(doctor_reached, "reached", "alcance") \
  X(doctor_imported, "import", "importa") \
  X(doctor_instrumented, "{}: {} functions call the instrumentation", "{}: {} funções chamam a instrumentação") \
  X(doctor_plain_unit, "{}: races and atomics of this file are not seen; build it with -fsanitize=thread", "{}: corridas e atômicos deste arquivo não são vistos; compile com -fsanitize=thread") \
  X(doctor_plain_functions, "functions of files built without it, and without -g: {}", "funções de arquivos compilados sem isso, e sem -g: {}") \
  X(doctor_plain_library, "{}: what happens inside this library is not seen", "{}: o que ocorre dentro desta biblioteca não é visto") \
  X(doctor_known_libraries, "{}: they synchronise by calls that are controlled", "{}: sincronizam por chamadas controladas") \
  X(doctor_blind_imported, "the program imports {}, but did not call it in this run", "o programa importa {}, mas não a chamou nesta execução") \
  X(doctor_blind_none, "nothing that the program imports, calls or has in its code", "nada que o programa importe, chame ou tenha no código") \
  X(doctor_varies_clock, "`{}` reads real time ({})", "`{}` lê o tempo real ({})") \
  X(doctor_varies_random, "`{}` gives random numbers that no seed decides ({})", "`{}` dá números aleatórios que nenhuma semente decide ({})") \
  X(doctor_varies_processor, "`{}` tells the processor that runs the thread ({})", "`{}` diz em que processador a thread roda ({})") \
  X(doctor_varies_call, "the program imports {}{}, whose answer may differ from run to run", "o programa importa {}{}, cuja resposta pode mudar a cada execução") \
  X(doctor_varies_file, "the program names {}{}: what it reads there may differ from run to run", "o programa nomeia {}{}: o que lê ali pode mudar a cada execução") \
  X(doctor_varies_none, "no instruction or call of the program varies by itself", "nenhuma instrução ou chamada do programa varia por si") \
  X(doctor_run_failed, "the program could not be run: {}", "não foi possível rodar o programa: {}") \
  X(doctor_ok, "ok", "ok") \
  X(doctor_missing, "missing", "falta") \
  X(doctor_mend, "to mend: {}", "conserto: {}") \
  /* c++ */ \
  X(error_compiler, "cannot start the compiler {}: {}", "não é possível iniciar o compilador {}: {}") \
  /* tasks of coroutines */ \
  X(title_forgotten, "a coroutine was called and never awaited: nothing in it ran", "uma corrotina foi chamada e nunca aguardada: nada dela rodou") \
  X(why_forgotten, "a coroutine runs when it is awaited or made a task; this one was destroyed before. Write co_await.", "uma corrotina só roda quando é aguardada ou vira tarefa; esta foi destruída antes. Escreva co_await.") \
  X(why_deadlock_tasks, "the tasks await what no task and no thread is left to do: nothing will rouse the loop again.", "as tarefas aguardam o que nenhuma tarefa nem thread ainda fará: nada mais acordará o laço.") \
  X(task_number, "task {}", "tarefa {}") \
  X(task_never_ran, "{} never ran", "{} nunca rodou") \
  X(task_awaits, "{} awaits {}", "{} aguarda {}") \
  X(task_awaits_something, "{} awaits", "{} aguarda") \
  X(task_awaits_held, "{} awaits {}, which {} holds", "{} aguarda {}, que {} segura") \
  X(task_awaits_ended, "{} awaits {}, which {} held when it ended", "{} aguarda {}, que {} segurava ao terminar") \
  X(task_threw, "{} threw", "{} lançou a exceção") \
  X(task_threw_after, "{} threw, after it had awaited {}", "{} lançou a exceção, depois de aguardar {}") \
  X(task_not_begun, "{} has not begun", "{} não começou") \
  X(cell_not_begun, "has not begun", "não começou") \
  X(cell_resumed_by, "goes on, resumed by {}", "continua, por {}") \
  X(cell_resumed_in, "goes on in {}", "continua em {}") \
  X(waits_loop, "{} waits in its loop", "{} espera no seu laço") \
  /* memory models */ \
  X(cell_old, "old", "antigo") \
  X(weak_read, "{0}'s load of {1} (step {2}) reads the older value {3}, though {4}'s store of {5} (step {6}) stands before it: nothing orders that store before the load.", "{0}, ao ler {1} (passo {2}), obtém o valor antigo {3}, embora {4} já tenha guardado {5} (passo {6}): nada ordena esse store antes do load.") \
  X(weak_read_through, "{0}'s load of {1} (step {2}) reads the older value {3}, though {4}'s store of {5} (step {6}) stands before it: nothing orders that store before the load, since no order goes through {7}.", "{0}, ao ler {1} (passo {2}), obtém o valor antigo {3}, embora {4} já tenha guardado {5} (passo {6}): nada ordena esse store antes do load, pois nenhuma ordem passa por {7}.") \
  X(weak_store, "{0}'s store of {3} to {1} (step {2}) comes before {4}'s store of {5} (step {6}) in the modification order of {1}, though it was made after it: nothing orders the two.", "{0} guarda {3} em {1} (passo {2}), o que vem antes do que {4} guardou, {5} (passo {6}), na ordem de modificação de {1}, embora feito depois: nada ordena os dois.") \
  X(weak_cure, "It could not be with {}.", "Não poderia ser com {}.") \
  X(weak_and, "and", "e") \
  X(cure_store, "on {}'s store to {} ({})", "no store de {} em {} ({})") \
  X(cure_load, "on {}'s load of {} ({})", "no load de {} em {} ({})") \
  X(cure_modify, "on {}'s change of {} ({})", "na mudança de {} em {} ({})") \
  X(list_head, "{} executions, distinct outcomes: {}, under {}", "{} execuções, resultados distintos: {}, sob {}") \
  X(list_more, "… {} more: --full", "… mais {}: --full") \
  X(list_no_output, "(no output)", "(sem saída)") \
  X(list_status, "status {}", "status {}") \
  X(graph_initial, "initial", "inicial") \
  X(graph_reads, "reads from {}", "lê de {}") \
  X(graph_order, "Modification order", "Ordem de modificação")
// clang-format on
