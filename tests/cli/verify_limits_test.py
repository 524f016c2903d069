"""The limits of verify: what its verdict says within them, checkpoints, several processes."""

import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

import trama_case
from trama_case import TramaCase

ALL_3X3 = 1680
ALL_4X2 = 2520


class Verdicts(TramaCase):
    def exploration(self, *arguments, status=0):
        report = self.call_json("verify", *arguments, status=status)
        return report, report["exploration"]

    def test_all(self):
        report, exploration = self.exploration(self.program("increments"))
        self.assertEqual(report["verdict"], "verified")
        self.assertEqual(exploration["complete"], ALL_3X3)
        self.assertAlmostEqual(exploration["explored"], 1)
        self.assertAlmostEqual(exploration["estimate"], ALL_3X3)
        for name in ("checkpoint", "resume", "preemptions", "unroll"):
            self.assertIsNone(exploration[name])

    def test_a_part(self):
        out, _ = self.call("verify", "--max-executions", "168", self.program("increments"),
                           status=0)
        self.assertRegex(out, r"^incomplete: 168 executions, about \d+% \(estimate\), under rc11")
        report, exploration = self.exploration("--max-executions", "168",
                                               self.program("increments"))
        self.assertEqual(report["verdict"], "incomplete")
        self.assertGreater(exploration["estimate"], ALL_3X3 / 3)
        self.assertLess(exploration["estimate"], ALL_3X3 * 3)
        self.assertLess(exploration["explored"], 1)
        out, _ = self.call("verify", "--lang=pt", "--max-executions", "168",
                           self.program("increments"), status=0)
        self.assertRegex(out, r"^incompleto: 168 execuções, cerca de \d+% \(estimativa\)")
        self.assertIn("Para continuar: trama verify --resume trama-out/", out)

    def test_as_many_as_there_are(self):
        out, _ = self.call("verify", "--max-executions", ALL_3X3, self.program("increments"),
                           status=0)
        self.assertIn(f"verified: {ALL_3X3} executions, all", out)

    def test_preemptions(self):
        before = 0
        for most in range(3):
            out, _ = self.call("verify", "--preemptions", most, self.program("increments"),
                               status=0)
            match = re.match(r"verified up to (\d+) preemptions?: (\d+) executions, under rc11",
                             out)
            self.assertTrue(match, out)
            self.assertEqual(int(match[1]), most)
            self.assertGreater(int(match[2]), before)
            before = int(match[2])
        self.assertLess(before, ALL_3X3)
        # A bound that leaves nothing out is none.
        out, _ = self.call("verify", "--preemptions", 20, self.program("increments"), status=0)
        self.assertIn(f"verified: {ALL_3X3} executions, all", out)

    def test_rounds_of_loops(self):
        out, _ = self.call("verify", "--unroll", 1, self.program("goes_round"), status=0)
        self.assertIn("verified up to 1 round of each loop: 1 executions", out)
        out, _ = self.call("verify", "--unroll", 4, "-j", 2, self.program("goes_round"), status=0)
        self.assertIn("verified up to 4 rounds of each loop: 4 executions", out)
        self.assertIn("cut there: 1 more", out)
        # Who waits for a thread that was cut waits for ever in that execution alone.
        self.call("verify", "--unroll", 2, self.program("loop_behind_loop"), status=0)
        report, exploration = self.exploration("--unroll", 2, self.program("goes_round"), "3")
        self.assertEqual(report["verdict"], "verified")
        self.assertGreater(exploration["cut"], 0)
        # Each fails twice at most: for the other two.
        out, _ = self.call("verify", "--unroll", 3, self.program("goes_round"), "3", status=0)
        self.assertIn("verified: 48 executions, all", out)

    def test_time(self):
        out, _ = self.call("verify", "--time", 1, self.program("increments"), "5", "4", status=0)
        self.assertIn("the time is up", out)
        self.assertIn("Checkpoint: ", out)


class Checkpoints(TramaCase):
    def stop_at(self, most, *arguments, options=()):
        """Runs so many executions; the checkpoint that is left, None where all are done."""
        out, _ = self.call("verify", *options, "--max-executions", most, *arguments, status=0)
        match = re.search(r"^Checkpoint: (.*)$", out, re.M)
        return out, match and str(self.folder / match[1])

    def test_the_same_total(self):
        program = self.program("increments")
        for most, jobs in ((50, 1), (333, 1), (200, 2), (77, 3)):
            out, checkpoint = self.stop_at(most, program, "4", "2", options=("-j", jobs))
            while checkpoint:
                out, checkpoint = self.stop_at(3 * most, program, "4", "2",
                                               options=("-j", 4 - jobs, "--resume", checkpoint))
            self.assertIn(f"verified: {ALL_4X2} executions, all, under rc11", out)

    def test_loops_that_wait_and_bounds(self):
        _, checkpoint = self.stop_at(9, self.program("goes_round"), "3",
                                     options=("--unroll", 2, "--model", "tso"))
        whole = self.call_json("verify", "--unroll", 2, "--model=tso", self.program("goes_round"),
                               "3", status=0)
        resumed = self.call_json("verify", "--resume", checkpoint, self.program("goes_round"),
                                 "3", status=0)
        for name in ("complete", "cut", "unroll"):
            self.assertEqual(resumed["exploration"][name], whole["exploration"][name])
        self.assertEqual(resumed["model"], "tso")

    def test_after_ctrl_c(self):
        for jobs in ("1", "2"):
            process = subprocess.Popen([self.trama, "verify", "-j", jobs,
                                        self.program("increments"), "4", "3"],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                       cwd=self.folder, env=self.environment)
            self.addCleanup(process.kill)
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 2, out)
            self.assertIn("stopped by you", out)
            command = re.search(r"^Go on: trama (.*)$", out, re.M)[1].split()
            done = self.call_json(*command[:1], "--max-executions", 1, *command[1:], status=0)
            self.assertEqual(done["verdict"], "incomplete")
            self.assertGreater(done["executions"], int(re.search(r": (\d+) exec", out)[1]))

    def test_no_file_is_ever_overwritten(self):
        _, first = self.stop_at(10, self.program("increments"))
        content = pathlib.Path(first).read_bytes()
        _, second = self.stop_at(20, self.program("increments"))
        self.assertNotEqual(first, second)
        self.stop_at(30, self.program("increments"), options=("--resume", first))
        self.assertEqual(pathlib.Path(first).read_bytes(), content)

    def test_of_something_else(self):
        program = self.program("increments")
        _, checkpoint = self.stop_at(100, program, "3", "3", options=("--preemptions", 3))
        resume = ("verify", "--resume", checkpoint)
        self.refuses(*resume, self.program("quiet"), "3", "3", words=[checkpoint, "other program"])
        self.refuses(*resume, program, "3", "2", words=["other arguments: 3 3"])
        self.refuses(*resume, program, words=["other arguments: 3 3"])
        self.refuses(*resume, "--model=sc", program, "3", "3", words="--model=rc11")
        self.refuses(*resume, "--preemptions=2", program, "3", "3", words="--preemptions=3")
        self.call(*resume, "--model=rc11", program, "3", "3", status=0)

    def test_damaged(self):
        program = self.program("increments")
        _, checkpoint = self.stop_at(100, program)
        content = pathlib.Path(checkpoint).read_bytes()
        bad = self.folder / "bad"
        for damaged in (content[:-1], content[:len(content) // 2], content[:40], content + b"\0",
                        content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
                        content[:60] + b"x" + content[61:]):
            bad.write_bytes(damaged)
            err = self.refuses("verify", "--resume", bad, program, words=["bad", "is damaged"])
            self.assertEqual(err.count("\n"), 1)
        for other in (b"", b"trama-check", b"\x7fELF", b"trama-checkpoint 2 0123456789abcdef\n"):
            bad.write_bytes(other)
            self.refuses("verify", "--resume", bad, program, words="not a checkpoint")
        self.refuses("verify", "--resume", "nowhere", program, words=["cannot read", "nowhere"])
        self.refuses("verify", "--resume", self.folder, program, words="cannot read")
        self.refuses("verify", "--resume", "/dev/zero", program, words="not a checkpoint")

    @unittest.skipIf(not os.path.exists("/dev/full"), "there is no /dev/full here")
    def test_cannot_be_written(self):
        (self.folder / "file").write_text("")
        _, err = self.call("verify", "--max-executions", 5, "--out", "file",
                           self.program("increments"), status=2)
        self.assertIn("cannot write file", err)


class Processes(TramaCase):
    def test_the_same_counts(self):
        for jobs in (2, 3, 8):
            report = self.call_json("verify", "-j", jobs, self.program("increments"), status=0)
            self.assertEqual(report["verdict"], "verified")
            self.assertEqual(report["exploration"]["complete"], ALL_3X3)
            self.assertEqual(report["executions"], ALL_3X3)
            self.assertEqual(report["exploration"]["jobs"], jobs)
        report = self.call_json("verify", "-j", 2, self.program("quiet"), status=0)
        self.assertEqual(report["exploration"]["complete"], 2)

    def test_exactly_as_many_as_asked_for(self):
        for most in (1, 99, 1000):
            report = self.call_json("verify", "-j", 3, "--max-executions", most,
                                    self.program("increments"), status=0)
            self.assertEqual(report["executions"], most)

    def test_a_finding(self):
        for jobs in (1, 2, 4):
            report = self.call_json("verify", "-j", jobs, self.program("increments"), "3", "2",
                                    "0", status=1)
            self.assertEqual(report["verdict"], "finding")
            self.assertEqual(self.codes(report), ["EXIT"])

    def test_what_is_not_covered_is_refused_by_each(self):
        for jobs in (1, 3):
            report = self.call_json("verify", "-j", jobs, self.program("cancels"), status=2)
            self.assertEqual(report["verdict"], "error")
            self.assertIn("does not cover", report["message"])

    def test_atomics_of_different_sizes_in_one_place_are_refused(self):
        for language, text in (("en", "verify does not cover atomics of different sizes"),
                               ("pt", "verify não cobre atômicos de tamanhos diferentes")):
            for jobs in (1, 2):
                _, err = self.call("verify", f"--lang={language}", "-j", jobs,
                                   self.program("mixed_sizes"), status=2)
                self.assertIn(text, err)
                self.assertRegex(err, r"8 bytes (at|em) mixed_sizes.cpp:10, "
                                      r"4 bytes (at|em) mixed_sizes.cpp:9")

    def processes_of(self, parent):
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                status = (entry / "stat").read_text()
            except OSError:
                continue
            if status.rsplit(")", 1)[-1].split()[1] == str(parent):
                found.append(int(entry.name))
        return found

    def test_one_that_dies(self):
        process = subprocess.Popen([self.trama, "verify", "-j", "3", self.program("increments"),
                                    "5", "4"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, cwd=self.folder,
                                   env=self.environment)
        self.addCleanup(process.kill)
        others = []
        for _ in range(100):
            time.sleep(0.1)
            first = self.processes_of(process.pid)
            others = self.processes_of(first[0]) if first else []
            if len(others) == 2:
                break
        self.assertEqual(len(others), 2)
        os.kill(others[0], signal.SIGKILL)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 2)
        self.assertIn("one of the processes of -j ended by signal 9", err)
        for _ in range(50):
            if not os.path.exists(f"/proc/{others[1]}"):
                break
            time.sleep(0.1)
        self.assertFalse(os.path.exists(f"/proc/{others[1]}"), "it was left behind")


if __name__ == "__main__":
    trama_case.main()
