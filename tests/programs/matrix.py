"""Builds every program of tests/programs in one variant of compiler and flags, and checks each.

    matrix.py --trama TRAMA --variant NAME [--jobs N] [--only REGEX] -- COMPILER FLAGS…

Prints what is not as expected; the last line counts. The C programs are left to the usual tests.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXECUTIONS = 100
TIMEOUT_S = 300


def run(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace",
                              timeout=TIMEOUT_S, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return f"takes more than {TIMEOUT_S} s"
    return "" if done.returncode == 0 else done.stdout + done.stderr


def check(call, source, folder):
    """What is wrong with this program in this variant; nothing if all is well."""
    program = folder / f"{source.parent.name}-{source.stem}"
    # Compilers take atomics of odd sizes, and some those of sixteen bytes, from libatomic.
    problem = run([*call.command, str(source), "-o", str(program), "-latomic"])
    if problem:
        return "does not build:\n" + problem
    problem = run([sys.executable, "-B", str(HERE / "check_program.py"), "--trama", str(call.trama),
                   "--seeds", "1", "--executions", str(EXECUTIONS), "--variant", call.variant,
                   str(source), str(program)])
    program.unlink()
    return problem


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trama", required=True, type=pathlib.Path)
    parser.add_argument("--variant", required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="")
    parser.add_argument("command", nargs="+")
    call = parser.parse_args()
    sources = [source for kind in ("correct", "wrong") for source in sorted((HERE / kind).glob("*.cpp"))
               if re.search(call.only, f"{kind}/{source.stem}")]
    failed = 0
    with tempfile.TemporaryDirectory() as name, \
            concurrent.futures.ThreadPoolExecutor(call.jobs) as pool:
        problems = pool.map(lambda source: check(call, source, pathlib.Path(name)), sources)
        for source, problem in zip(sources, problems):
            if problem:
                failed += 1
                print(f"{call.variant}: {source.parent.name}/{source.stem}: {problem}", flush=True)
    print(f"{call.variant}: {len(sources)} programs, {failed} not as expected")
    return 1 if failed or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
