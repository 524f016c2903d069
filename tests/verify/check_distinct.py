"""Verify and hunt agree on how many executions a program has, counted in two ways: by graphs, and by
hashes of the orders that a random walk comes upon. Of programs whose threads meet only in locks and the
like, of few executions, nothing unlikely allowed.

    check_distinct.py --trama TRAMA PROGRAM
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trama", required=True)
    parser.add_argument("program")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        def run(command, *options):
            return subprocess.run([arguments.trama, command, "--lang", "en", "--out", folder,
                                   "--spurious", "0", *options, arguments.program],
                                  stdout=subprocess.PIPE, check=False, text=True).stdout
        verified = run("verify", "--model", "sc")
        hunted = run("hunt", "--json", "--strategy", "random", "--executions", "20000",
                     "--weak", "0", "--delay", "0")
    count = re.search(r"verified: (\d+) ", verified)
    distinct = json.loads(hunted)["distinct"]
    if not count or int(count.group(1)) != distinct:
        sys.exit(f"hunt came upon {distinct} distinct executions; verify says:\n{verified}")


if __name__ == "__main__":
    main()
