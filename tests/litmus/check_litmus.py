"""Verifies a litmus program under each model; the counts are those that its source tells.

    check_litmus.py --trama TRAMA [--definition -DN=3] SOURCE PROGRAM
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

from trailer import MODELS, Trailer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trama", required=True)
    parser.add_argument("--definition", default="")
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("program")
    arguments = parser.parse_args()
    trailer = Trailer(arguments.source, arguments.definition)
    if sorted(trailer.executions) != sorted(MODELS):
        sys.exit(f"{arguments.source} tells no executions for {arguments.definition or 'it'}")
    failed = False
    for model in MODELS:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [arguments.trama, "verify", "--lang", "en", "--color", "never", "--out", folder,
                 "--model", model, arguments.program],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
        if trailer.races:
            good = done.returncode == 1 and re.search(r"^RACE\b", done.stdout, re.MULTILINE)
            wanted = "a race"
        else:
            count = re.search(r"verified: (\d+) ", done.stdout)
            wanted = f"{trailer.executions[model]} executions"
            good = done.returncode == 0 and count and \
                int(count.group(1)) == trailer.executions[model]
        if not good:
            failed = True
            print(f"{model}: {wanted} expected; trama verify ended with {done.returncode}:\n"
                  f"{done.stdout}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
