"""The rooms of src/ include only what docs/ARCHITECTURE.md lets them include.

Walks every #include of src/ and include/ against the table below. Data flows one way, from the
program under test to the report; a room that includes upwards, or a standard header that would
bring a clock, a file or a thread into a pure room, fails here before it is built upon.

    layering_test.py [top of the source tree]
"""

import pathlib
import re
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent

PURE = ("base", "event", "memory", "trace", "schedule", "explore")

# room: the rooms it may include, besides itself.
MAY_INCLUDE = {
    "base": (),
    "event": ("base",),
    "memory": ("event", "base"),
    "trace": ("event", "base"),
    "schedule": ("memory", "trace", "event", "base"),
    "explore": ("schedule", "memory", "trace", "event", "base"),
    "runtime": ("schedule", "memory", "trace", "event", "base", "trama"),
    "report": ("trace", "event", "base"),
    "cli": ("report", "trace", "event", "base"),
    "trama": (),  # include/trama, the public headers
}

# The one exception: in the runtime, the session alone knows the explorer.
SESSION = re.compile(r"^src/runtime/session\w*\.(cpp|hpp)$")

# What would make a pure room impure, or a library that the runtime must not need.
IMPURE = {"chrono", "filesystem", "fstream", "iostream", "mutex", "condition_variable", "random",
          "thread", "future"}
NOT_LIBC = {"chrono", "filesystem", "fstream", "iostream", "mutex", "condition_variable", "random",
            "thread", "future", "regex"}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
SUFFIXES = {".cpp", ".hpp", ".h", ".c", ".S"}


def sources(top):
    """(path relative to top, room) of every source file, in a fixed order."""
    for folder in ("src", "include"):
        for path in sorted((top / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                relative = path.relative_to(top)
                yield relative.as_posix(), relative.parts[1]


def includes(text):
    """(line number, '"' or '<', name) of every #include."""
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def check_include(path, room, quote, name):
    """What is wrong with this include of `name`, or None."""
    is_test = path.endswith("_test.cpp")
    first = name.split("/")[0]
    if "/" in name and first in MAY_INCLUDE:
        allowed = MAY_INCLUDE[room] + ((room,))
        if SESSION.match(path):
            allowed += ("explore",)
        if first not in allowed:
            return f"{room} may not include {first}"
        return None
    if quote == '"':
        return f'write the room too: "room/{name}"'
    if is_test:
        return None
    if room in PURE and name in IMPURE:
        return f"<{name}> in a pure room (no clock, no file, no thread, no other randomness)"
    if room == "runtime" and name in NOT_LIBC:
        return f"<{name}> needs more than libc"
    return None


def cycle(graph):
    """A list of rooms that include each other in a ring, or None."""
    done, path = set(), []

    def visit(room):
        if room in path:
            return path[path.index(room):] + [room]
        if room in done:
            return None
        path.append(room)
        for target in sorted(graph.get(room, ())):
            found = visit(target)
            if found:
                return found
        path.pop()
        done.add(room)
        return None

    for room in sorted(graph):
        found = visit(room)
        if found:
            return found
    return None


def offences(top):
    """Every offence of the tree below `top`, as lines for a person."""
    found, graph = [], {}
    for path, room in sources(top):
        if room not in MAY_INCLUDE:
            found.append(f"{path}: {room} is no room; add it to the table of layering_test.py")
            continue
        text = (top / path).read_text(encoding="utf-8")
        if path.endswith((".hpp", ".h")) and "#pragma once" not in text.splitlines():
            found.append(f"{path}: #pragma once is missing")
        for number, quote, name in includes(text):
            wrong = check_include(path, room, quote, name)
            if wrong:
                found.append(f"{path}:{number}: {wrong}")
            target = name.split("/")[0]
            if "/" in name and target in MAY_INCLUDE and target != room:
                graph.setdefault(room, set()).add(target)
    ring = cycle(graph)
    if ring:
        found.append("rooms in a ring: " + " → ".join(ring))
    return found


class ThisTree(unittest.TestCase):
    def test_layering(self):
        found = offences(TOP)
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_there_is_something_to_check(self):
        self.assertIn("base", {room for _, room in sources(TOP)})


class MadeUpTrees(unittest.TestCase):
    """The test itself: each offence is seen, and nothing else is."""

    def check(self, files):
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder)
            for name, text in files.items():
                path = top / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return offences(top)

    def test_downwards_is_allowed(self):
        self.assertEqual(self.check({
            "src/event/a.cpp": '#include <string>\n#include "base/b.hpp"\n',
            "src/event/a_test.cpp": "#include <gtest/gtest.h>\n#include <thread>\n",
            "src/runtime/session.cpp": '#include "explore/a.hpp"\n',
            "src/runtime/heap.cpp": '#include "trama/check.hpp"\n#include <sys/mman.h>\n',
            "include/trama/queue.hpp": "#pragma once\n#include <mutex>\n"}), [])

    def test_upwards_is_not(self):
        found = self.check({"src/base/a.cpp": '\n#include "event/e.hpp"\n'})
        self.assertEqual(found, ["src/base/a.cpp:2: base may not include event"])

    def test_only_the_session_knows_the_explorer(self):
        self.assertEqual(len(self.check({"src/runtime/heap.cpp": '#include "explore/a.hpp"\n'})), 1)

    def test_angle_brackets_hide_nothing(self):
        self.assertEqual(len(self.check({"src/report/a.cpp": "#include <memory/a.hpp>\n"})), 1)

    def test_pure_rooms_are_pure(self):
        self.assertEqual(len(self.check({"src/memory/a.cpp": "#include <fstream>\n"})), 1)

    def test_includes_name_their_room(self):
        self.assertEqual(len(self.check({"src/base/a.cpp": '#include "b.hpp"\n'})), 1)

    def test_headers_have_pragma_once(self):
        self.assertEqual(len(self.check({"src/base/a.hpp": "// empty\n"})), 1)

    def test_rings(self):
        self.assertEqual(cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}), ["b", "c", "b"])
        self.assertIsNone(cycle({"a": {"b", "c"}, "b": {"c"}}))

    def test_unknown_rooms(self):
        self.assertEqual(len(self.check({"src/kitchen/a.cpp": ""})), 1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        TOP = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
