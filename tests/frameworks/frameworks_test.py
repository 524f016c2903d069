"""Test runners as whole programs: a finding names the test it happened in.

    frameworks_test.py TRAMA PROGRAM {googletest|doctest|catch2}
"""

import json
import os
import re
import subprocess
import sys
import tempfile

# The bug, the codes it may lead to, and the test's name in each framework.
TESTS = {
    "sum": ([], "Account.KeepsTheSum", "keeps the sum"),
    "update": (["RACE", "EXIT"], "Account.LosesAnUpdate", "loses an update"),
    "order": (["EXIT"], "Account.ChecksInOneOrder", "checks in one order"),
    "crash": (["CRASH"], "Account.Crashes", "crashes"),
    "deadlock": (["DEADLOCK"], "Account.Deadlocks", "deadlocks"),
}
FILTERS = {"googletest": "--gtest_filter={}", "doctest": "-tc={}", "catch2": "{}"}


def call(arguments, folder):
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True,
                          errors="replace", timeout=100, check=False)
    return done.returncode, done.stdout, done.stderr


def check(trama, program, test_filter, codes, name, folder):
    """What is not as it should be."""
    command = [trama, "hunt", "--executions", "1000", "--out", folder]
    status, text, errors = call([*command, "--json", program, test_filter], folder)
    if status != (1 if codes else 0):
        return f"{test_filter}: ended with {status}\n{text}{errors}"
    report = json.loads(text)
    found = [(finding["code"], finding["test"]) for finding in report["findings"]]
    if found != [(code, name) for code in codes] or report["blind"]:
        return f"{test_filter}: found {found}, blind {report['blind']}; expected {codes} in {name}"
    for finding in report["findings"]:
        # A replay calls the program with the same filter and names the same test.
        status, text, errors = call([trama, "replay", finding["trace"]], folder)
        if status != 1 or not re.search(f"^Test: {re.escape(name)}$", text, re.MULTILINE):
            return f"the replay of {finding['trace']} ended with {status}:\n{text}{errors}"
    return ""


def main():
    trama, program, framework = (os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]),
                                 sys.argv[3])
    cases = [(codes, google if framework == "googletest" else plain)
             for codes, google, plain in TESTS.values()]
    if framework == "googletest":
        cases.append((["EXIT"], "Small/Counts.AreOrdered/0"))
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for codes, name in cases:
            problem = check(trama, program, FILTERS[framework].format(name), codes, name, folder)
            if problem:
                problems.append(problem)
        # All tests in one process: the first that goes wrong is named.
        status, text, errors = call([trama, "hunt", "--json", "--executions", "1000", program],
                                    folder)
        first = json.loads(text)["findings"][0] if status == 1 else {}
        if first.get("test") != cases[1][1]:
            problems.append(f"all tests: ended with {status}, {first}\n{errors}")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
