"""Programs that misbehave: they never end, print too much, open too much, spawn too much."""

import os
import resource
import signal
import subprocess
import time
import unittest

import trama_case
from trama_case import TramaCase


class NeverEnds(TramaCase):
    def test_with_steps(self):
        report = self.call_json("hunt", "--executions", "3", "--max-steps", "5000",
                                self.program("endless_steps"), status=2)
        self.assertEqual(report["verdict"], "incomplete")
        self.assertEqual(report["step_limited"], 3)
        out, _ = self.call("hunt", "--executions", "3", "--max-steps", "5000",
                           self.program("endless_steps"), status=2)
        self.assertIn("5000 steps", out)

    def test_without_a_step(self):
        began = time.monotonic()
        report = self.call_json("hunt", "--executions", "2", "--stall", "1",
                                self.program("endless_without_step"), status=2)
        self.assertLess(time.monotonic() - began, 20)
        self.assertEqual(report["verdict"], "incomplete")

    def test_time_limit(self):
        began = time.monotonic()
        self.call("hunt", "--time", "1", self.program("endless_steps"), status=2)
        self.call("hunt", "--time", "1", self.program("endless_without_step"), status=2)
        self.assertLess(time.monotonic() - began, 15)
        report = self.call_json("hunt", "--time", "1", self.program("quiet"), status=0)
        self.assertGreater(report["executions"], 1000)


class CtrlC(TramaCase):
    def interrupted(self, *arguments, after=1.0):
        process = subprocess.Popen([self.trama, *arguments], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   cwd=self.folder, env=self.environment)
        self.addCleanup(process.kill)
        time.sleep(after)
        self.assertIsNone(process.poll(), "it ended before it could be interrupted")
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = process.communicate(timeout=30)
        self.assertLess(time.monotonic() - began, 8)
        return process.returncode, out, err

    def test_nothing_found_so_far(self):
        status, out, err = self.interrupted("hunt", "--executions", "1000000000",
                                            self.program("quiet"))
        self.assertEqual(status, 2, out + err)
        self.assertRegex(out, r"incomplete: \d\d+ executions")
        self.assertIn("stopped by you", out)

    def test_prints_what_was_found(self):
        status, out, err = self.interrupted("hunt", "--consequence", "1000000000",
                                            self.program("racy"))
        self.assertIn("RACE", out, err)
        self.assertTrue(list((self.folder / "trama-out").iterdir()))
        self.assertEqual(status, 2)

    def test_in_the_middle_of_a_step(self):
        status, out, err = self.interrupted("hunt", "--stall", "1000",
                                            self.program("endless_without_step"), after=2.0)
        self.assertEqual(status, 2, out + err)

    def test_run(self):
        status, out, err = self.interrupted("run", "--max-steps", "1000000000",
                                            self.program("endless_steps"))
        self.assertEqual(status, 2, out + err)


class Gluttons(TramaCase):
    def test_a_gigabyte_of_output(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.call("hunt", "--executions", "2", self.program("prints_a_gigabyte"), status=0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(max(before, after), 400 << 10, "KiB: the output was kept in memory")

    def test_files_left_open(self):
        self.call("hunt", "--executions", "300", self.program("opens_files"), "200", status=0)

    def test_ten_thousand_files_left_open(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        if hard < 11000:
            self.skipTest("this machine allows fewer open files")

        def raise_limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (11000, hard))

        self.call("hunt", "--executions", "5", self.program("opens_files"), "10000", status=0,
                  preexec_fn=raise_limit)

    def test_1025_threads_at_once(self):
        out, _ = self.call("hunt", "--executions", "1", self.program("spawns"), "1025", "1",
                           status=1)
        self.assertIn("1024", out)

    def test_1000_threads_at_once(self):
        self.call("hunt", "--executions", "2", self.program("spawns"), "1000", "1", status=0)

    def test_3000_threads_one_after_another(self):
        self.call("hunt", "--executions", "2", self.program("spawns"), "1", "3000", status=0)
        self.call("hunt", "--executions", "2", self.program("spawns"), "30", "100", status=0)


class Input(TramaCase):
    def test_the_same_in_each_execution(self):
        report = self.call_json("hunt", "--executions", "50", self.program("reads_input"),
                                status=0, stdin="1\n2\n3\n")
        self.assertEqual(report["executions"], 50)
        self.assertIn("EXIT", self.codes(self.call_json("hunt", self.program("reads_input"),
                                                        status=1, stdin="1 2")))

    def test_from_a_file(self):
        (self.folder / "numbers").write_text("20 22\n")
        with open(self.folder / "numbers", encoding="utf-8") as numbers:
            self.call("hunt", "--executions", "20", self.program("reads_input"), status=0,
                      stdin=numbers)

    def test_none(self):
        report = self.call_json("hunt", self.program("reads_input"), status=1)
        self.assertEqual(self.codes(report), ["EXIT"])

    def test_a_silent_pipe_does_not_hang(self):
        read_end, write_end = os.pipe()
        self.addCleanup(os.close, write_end)
        self.addCleanup(os.close, read_end)
        began = time.monotonic()
        _, err = self.call("hunt", self.program("reads_input"), status=1, stdin=read_end)
        self.assertLess(time.monotonic() - began, 10)
        self.assertIn("standard input", err)

    def test_closed(self):
        done = subprocess.run(["sh", "-c", 'exec "$0" hunt "$1" <&-', self.trama,
                               self.program("reads_input")], cwd=self.folder,
                              env=self.environment, capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)


class Memory(TramaCase):
    def peak_kib(self, executions):
        """The largest resident size of the program that is explored, in KiB."""
        script = ("import resource, subprocess, sys;"
                  "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
                  "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        done = subprocess.run(["python3", "-c", script, self.trama, "hunt", "--executions",
                               str(executions), self.program("quiet")], cwd=self.folder,
                              env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=100, check=True)
        return int(done.stdout)

    def test_does_not_grow_with_executions(self):
        one = self.peak_kib(1)
        many = self.peak_kib(300000)
        self.assertLess(many - one, 10 << 10, f"KiB: {one} became {many}")


if __name__ == "__main__":
    trama_case.main()
