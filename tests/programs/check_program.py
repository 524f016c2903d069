"""Hunts one test program and compares the outcome with what the end of its source says.

    check_program.py --trama TRAMA [--seeds N] [--executions N] [--variant NAME] SOURCE PROGRAM

The end of a source:

    // Expected: nothing                  no finding, whatever the order
    // Expected: RACE, EXIT               these codes, in this order
    //   options: --executions 2000       for the hunt
    //   arguments: one "two words"       for the program
    //   stdin: hello                     its standard input, one line
    //   report: @mark                    the report names the line that ends with `// @mark`
    //   report: some words               the report holds these words
    //   blind: fork waitpid              these calls are named as not controlled, no others
    //   except O2|static: nothing        these codes instead, and no report, in the variants (of
    //                                    compiler and flags) whose name the expression finds

In a list of codes `any` stands for every code, `EXIT?` may be missing, and ` or ` separates
lists that are as good. What is checked:

- of a program without a bug: each seed's hunt ends with 0, finds nothing and is never blind
  but where the source says so;
- of a program with one: each seed finds the codes; each finding's trace replays to the same
  finding, twice with the same JSON (but for times); the same seed gives the same trace files.
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

TIMES = ("seconds", "executions_per_second")
EXECUTIONS_OF_CORRECT = 400
SEEDS_OF_CORRECT = 5
SEEDS_OF_WRONG = 3
TIMEOUT_S = 120


class Mismatch(Exception):
    """What is not as expected, in words."""


class Expectation:
    def __init__(self, text, name, variant):
        self.variant = variant
        self.codes = []  # alternatives, each a list; [] stands for nothing
        self.options = []
        self.arguments = []
        self.stdin = ""
        self.report = []
        self.blind = []
        self.instead = None  # of the codes, in this variant
        lines = text.splitlines()
        marks = {}
        for number, line in enumerate(lines, 1):
            mark = re.search(r"(?://|/\*) @(\w+)", line)
            if mark:
                marks[mark.group(1)] = f"{name}:{number}"
        found = False
        for line in lines:
            words = re.sub(r"^\s*(//|/\*|\*)\s*|\s*\*/\s*$", "", line)
            if words.startswith("Expected: "):
                found = True
                self.codes = self.parse(words.removeprefix("Expected: "))
            elif found and ": " in words:
                self.add(*words.split(": ", 1), marks)
        if not found:
            raise Mismatch("the source does not say what is expected")
        if self.instead is not None:
            self.codes = self.instead
            self.report = []

    @staticmethod
    def parse(text):
        alternatives = [[code.strip() for code in alternative.split(",")]
                        for alternative in text.split(" or ")]
        return [[] if codes == ["nothing"] else codes for codes in alternatives]

    def add(self, key, value, marks):
        if key == "options":
            self.options = shlex.split(value)
        elif key == "arguments":
            self.arguments = shlex.split(value)
        elif key == "stdin":
            self.stdin = value + "\n"
        elif key == "blind":
            self.blind = value.split()
        elif key == "report":
            if value.startswith("@") and value[1:] not in marks:
                raise Mismatch(f"no line is marked {value}")
            self.report.append(marks[value[1:]] if value.startswith("@") else value)
        elif key.startswith("except "):
            if re.search(key.removeprefix("except "), self.variant):
                self.instead = self.parse(value)
        else:
            raise Mismatch(f"what is expected names an unknown key: {key}")


def codes_match(found, expected):
    """`found` against one list of expected codes."""
    if not expected:
        return not found
    first = expected[0]
    optional = first.endswith("?")
    code = first.removesuffix("?")
    if found and code in ("any", found[0]) and codes_match(found[1:], expected[1:]):
        return True
    return optional and codes_match(found, expected[1:])


def without_times(report):
    return {key: value for key, value in report.items() if key not in TIMES}


class Checker:
    def __init__(self, trama, program, expectation, folder, executions):
        self.trama = trama
        self.program = program
        self.expectation = expectation
        self.folder = folder
        self.executions = executions

    def call(self, arguments, status, cwd):
        environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en", LANG="C.UTF-8")
        done = subprocess.run([self.trama, *arguments], cwd=cwd, env=environment,
                              input=self.expectation.stdin, capture_output=True, text=True,
                              errors="replace", timeout=TIMEOUT_S)
        if done.returncode != status:
            raise Mismatch(f"`trama {shlex.join(arguments)}` ended with {done.returncode}, "
                           f"not {status}\n{done.stdout}{done.stderr}")
        return done.stdout

    def hunt(self, seed, place, status, extra=("--json",)):
        cwd = self.folder / place
        cwd.mkdir(exist_ok=True)
        options = ["--seed", str(seed)]
        if status == 0:
            options += ["--executions", str(self.executions)]
        options += self.expectation.options
        output = self.call(["hunt", "--lang", "en", "--color", "never", *extra, *options,
                            self.program, *self.expectation.arguments], status, cwd)
        return json.loads(output) if "--json" in extra else output

    def check_correct(self, seed):
        report = self.hunt(seed, f"seed{seed}", 0)
        blind = sorted(call["symbol"] for call in report["blind"])
        if (report["findings"] or report["verdict"] != "sampled"
                or blind != sorted(self.expectation.blind)):
            raise Mismatch(f"seed {seed}: expected `sampled`, without findings, "
                           f"blind: {self.expectation.blind}\n"
                           + json.dumps(report, indent=2))

    def check_wrong(self, seed):
        place = f"seed{seed}"
        report = self.hunt(seed, place, 1)
        codes = [finding["code"] for finding in report["findings"]]
        if not any(codes_match(codes, expected) for expected in self.expectation.codes):
            raise Mismatch(f"seed {seed}: found {codes}, expected {self.expectation.codes}")
        for finding in report["findings"]:
            self.check_replay(finding, place)
        self.hunt(seed, place + "again", 1)
        self.compare_folders(self.folder / place / "trama-out",
                             self.folder / (place + "again") / "trama-out")
        return report

    def check_replay(self, finding, place):
        cwd = self.folder / place
        first, second = (json.loads(self.call(["replay", "--json", finding["trace"]], 1, cwd))
                         for _ in range(2))
        if without_times(first) != without_times(second):
            raise Mismatch(f"two replays of {finding['trace']} differ:\n{first}\n{second}")
        if first.get("same_finding") is not True:
            raise Mismatch(f"the replay of {finding['trace']} is not the same finding:\n{first}")
        again = first["findings"][0]
        for key in ("code", "reason", "message", "threads", "locations"):
            if again[key] != finding[key]:
                raise Mismatch(f"the replay of {finding['trace']} has another {key}: "
                               f"{again[key]}, not {finding[key]}")

    @staticmethod
    def compare_folders(one, two):
        names = [sorted(path.name for path in folder.iterdir()) for folder in (one, two)]
        if names[0] != names[1] or not names[0]:
            raise Mismatch(f"the same seed gave other trace files: {names[0]} and {names[1]}")
        for name in names[0]:
            if (one / name).read_bytes() != (two / name).read_bytes():
                raise Mismatch(f"the same seed gave another {name}")

    def check_report(self, seed):
        """The words of the report, over all findings."""
        place = f"seed{seed}"
        text = self.hunt(seed, place + "text", 1, ("--full",))
        for path in sorted((self.folder / place / "trama-out").iterdir()):
            text += self.call(["show", "--lang", "en", "--color", "never", str(path)], 0,
                              self.folder)
        for words in self.expectation.report:
            if words not in text:
                raise Mismatch(f"the report does not say `{words}`:\n{text}")

    def check(self, seeds):
        wrong = self.expectation.codes != [[]]
        may_be_nothing = wrong and [] in self.expectation.codes
        for seed in range(1, seeds + 1):
            if may_be_nothing and self.finds_nothing(seed):
                wrong = False
            elif wrong:
                self.check_wrong(seed)
            else:
                self.check_correct(seed)
        if wrong:
            self.check_report(1)

    def finds_nothing(self, seed):
        try:
            self.check_correct(seed)
        except Mismatch:
            return False
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trama", required=True, type=pathlib.Path)
    parser.add_argument("--seeds", type=int, help="otherwise 5, or 3 of a program with a bug")
    parser.add_argument("--executions", type=int, default=EXECUTIONS_OF_CORRECT,
                        help="of a program without a bug")
    parser.add_argument("--variant", default="", help="name of the compiler and flags")
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("program", type=pathlib.Path)
    call = parser.parse_args()
    try:
        expectation = Expectation(call.source.read_text(encoding="utf-8"), call.source.name,
                                  call.variant)
        with tempfile.TemporaryDirectory() as folder:
            checker = Checker(str(call.trama.resolve()), str(call.program.resolve()),
                              expectation, pathlib.Path(folder), call.executions)
            correct = [] in expectation.codes
            checker.check(call.seeds or (SEEDS_OF_CORRECT if correct else SEEDS_OF_WRONG))
    except Mismatch as mismatch:
        print(f"{call.source.name}: {mismatch}", file=sys.stderr)
        return 1
    except subprocess.TimeoutExpired as late:
        print(f"{call.source.name}: {late}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
