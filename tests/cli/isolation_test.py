"""One process per execution: chosen by option or because the program needs it."""

import unittest

import trama_case
from trama_case import TramaCase


class NeedsAProcess(TramaCase):
    def check(self, program, symbol, status):
        out, _ = self.call("hunt", "--executions", "20", self.program(program), status=status)
        self.assertIn(symbol, out)
        report = self.call_json("hunt", "--executions", "20", self.program(program),
                                status=status)
        self.assertIn(symbol, [call["symbol"] for call in report["blind"]])
        return report

    def test_fork(self):
        report = self.check("forks", "fork", 1)
        self.assertEqual(self.codes(report), ["EXIT"])
        again = self.call_json("replay", report["findings"][0]["trace"], status=1)
        self.assertTrue(again["same_finding"])

    def test_dlopen(self):
        self.check("loads_library", "dlopen", 0)

    def test_snapshot_on_demand_is_refused(self):
        self.refuses("hunt", "--isolate", "snapshot", self.program("forks"),
                     words=["fork", "--isolate=fork"])


class TheSameEitherWay(TramaCase):
    """Programs of tests/programs/wrong, with processes and without."""

    def check(self, name):
        path = str(self.programs.parent / "wrong" / name)
        reports = []
        for isolate in ("snapshot", "fork"):
            report = self.call_json("hunt", "--seed", "2", "--isolate", isolate, path, status=1)
            reports.append([{key: finding[key] for key in
                             ("code", "reason", "message", "execution", "threads", "locations")}
                            for finding in report["findings"]])
            for finding in report["findings"]:
                again = self.call_json("replay", finding["trace"], status=1)
                self.assertTrue(again["same_finding"], finding["trace"])
        self.assertEqual(reports[0], reports[1])

    def test_race_and_consequence(self):
        self.check("racy_counter")

    def test_deadlock(self):
        self.check("ab_ba")

    def test_crash(self):
        self.check("null_in_one_order")

    def test_stack_overflow(self):
        self.check("stack_overflow")

    def test_assert(self):
        self.check("assert_in_one_order")

    def test_uncaught(self):
        self.check("exception_leaves_thread")

    def test_lost_wakeup(self):
        self.check("notify_between_check_and_wait")

    def test_exit(self):
        self.check("check_then_act")


class Correct(TramaCase):
    def test_nothing_found(self):
        for name in ("exceptions_across_threads", "static_objects", "fresh_start"):
            with self.subTest(name=name):
                path = str(self.programs.parent / "correct" / name)
                arguments = ["one", "two words"] if name == "fresh_start" else []
                self.call("hunt", "--isolate=fork", "--executions", "50", path, *arguments,
                          status=0, stdin="hello there\n")


if __name__ == "__main__":
    trama_case.main()
