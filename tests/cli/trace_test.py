"""Trace files that are cut, damaged, of another version or another program."""

import pathlib
import shutil
import unittest

import trama_case
from trama_case import TramaCase


class DamagedTrace(TramaCase):
    def setUp(self):
        super().setUp()
        report = self.call_json("hunt", "--seed", "1", self.program("racy"), status=1)
        self.path = self.folder / report["findings"][0]["trace"]
        self.lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)

    def rejects(self, content, words):
        path = self.folder / "changed.trama"
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        for command in ("replay", "show"):
            with self.subTest(command=command):
                self.refuses(command, path, words=["changed.trama", *words])

    def number_of(self, record):
        return next(i for i, line in enumerate(self.lines) if line.startswith(record))

    def test_whole(self):
        self.call("show", self.path, status=0)
        self.call("replay", self.path, status=1)

    def test_missing(self):
        for command in ("replay", "show"):
            self.refuses(command, "nowhere.trama", words="nowhere.trama")
            self.refuses(command, str(self.folder), words="cannot read")

    def test_empty(self):
        self.rejects("", ["1"])

    def test_not_a_trace(self):
        self.rejects("#include <thread>\n", ["line 1"])
        self.rejects(pathlib.Path(self.program("racy")).read_bytes(), [])

    def test_another_version(self):
        self.rejects("trama-trace 999\n" + "".join(self.lines[1:]), ["line 1", "version"])

    def test_cut_between_lines(self):
        for count in (1, 5, len(self.lines) // 2, len(self.lines) - 1):
            self.rejects("".join(self.lines[:count]), ["line"])

    def test_cut_within_a_line(self):
        text = "".join(self.lines)
        for size in (len(text) // 3, len(text) // 2, len(text) - 2):
            self.rejects(text[:size], ["line"])

    def test_a_step_is_missing(self):
        at = self.number_of("step 1")
        self.rejects("".join(self.lines[:at] + self.lines[at + 1:]), [f"line {at + 1}"])

    def test_an_unknown_record(self):
        at = self.number_of("step 1")
        self.rejects("".join([*self.lines[:at], "stumble 1\n", *self.lines[at:]]),
                     [f"line {at + 1}"])

    def test_a_changed_byte(self):
        at = self.number_of("finding")
        for old, new in (("thread=1", "thread=2"), ("RACE", "RICE")):
            changed = [*self.lines]
            changed[at] = changed[at].replace(old, new)
            if changed[at] != self.lines[at]:
                self.rejects("".join(changed), ["line"])

    def test_huge_numbers(self):
        at = self.number_of("step 1")
        changed = [*self.lines]
        changed[at] = changed[at].replace("thread=", "thread=99999999999999999999")
        self.rejects("".join(changed), [f"line {at + 1}"])

    def test_bytes_that_are_no_text(self):
        self.rejects("".join(self.lines[:6]).encode() + b"\xff\xfe\x00" * 50, ["line"])

    def test_edited_by_hand(self):
        """The documented way: the last line becomes just `end`."""
        path = self.folder / "edited.trama"
        path.write_text("".join([*self.lines[:-1], "end\n"]), encoding="utf-8")
        self.call("replay", path, status=1)


class ChangedProgram(TramaCase):
    def test_says_what_it_expected_and_what_it_found(self):
        program = self.folder / "prog"
        shutil.copy(self.program("racy"), program)
        report = self.call_json("hunt", str(program), status=1)
        trace = report["findings"][0]["trace"]
        shutil.copy(self.program("racy_changed"), program)
        out, err = self.call("replay", trace, status=4)
        for words in ("expected:", "found:", "racy.cpp:"):
            self.assertIn(words, out + err)
        self.assertIn("not the build", err)
        report = self.call_json("replay", trace, status=4)
        self.assertEqual(report["verdict"], "diverged")

    def test_the_program_is_gone(self):
        program = self.folder / "prog"
        shutil.copy(self.program("racy"), program)
        report = self.call_json("hunt", str(program), status=1)
        program.unlink()
        self.refuses("replay", report["findings"][0]["trace"], words="there is no file")

    def test_another_place(self):
        report = self.call_json("hunt", self.program("racy"), status=1)
        moved = self.folder / "elsewhere"
        shutil.copy(self.program("racy"), moved)
        again = self.call_json("replay", report["findings"][0]["trace"], str(moved), status=1)
        self.assertTrue(again["same_finding"])


if __name__ == "__main__":
    trama_case.main()
