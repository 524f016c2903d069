"""Calls that are wrong in themselves: commands, options, files that are no programs."""

import os
import pathlib
import re
import shutil
import struct
import subprocess
import unittest

import trama_case
from trama_case import TramaCase


class WrongCall(TramaCase):
    def test_nothing_and_nonsense(self):
        self.refuses("hnut", words=["hnut", "--help"])
        self.refuses("hunt", words="name the program")
        self.refuses("replay", words="name the trace file")

    def test_unknown_option(self):
        self.refuses("hunt", "--sed", "3", self.program("quiet"), words=["--sed", "--help"])
        self.refuses("hunt", "--seed", words=["--seed", "value"])

    def test_numbers_that_are_none(self):
        for value in ("seven", "-1", "3.5", "99999999999999999999999", "0x10"):
            with self.subTest(value=value):
                self.refuses("hunt", f"--seed={value}", self.program("quiet"),
                             words=["--seed", "whole number"])
        self.refuses("hunt", "--seed=", self.program("quiet"), words=["--seed", "value"])

    def test_choices_that_are_none(self):
        self.refuses("hunt", "--strategy", "luck", self.program("quiet"), words=["luck", "pct"])
        self.refuses("hunt", "--isolate", "box", self.program("quiet"), words=["box", "snapshot"])
        self.refuses("hunt", "--lang", "tlh", self.program("quiet"), words=["tlh"])

    def test_options_after_the_program_are_its_own(self):
        self.call("hunt", "--executions", "2", self.program("quiet"), "--sed", "3", status=0)

    def test_json_says_the_same(self):
        report = self.call_json("hunt", "nowhere/prog", status=2)
        self.assertEqual(report["verdict"], "error")
        self.assertIn("nowhere/prog", report["message"])
        self.assertEqual(report["findings"], [])


class WrongProgram(TramaCase):
    def make(self, name, content, mode=0o755):
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(mode)
        return str(path)

    def test_no_such_file(self):
        self.refuses("hunt", "nowhere/prog", words=["there is no file", "nowhere/prog"])
        self.refuses("run", "nowhere/prog", words="there is no file")
        self.refuses("hunt", "", words="name the program")
        self.refuses("run", "", words="name the program")
        self.refuses("hunt", "--executions", "0", "prog", words="cannot be 0")

    def test_folder(self):
        self.refuses("hunt", str(self.folder), words="folder")

    def test_not_executable(self):
        content = pathlib.Path(self.program("quiet")).read_bytes()
        self.refuses("hunt", self.make("prog", content, 0o644), words=["not executable", "chmod"])

    def test_not_readable(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        self.refuses("hunt", self.make("prog", b"\x7fELF", 0o111), words="cannot read")

    def test_script(self):
        self.refuses("hunt", self.make("prog", b"#!/bin/sh\necho hello\n"), words="script")

    def test_no_elf(self):
        for content in (b"", b"MZ\x90\x00", b"\x7fEL", b"plain text\n" * 100):
            with self.subTest(content=content[:4]):
                self.refuses("hunt", self.make("prog", content), words="not an ELF program")

    def test_damaged_elf(self):
        whole = pathlib.Path(self.program("quiet")).read_bytes()
        for size in (16, 40, 64, 200):
            with self.subTest(size=size):
                self.refuses("hunt", self.make("prog", whole[:size]), words="ELF")
        for size in (1000, 5000, len(whole) // 2):
            with self.subTest(size=size):
                self.refuses("hunt", self.make("prog", whole[:size]), words="prog")

    def test_32_bit(self):
        head = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHI", 2, 3, 1) + bytes(28)
        self.refuses("hunt", self.make("prog", head), words=["32-bit", "-m32"])

    def test_other_processor(self):
        whole = bytearray(pathlib.Path(self.program("quiet")).read_bytes())
        whole[18:20] = struct.pack("<H", 183)  # AArch64
        self.refuses("hunt", self.make("prog", bytes(whole)), words="another processor")

    def test_library(self):
        maps = pathlib.Path("/proc/self/maps").read_text(encoding="utf-8")
        library = re.search(r"(/\S+/libm\.so\S*|/\S+/libz\.so\S*)", maps).group(1)
        self.refuses("hunt", self.make("prog", pathlib.Path(library).read_bytes()),
                     words="not a program")

    def test_not_instrumented(self):
        self.refuses("hunt", self.program("not_instrumented"),
                     words=["not instrumented", "-fsanitize=thread"])

    def test_static_libtsan(self):
        self.refuses("hunt", self.program("static_libtsan"),
                     words=["ThreadSanitizer", "-static-libtsan"])

    def test_no_debug_information(self):
        out, err = self.call("hunt", self.program("racy_without_g"), status=1)
        self.assertIn("no debug information", err)
        self.assertIn("RACE", out)
        self.assertRegex(out, r"racy_without_g\+0x[0-9a-f]+")
        self.assertLessEqual(len(out.splitlines()), 25)

    def test_name_with_blanks_and_found_by_path(self):
        name = self.folder / "a program"
        shutil.copy(self.program("racy"), name)
        report = self.call_json("hunt", str(name), status=1)
        self.assertTrue((self.folder / report["findings"][0]["trace"]).exists())
        self.environment["PATH"] = str(self.folder)
        self.call("hunt", "a program", status=1)

    def test_ends_before_main(self):
        report = self.call_json("hunt", self.program("crashes_at_start"), status=1)
        self.assertEqual(self.codes(report), ["EXIT"])
        out, err = self.call("replay", report["findings"][0]["trace"], status=1)
        self.assertIn("the same finding", out + err)


class Surroundings(TramaCase):
    def test_out_is_a_file(self):
        (self.folder / "taken").write_text("mine")
        out, err = self.call("hunt", "--out", "taken", self.program("racy"), status=2)
        self.assertIn("cannot write taken", err)
        self.assertIn("RACE", out)  # what was found is told all the same
        self.assertEqual((self.folder / "taken").read_text(), "mine")

    def test_out_cannot_be_made(self):
        out, err = self.call("hunt", "--out", "/proc/nowhere", self.program("racy"), status=2)
        self.assertIn("cannot write /proc/nowhere", err)
        self.assertIn("RACE", out)

    def test_disk_full(self):
        mount = self.folder / "small"
        mount.mkdir()
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=4", "tmpfs", mount],
                              capture_output=True, check=False)
        if made.returncode != 0:
            self.skipTest("cannot mount a small file system")
        self.addCleanup(subprocess.run, ["umount", mount], check=False)
        (mount / "filler").write_bytes(bytes(4096))
        _, err = self.call("hunt", "--out", mount, self.program("racy"), status=2)
        self.assertIn("cannot write", err)
        self.assertEqual([path.name for path in mount.iterdir()], ["filler"])

    def test_output_nobody_can_write(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([self.trama, "hunt", self.program("racy")], stdout=full,
                                  stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                  cwd=self.folder, env=self.environment, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)

    def test_no_file_is_ever_overwritten(self):
        names = []
        for _ in range(3):
            report = self.call_json("hunt", "--seed", "5", self.program("racy"), status=1)
            names.append(report["findings"][0]["trace"])
        self.assertEqual(len(set(names)), 3)
        contents = {(self.folder / name).read_bytes() for name in names}
        self.assertEqual(len(contents), 1)


if __name__ == "__main__":
    trama_case.main()
