"""What `trama verify` tells of an execution that failed: its trace, its replay, its graph; and the
list of what all executions come to."""

import unittest

import trama_case
from trama_case import TramaCase

PROGRAMS = ["store_buffering", "message_passing", "write_order", "lost_increments", "racy"]


class VerifyReplay(TramaCase):
    def verify(self, name, *options):
        report = self.call_json("verify", *options, self.program(name), status=1)
        return report, self.folder / report["findings"][0]["trace"]

    def test_findings_replay_twice(self):
        for name in PROGRAMS:
            with self.subTest(program=name):
                report, path = self.verify(name)
                replays = [self.call("replay", path, status=1)[0] for _ in range(2)]
                self.assertEqual(replays[0], replays[1])
                again = self.call_json("replay", path, status=1)
                self.assertIs(again["same_finding"], True)
                self.assertEqual(again["model"], "rc11")
                for key in ("code", "reason", "message", "threads", "locations", "why"):
                    self.assertEqual(again["findings"][0][key], report["findings"][0][key])

    def test_the_same_trace_each_time(self):
        for name in PROGRAMS:
            with self.subTest(program=name):
                texts = [self.verify(name)[1].read_text() for _ in range(2)]
                self.assertEqual(texts[0], texts[1])

    def test_replay_shows_what_verify_showed(self):
        for name in PROGRAMS:
            with self.subTest(program=name):
                shown = self.call("verify", "--full", self.program(name), status=1)[0]
                path = sorted((self.folder / "trama-out").glob(name + "*"))[-1]
                replayed = self.call("replay", "--full", path, status=1)[0]
                # The second line says which command it was, the last one the file.
                self.assertEqual(shown.splitlines()[2:-1], replayed.splitlines()[2:-1])

    def test_another_order_of_reads_diverges(self):
        _, path = self.verify("message_passing")
        lines = path.read_text().splitlines(keepends=True)
        changed = [line.replace("from=initial", "from=0") if " load message " in line else line
                   for line in lines[:-1]]
        self.assertNotEqual(changed, lines[:-1])
        # Step 0 stores nothing: what stood there at first is read after all.
        path.write_text("".join(changed) + "end\n")
        self.call("replay", path, status=1)
        changed = [line.replace("from=initial", "from=4") if " load message " in line else line
                   for line in lines[:-1]]
        path.write_text("".join(changed) + "end\n")
        self.call("replay", path, status=4)


class VerifyStory(TramaCase):
    def told(self, name, *options, lang="en"):
        return " ".join(self.call("verify", "--lang", lang, *options, self.program(name),
                                  status=1)[0].split())

    def test_message_passing(self):
        text = self.told("message_passing")
        self.assertIn("loads message: 0 (old)", text)
        self.assertIn("load of message", text)
        self.assertIn("release on T1's store to ready (message_passing.cpp:", text)
        self.assertIn("acquire on T2's load of ready (message_passing.cpp:", text)
        text = self.told("message_passing", lang="pt")
        self.assertIn("lê message: 0 (antigo)", text)
        self.assertIn("release no store de T1 em ready (message_passing.cpp:", text)

    def test_store_buffering(self):
        text = self.told("store_buffering")
        self.assertIn("(old)", text)
        self.assertIn("seq_cst on T1's store to x", text)
        self.assertIn("on T2's load of x (store_buffering.cpp:", text)

    def test_x86(self):
        text = self.told("store_buffering", "--model", "tso")
        self.assertIn("seq_cst on T1's store to x", text)
        self.assertNotIn("on T2's load of x (", text)

    def test_write_order(self):
        text = self.told("write_order")
        self.assertIn("modification order", text)

    def test_an_interleaving_has_no_old_reads(self):
        text = self.told("lost_increments")
        self.assertNotIn("(old)", text)


class VerifyGraph(TramaCase):
    def setUp(self):
        super().setUp()
        report = self.call_json("verify", self.program("message_passing"), status=1)
        self.path = self.folder / report["findings"][0]["trace"]

    def test_text(self):
        text = self.call("show", "--graph", self.path, status=0)[0]
        self.assertIn("reads from initial", text)
        self.assertIn("reads from T1:", text)
        self.assertIn("message: initial → T1:", text)

    def test_dot(self):
        text = self.call("show", "--dot", self.path, status=0)[0]
        self.assertTrue(text.startswith("digraph"))
        self.assertIn('label="rf"', text)
        self.assertEqual(text.count("{"), text.count("}"))

    def test_of_a_hunt(self):
        report = self.call_json("hunt", self.program("lost_increments"), status=1)
        text = self.call("show", "--graph", report["findings"][0]["trace"], status=0)[0]
        self.assertIn("counter: initial → ", text)


class VerifyList(TramaCase):
    def outcomes(self, *options):
        report = self.call_json("verify", "--list", *options,
                                self.program("store_buffering"), "all", status=0)
        return {outcome["output"].strip(): outcome for outcome in report["outcomes"]}

    def test_outcomes(self):
        outcomes = self.outcomes()
        self.assertEqual(set(outcomes), {f"r1={a} r2={b}" for a in (0, 1) for b in (0, 1)})
        for outcome in outcomes.values():
            self.assertEqual(outcome["executions"], 1)
            self.assertIsNone(outcome["finding"])
        self.assertEqual(outcomes["r1=0 r2=0"]["graphs"],
                         ["T1: 1 x=1, 2 y→0 (initial) | T2: 1 y=1, 2 x→0 (initial)"])
        self.assertNotIn("r1=0 r2=0", self.outcomes("--model", "sc"))

    def test_goes_on_behind_a_finding(self):
        report = self.call_json("verify", "--list", self.program("store_buffering"), status=1)
        self.assertEqual(sorted(str(outcome["finding"]) for outcome in report["outcomes"]),
                         ["ASSERT", "None", "None", "None"])
        text = self.call("verify", "--list", self.program("store_buffering"), status=1)[0]
        self.assertIn("ASSERT", text)
        self.assertIn("x=1", text)


if __name__ == "__main__":
    trama_case.main()
