"""Verifies a program and compares what comes out with what is expected.

    check_verify.py --trama TRAMA --model MODEL --expected WHAT PROGRAM [ARGUMENT…]

WHAT is a number (verified, by so many executions), `verified` (by any number), `incomplete`, or the
code of a finding, whose trace must replay to it.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          text=True)


def mismatch(arguments, folder):
    """What is not as expected; empty where all is."""
    done = run(arguments.trama, "verify", "--lang", "en", "--color", "never", "--out", folder,
               "--model", arguments.model, arguments.program, *arguments.arguments)
    verified = re.search(r"verified: (\d+) ", done.stdout)
    if arguments.expected == "verified" or arguments.expected.isdigit():
        if done.returncode != 0 or not verified:
            return done.stdout
        if arguments.expected not in ("verified", verified.group(1)):
            return f"{arguments.expected} executions expected:\n{done.stdout}"
        return ""
    if arguments.expected == "incomplete":
        return "" if re.search("^incomplete: ", done.stdout, re.MULTILINE) else done.stdout
    if done.returncode != 1 or not re.search(rf"^{arguments.expected}\b", done.stdout, re.MULTILINE):
        return f"{arguments.expected} expected:\n{done.stdout}"
    traces = list(pathlib.Path(folder).glob("*.trama"))
    if not traces:
        return f"no trace:\n{done.stdout}"
    for trace in traces:
        again = run(arguments.trama, "replay", "--lang", "en", str(trace))
        if again.returncode != 1 or "replayed: the same finding" not in again.stdout:
            return f"the replay ended with {again.returncode}:\n{again.stdout}"
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trama", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--expected", required=True)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = mismatch(arguments, folder)
    if wrong:
        print(wrong)
        sys.exit(1)


if __name__ == "__main__":
    main()
