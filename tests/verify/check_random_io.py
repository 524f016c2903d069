"""Random programs on pipes and counters: what verify runs is compared with what a random walk comes upon.

    check_random_io.py --trama TRAMA --seeds FIRST LAST PROGRAM

Each execution leaves a line that tells it apart from others (oracle/random_io.cpp). Verify must have all that
the walk has; each only once, where steps on different channels are in no order.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trama", required=True)
    parser.add_argument("--seeds", type=int, nargs=2, required=True)
    parser.add_argument("program")
    arguments = parser.parse_args()
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        def lines(seed, how, command, *options):
            file = pathlib.Path(folder) / "lines"
            file.unlink(missing_ok=True)
            done = subprocess.run([arguments.trama, command, "--lang", "en", "--out", folder, *options,
                                   arguments.program, str(seed), how, str(file)],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
            if done.returncode != 0:
                sys.exit(f"seed {seed}, {how}: {command} ended with {done.returncode}:\n{done.stdout}")
            return file.read_bytes().splitlines()
        for seed in range(arguments.seeds[0], arguments.seeds[1] + 1):
            for how in ("apart", "together"):
                verified = lines(seed, how, "verify", "--model", "sc")
                walked = lines(seed, how, "hunt", "--strategy", "random", "--executions", "1000",
                               "--spurious", "0", "--delay", "0")
                missing = set(walked) - set(verified)
                if missing:
                    sys.exit(f"seed {seed}, {how}: verify has not {missing.pop()}")
                if how == "apart" and len(set(verified)) != len(verified):
                    sys.exit(f"seed {seed}: {len(verified)} executions, of which "
                             f"{len(set(verified))} differ")
                total += len(verified)
    if total < 100:
        sys.exit(f"only {total} executions in all: nothing was tested")


if __name__ == "__main__":
    main()
