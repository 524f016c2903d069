"""House rules that no formatter and no compiler checks.

Length is a ratchet: from 400 lines on a file is named, beyond 800 it fails, unless one of its
first lines says `long because: …`. No unfinished business (the usual two words), no tabs in C++,
every C++ file says what it is, no text tells on whose machine it was written.

    style_test.py [top of the source tree]
"""

import pathlib
import re
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent

FOLDERS = ("src", "include", "tests", "bench", "aulas", "tools", "cmake", "docs", "web")
SKIPPED = {"build", "node_modules", "__pycache__", "trama-out"}
CPP = {".cpp", ".hpp", ".h", ".c"}
TEXT = CPP | {".S", ".py", ".md", ".txt", ".cmake", ".in", ".json", ".ts", ".css", ".html", ".sh",
              ".yml", ".map", ""}

LINES_TO_MENTION = 400
LINES_TO_FAIL = 800
HEAD = 20

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(home|root|work)/")
OWN_HEADER = re.compile(r'#include "(?:[\w/]*/)?(\w+)\.hpp"')


def text_files(top):
    for path in sorted(top.iterdir()):
        if path.is_file() and path.suffix in TEXT:
            yield path
    for folder in FOLDERS:
        for path in sorted((top / folder).rglob("*")):
            parts = set(path.relative_to(top).parts)
            if path.is_file() and path.suffix in TEXT and not parts & SKIPPED:
                yield path


def says_what_it_is(path, lines):
    """A head comment or #pragma once; a .cpp may instead begin with its own header, whose head
    speaks for both."""
    first = next((line for line in lines if line.strip()), "")
    if first.startswith(("//", "/*", "#pragma once")):
        return True
    own = OWN_HEADER.match(first)
    stem = path.stem.removesuffix("_test")
    return path.suffix in {".cpp", ".c"} and own is not None and own.group(1) == stem


def check_file(path, name):
    """(offences, warnings) of one file, as lines for a person."""
    offences, warnings = [], []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return ([], []) if path.suffix == "" else ([f"{name}: not UTF-8"], [])
    excused = any("long because:" in line for line in lines[:HEAD])
    if path.suffix not in {".md", ".json", ".txt"} and not excused:
        if len(lines) > LINES_TO_FAIL:
            offences.append(f"{name}: {len(lines)} lines: split it, or say `long because: …` at its head")
        elif len(lines) > LINES_TO_MENTION:
            warnings.append(f"{name}: {len(lines)} lines: look for a second noun")
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            offences.append(f"{name}:{number}: unfinished business belongs in an issue")
        if path.suffix in CPP and "\t" in line:
            offences.append(f"{name}:{number}: a tab")
        if MACHINE_PATH.search(line) and path.suffix in {".md"} | CPP:
            offences.append(f"{name}:{number}: a path of somebody's machine")
    if path.suffix in CPP and not says_what_it_is(path, lines):
        offences.append(f"{name}:1: begins without saying what it is")
    return offences, warnings


def check_tree(top):
    offences, warnings = [], []
    for path in text_files(top):
        more_offences, more_warnings = check_file(path, path.relative_to(top).as_posix())
        offences += more_offences
        warnings += more_warnings
    return offences, warnings


class ThisTree(unittest.TestCase):
    def test_style(self):
        offences, warnings = check_tree(TOP)
        for line in warnings:
            print("warning:", line)
        self.assertFalse(offences, "\n" + "\n".join(offences))


class MadeUpFiles(unittest.TestCase):
    """The test itself: each offence is seen, and nothing else is."""

    def check(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            path.write_text(text, encoding="utf-8")
            return check_file(path, name)

    def test_length(self):
        self.assertEqual(self.check("a.cpp", "// a\n" * 400), ([], []))
        self.assertEqual(len(self.check("a.cpp", "// a\n" * 401)[1]), 1)
        self.assertEqual(len(self.check("a.cpp", "// a\n" * 801)[0]), 1)
        self.assertEqual(self.check("a.cpp", "// long because: a table\n" * 801), ([], []))

    def test_heads(self):
        self.assertEqual(self.check("a.hpp", "#pragma once\n"), ([], []))
        self.assertEqual(self.check("a.cpp", '#include "room/a.hpp"\n'), ([], []))
        self.assertEqual(self.check("a_test.cpp", '#include "room/a.hpp"\n'), ([], []))
        self.assertEqual(len(self.check("a.cpp", '#include "room/b.hpp"\n')[0]), 1)
        self.assertEqual(len(self.check("a.hpp", "int a;\n")[0]), 1)

    def test_lines(self):
        self.assertEqual(len(self.check("a.cpp", "// TO" "DO: later\n")[0]), 1)
        self.assertEqual(len(self.check("a.cpp", "// a\n\tint a;\n")[0]), 1)
        self.assertEqual(len(self.check("a.md", "see /ho" "me/ana/a.cpp\n")[0]), 1)
        self.assertEqual(self.check("a.md", "https://example.org/home/a and $HOME/a\n"), ([], []))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        TOP = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
