"""Nothing unseen goes unsaid: BLIND lines of calls, instructions, libraries; and doctor."""

import os
import pathlib
import shutil
import socket
import threading
import unittest

import trama_case
from trama_case import TramaCase

SOURCES = pathlib.Path(__file__).resolve().parent / "programs"


def line_of(program, mark):
    lines = (SOURCES / program).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith("// @" + mark))


class Blind(TramaCase):
    def hunt(self, program, *arguments):
        report = self.call_json("hunt", "--executions", "20", self.program(program), *arguments,
                                status=0)
        return {(call["symbol"], call["function"].partition("(")[0].rpartition("::")[2],
                 call["line"]): call for call in report["blind"]}

    def test_calls(self):
        blind = self.hunt("calls_blind")
        expected = {("syscall(SYS_membarrier)", "barrier",
                     line_of("calls_blind.cpp", "membarrier"))}
        self.assertEqual(set(blind), expected)
        for call in blind.values():
            self.assertEqual(call["kind"], "call")
            self.assertTrue(call["advice"])

    def test_children(self):
        blind = self.hunt("calls_blind", "child")
        self.assertIn(("vfork", "child", line_of("calls_blind.cpp", "vfork")), blind)
        self.assertTrue({"flockfile", "semctl", "waitpid"} <= {symbol for symbol, _, _ in blind})

    def test_connections_go_out_on_request_only(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            def serve():
                while True:
                    try:
                        connection, _ = server.accept()
                    except OSError:
                        return
                    connection.sendall(b"hello")
                    connection.close()
            thread = threading.Thread(target=serve)
            thread.start()
            port = str(server.getsockname()[1])
            out, _ = self.call("hunt", "--executions", "3", "--network", "real",
                               self.program("calls_out"), port, status=0)
            self.assertIn("BLIND: the program calls connect (main, calls_out.cpp:", out)
            # In memory nobody listens there.
            report = self.call_json("hunt", "--executions", "3", self.program("calls_out"), port,
                                    status=1)
            self.assertEqual(self.codes(report), ["EXIT"])
            self.assertEqual(report["blind"], [])
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
        self.refuses("hunt", "--network", "some", self.program("calls_out"), "1",
                     words="network")

    def test_the_report_says_how_many_more(self):
        out, _ = self.call("hunt", "--executions", "5", self.program("calls_blind"), "child",
                           status=0)
        self.assertEqual(sum(line.startswith("BLIND: the program calls")
                             for line in out.splitlines()), 3)
        self.assertIn("BLIND: 2 more", out)
        self.assertIn("(barrier, calls_blind.cpp:", out)
        full, _ = self.call("hunt", "--full", "--executions", "5", self.program("calls_blind"),
                            "child", status=0)
        self.assertEqual(full.count("BLIND: the program calls"), 5)

    def test_instructions(self):
        blind = self.hunt("inline_lock")
        expected = {("lock add", "add", line_of("inline_lock.cpp", "lock")),
                    ("xchg", "swap", line_of("inline_lock.cpp", "xchg")),
                    ("syscall", "own_pid", line_of("inline_lock.cpp", "syscall"))}
        self.assertEqual(set(blind), expected)
        self.assertEqual({call["kind"] for call in blind.values()}, {"instruction"})

    def test_an_object_file_without_instrumentation(self):
        self.assertEqual(set(self.hunt("plain_part")),
                         {("lock add", "plain_add", line_of("plain_code.cpp", "plain"))})

    def test_a_library_without_instrumentation(self):
        blind = self.hunt("plain_library")
        self.assertEqual(set(blind), {("libplain_library.so", "plain_add",
                                       line_of("plain_code.cpp", "plain"))})
        self.assertEqual({call["kind"] for call in blind.values()}, {"library"})

    def test_nothing_in_an_ordinary_program(self):
        self.assertEqual(self.hunt("quiet"), {})

    def test_nothing_of_a_standard_library_linked_statically(self):
        compiler = shutil.which("clang++") or shutil.which("clang++-14")
        if compiler is None:
            self.skipTest("no clang++")
        self.environment["TRAMA_CXX"] = compiler
        self.call("c++", "-std=c++20", "-O1", "-static-libstdc++", "-static-libgcc",
                  SOURCES / "quiet.cpp", "-o", "static_quiet", status=0)
        report = self.call_json("hunt", "--executions", "5", "./static_quiet", status=0)
        self.assertEqual(report["blind"], [])


class Doctor(TramaCase):
    def doctor(self, *arguments, status=0):
        return self.call_json("doctor", *arguments, status=status)

    def check(self, report, key):
        return next(check for check in report["checks"] if check["check"] == key)

    def test_the_machine(self):
        report = self.doctor()
        self.assertTrue(report["ready"])
        self.assertNotIn("blind", report)

    def test_an_ordinary_program(self):
        report = self.doctor(self.program("quiet"))
        self.assertTrue(self.check(report, "same-seed")["ok"])
        self.assertEqual(report["blind"], [])
        self.assertEqual(report["varying"], [])
        self.assertEqual(report["not_instrumented"], {"files": [], "functions": []})
        self.assertTrue(report["modules"][0]["instrumented"])
        for module in report["modules"][1:]:
            self.assertTrue(module["known"] or module["instrumented"], module)

    def test_no_program(self):
        self.assertFalse(self.doctor("no-such-file", status=2)["ready"])
        self.assertFalse(self.doctor(self.program("not_instrumented"), status=2)["ready"])

    def test_files_without_instrumentation(self):
        report = self.doctor(self.program("plain_part"))
        files = report["not_instrumented"]["files"]
        self.assertEqual([os.path.basename(name) for name in files], ["plain_code.cpp"])
        self.assertIn("instruction", {call["kind"] for call in report["blind"]})

    def test_libraries_without_instrumentation(self):
        report = self.doctor(self.program("plain_library"))
        plain = [module["path"] for module in report["modules"]
                 if not module["instrumented"] and not module["known"]]
        self.assertEqual([os.path.basename(path) for path in plain], ["libplain_library.so"])

    def test_calls_reached_and_imported(self):
        report = self.doctor(self.program("calls_blind"))
        reached = {call["symbol"]: call["reached"] for call in report["blind"]}
        self.assertTrue(reached["syscall(SYS_membarrier)"])
        self.assertFalse(reached["vfork"])
        self.assertNotIn("sendfile", reached)
        report = self.doctor(self.program("calls_blind"), "child")
        reached = {call["symbol"]: call["reached"] for call in report["blind"]}
        self.assertTrue(reached["vfork"] and reached["semctl"])
        self.assertTrue(self.check(report, "same-seed")["ok"])

    def test_what_no_seed_decides(self):
        report = self.doctor(self.program("varies"), status=4)
        self.assertTrue(report["ready"])
        same = self.check(report, "same-seed")
        self.assertFalse(same["ok"])
        self.assertIn("rdtsc", same["mend"])
        self.assertEqual([(varying["what"], varying["line"]) for varying in report["varying"]],
                         [("rdtsc", line_of("varies.cpp", "rdtsc"))])

    def test_text_in_both_languages(self):
        for language, words in (("en", ["Built with", "What Trama does not see", "import"]),
                                ("pt", ["Compilado com", "O que o Trama não vê", "importa"])):
            out, _ = self.call("doctor", "--lang", language, self.program("calls_blind"), status=0)
            for word in words:
                self.assertIn(word, out)


if __name__ == "__main__":
    trama_case.main()
