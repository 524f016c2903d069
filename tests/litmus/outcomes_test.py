"""Do litmus programs come to what the literature says, and to nothing else?

Each program is built with the compiler given, and `trama verify --list --json` is asked under every
model. Under rc11 the outcomes are those of the trailer `// Allowed rc11:`; under a stronger model
they are these without those of its `// Forbidden MODEL:`. Of programs with a race it is the race that
must be found; what a plain load reads that races is not explored, so that not all must come of
which the literature counts.

Run as `outcomes_test.py TRAMA COMPILER INCLUDE [NAME…]`; without names, all programs beside this
file.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
MODELS = ["sc", "tso", "rc11"]
JOBS = 2
TIMEOUT_S = 300
# The sets of outcomes are of complete executions; a program of so many takes too long for a test.
EXECUTIONS_MAX = 20000


class Trailer:
    """What the comments at the end of a program say."""

    def __init__(self, source):
        self.lines = {}
        key = None
        for line in source.read_text(encoding="utf-8").splitlines():
            if line.startswith("//   ") and key is not None:
                self.lines[key] += " " + line[5:]
                continue
            key = None
            if line.startswith(("// Allowed ", "// Forbidden ", "// Executions", "// Race:")):
                key, _, text = line[3:].partition(":")
                self.lines[key] = text

    def outcomes(self, key):
        return {one.strip() for one in self.lines.get(key, "").split(";") if one.strip()}

    def expected(self, model):
        """All outcomes; None where the file does not say."""
        if "Allowed rc11" not in self.lines:
            return None
        allowed = self.outcomes("Allowed rc11")
        if model != "rc11":
            return allowed - self.outcomes(f"Forbidden {model}")
        # Where psc can be read in two ways Trama reads it as it was published.
        published = re.search("with (.*) too", self.lines.get("Executions as published", ""))
        return allowed | {published[1]} if published else allowed

    def forbidden(self, model):
        return self.outcomes(f"Forbidden {model}") | self.outcomes("Forbidden rc11")

    def races(self):
        return "Race" in self.lines


def build(compiler, include, source, folder):
    program = folder / source.stem
    subprocess.run([compiler, "-std=c++20", "-O1", "-g", "-fsanitize=thread", "-Wno-tsan",
                    "-I", include, str(source), "-o", str(program)], check=True,
                   capture_output=True, text=True, timeout=TIMEOUT_S)
    return program


def outcomes_of(trama, program, model, folder):
    """What the program prints in its complete executions; how many were run."""
    call = [trama, "verify", "--json", "--list", "--model", model,
            "--max-executions", str(EXECUTIONS_MAX), str(program)]
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANG="C.UTF-8")
    done = subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=TIMEOUT_S)
    if not done.stdout:
        raise AssertionError(f"`{' '.join(call)}` ended with {done.returncode}\n{done.stderr}")
    report = json.loads(done.stdout)
    if report["verdict"] not in ("verified", "finding"):
        raise AssertionError(f"{model}: {report['verdict']}: {report['message']}")
    codes = {outcome["finding"] for outcome in report["outcomes"]}
    return {outcome["output"].strip() for outcome in report["outcomes"]}, codes


def check(trama, compiler, include, source, folder):
    """What is wrong, a line for each model."""
    trailer = Trailer(source)
    program = build(compiler, include, source, folder)
    problems = []
    for model in MODELS:
        found, codes = outcomes_of(trama, program, model, folder)
        if not codes <= ({None, "RACE"} if trailer.races() else {None}):
            problems.append(f"{source.name} under {model}: findings {codes}")
        if trailer.races() and model == "rc11" and "RACE" not in codes:
            problems.append(f"{source.name} under {model}: its race was not found")
        expected = trailer.expected(model)
        if expected is not None and "RACE" in codes:
            expected = expected & found
        if expected is not None and found != expected:
            problems.append(f"{source.name} under {model}: missing {sorted(expected - found)}, "
                            f"unexpected {sorted(found - expected)}")
        if found & trailer.forbidden(model):
            problems.append(f"{source.name} under {model}: forbidden "
                            f"{sorted(found & trailer.forbidden(model))}")
    return problems


def main():
    trama, compiler, include, *names = sys.argv[1:]
    trama = str(pathlib.Path(trama).resolve())
    sources = [path for path in sorted(FOLDER.glob("*.cpp")) if not names or path.stem in names]
    problems = [] if sources else ["there is no such program"]
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        tasks = [pool.submit(check, trama, compiler, include, source, pathlib.Path(folder))
                 for source in sources]
        for source, task in zip(sources, tasks):
            try:
                problems += task.result()
            except (AssertionError, OSError, subprocess.SubprocessError, json.JSONDecodeError) as problem:
                detail = getattr(problem, "stderr", None) or ""
                problems.append(f"{source.name}: {problem}\n{detail}")
    print(f"{len(sources)} programs, {len(problems)} problems")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
