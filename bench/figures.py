#!/usr/bin/env python3
"""Prints the figures that the project promises, each with what it must reach.

Usage: bench/figures.py BUILD-FOLDER   (or: make bench)

Times of one machine say little; the ratios are taken within one run. Every figure is the
median of several rounds, or the best where a rate is asked for.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/release")
TRAMA = os.path.join(BUILD, "trama")
BENCH = os.path.join(BUILD, "bench")
LESSONS = os.path.join(BUILD, "aulas")
BANK = os.path.join(LESSONS, "04-banco", "banco_inseguro")
NS_A_STEP = 200  # of a scheduling point, whatever the facility
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def hunt(folder, *arguments):
    """One hunt's JSON object."""
    done = subprocess.run([TRAMA, "hunt", "--json", "--out", folder, *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return json.loads(done.stdout)


def seconds(*command):
    started = time.perf_counter()
    subprocess.run(command, **QUIET, check=False)
    return time.perf_counter() - started


def paired(rounds, first, second):
    """Median of the ratio first/second, taken round by round."""
    return statistics.median(first() / second() for _ in range(rounds))


def peak_kib(executions):
    """Peak memory of the program under a hunt of so many executions, in KiB."""
    code = ("import resource,subprocess,sys;"
            "subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    out = subprocess.run([sys.executable, "-c", code, TRAMA, "hunt", "--executions",
                          str(executions), os.path.join(BENCH, "whole_program")],
                         stdout=subprocess.PIPE, check=True)
    return int(out.stdout)


def facilities():
    """The table of facilities; how many are slower than they may be."""
    print(f"\n{'facility, two threads':<34} {'executions/s':>14} {'steps':>8} "
          f"{'ns a step':>10}   (at most {NS_A_STEP})")
    out = subprocess.run([os.path.join(BENCH, "facilities")], stdout=subprocess.PIPE, check=True,
                         text=True).stdout
    slow = 0
    for line in out.splitlines():
        name, rate, steps, ns = line.split("\t")
        missed = int(ns) > NS_A_STEP
        slow += missed
        print(f"{name:<34} {rate:>14} {steps:>8} {ns:>10}   {'MISSED' if missed else 'ok'}")
    return slow


def output_of(program):
    """The program's lines, each as its fields; none where it was not built (no Boost)."""
    path = os.path.join(BENCH, program)
    if not os.path.exists(path):
        return []
    out = subprocess.run([path], stdout=subprocess.PIPE, check=True, text=True).stdout
    return [line.split("\t") for line in out.splitlines()]


def same_pairs(times, program):
    """In how many of so many pairs of runs of one seed the two gave the same trace."""
    same = 0
    for _ in range(times):
        done = subprocess.run([TRAMA, "doctor", "--json", program], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False)
        checks = json.loads(done.stdout)["checks"]
        same += any(check["check"] == "same-seed" and check["ok"] for check in checks)
    return same


def verification(row):
    """Every execution of some functions, each once."""
    for name, executions, microseconds, kib in output_of("verify_rate"):
        taken = int(microseconds)
        if name.startswith("two threads"):
            rate = int(executions) * 1000000 // taken
            row(f"trama::verify, {name}: executions/s", "500000", f"{rate}", rate >= 500000)
            continue
        most = {"369600": 2000000, "1680": 15000, "90": 5000}[executions]
        row(f"trama::verify, {name}: {executions} executions, ms", f"<= {most // 1000}",
            f"{taken / 1000:.1f}", taken <= most)
        if executions == "369600":
            row("the same: peak memory of the process, MB", "< 64", f"{int(kib) / 1024:.1f}",
                int(kib) < 64 * 1024)
    adders = os.path.join(BENCH, "adders")
    ratio = paired(3, lambda: seconds(TRAMA, "verify", adders),
                   lambda: seconds(TRAMA, "verify", "-j", "2", adders))
    row("trama verify, fetch_add, 4 threads x 3: -j 1 / -j 2", ">= 1.7", f"{ratio:.2f}",
        ratio >= 1.7)


def asynchronous(row, folder):
    """Lessons on coroutines under control; then trama::aio without the engine."""
    kitchen = os.path.join(LESSONS, "06-async-e-await", "cozinha")
    pages = os.path.join(LESSONS, "07-arquivos-e-rede", "titulos")
    if os.path.exists(kitchen):
        rate = hunt(folder, "--executions", "20000", kitchen)["executions_per_second"]
        row("the kitchen of lesson 6: executions/s", "2000", f"{rate:.0f}", rate >= 2000)
    if os.path.exists(pages):
        rate = hunt(folder, "--executions", "1000", pages)["executions_per_second"]
        row("the pages of lesson 7, server and clients: executions/s", "100", f"{rate:.0f}",
            rate >= 100)
        same = same_pairs(100, pages)
        row("the same: pairs of runs of one seed whose traces are identical", "100 of 100",
            f"{same}", same == 100)
    for _, _, ratio in output_of("aio_echo"):
        row("aio: echo, 100 connections x 100 messages: aio / bare Asio awaitables", "<= 1.05",
            ratio, float(ratio) <= 1.05)
    for name, size in output_of("aio_memory"):
        row(f"aio: bytes of a task, frame and all; gather of 10 000 in {name}", "<= 1024", size,
            int(size) <= 1024)


def main():
    rows = []

    def row(what, target, value, good):
        rows.append((what, target, value, "ok" if good else "MISSED"))
        print(f"{what:<72} {target:>12} {value:>12}  {rows[-1][3]}", flush=True)

    print(f"{'figure':<72} {'at least':>12} {'measured':>12}")
    with tempfile.TemporaryDirectory() as folder:
        rate = int(subprocess.run([os.path.join(BENCH, "check_rate")], stdout=subprocess.PIPE,
                                  check=True).stdout)
        row("trama::check, 2 threads x 2 load+store, executions/s", "1000000", f"{rate}",
            rate >= 1000000)

        verification(row)
        whole = os.path.join(BENCH, "whole_program")
        fast = max(hunt(folder, "--executions", "100000", whole)["executions_per_second"]
                   for _ in range(3))
        row("whole program: thread, mutex, condition, async, future: executions/s", "40000",
            f"{fast:.0f}", fast >= 40000)
        slow = max(hunt(folder, "--executions", "2000", "--isolate", "fork",
                        whole)["executions_per_second"] for _ in range(3))
        row("the same / the fork executor in this run", "10 x", f"{fast / slow:.1f} x",
            fast >= 10 * slow)

        loop = os.path.join(BENCH, "plain_loop")
        ratio = paired(5, lambda: seconds(TRAMA, "hunt", "--executions", "1", loop),
                       lambda: seconds(loop))
        row("loop of plain accesses: under Trama / under GCC's libtsan", "<= 1.0",
            f"{ratio:.2f}", ratio <= 1.0)

        plain = os.path.join(BENCH, "bank_plain")
        ratio = paired(3, lambda: seconds(TRAMA, "hunt", "--executions", "1", "--consequence",
                                          "0", "--out", folder, BANK), lambda: seconds(plain))
        row("unsafe bank, full size, one execution: Trama / plain binary", "<= 0.2",
            f"{ratio:.3f}", ratio <= 0.2)

        races, losses = [], []
        for seed in range(10):
            found = hunt(folder, "--seed", str(seed), BANK)["findings"]
            races.append(min(f["execution"] for f in found if f["code"] == "RACE"))
            losses.append(min((f["execution"] for f in found if f["code"] == "EXIT"),
                              default=10 ** 9))
        row("unsafe bank: executions until the race, worst of 10 seeds", "<= 2", f"{max(races)}",
            max(races) <= 2)
        row("unsafe bank: executions until money vanishes, worst of 10 seeds", "<= 200",
            f"{max(losses)}", max(losses) <= 200)

        more = peak_kib(1000000) - peak_kib(1)
        row("memory of a million executions beyond that of one, MB", "< 10",
            f"{more / 1024:.1f}", more < 10 * 1024)
        asynchronous(row, folder)
    slow = facilities()
    return 0 if not slow and all(r[3] == "ok" for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
