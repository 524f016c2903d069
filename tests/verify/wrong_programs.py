#!/usr/bin/env python3
"""Verifies every program of tests/programs/wrong: none may be called right.

    wrong_programs.py --trama TRAMA FOLDER

FOLDER holds the built programs. Some need an option to be wrong at all, and are passed it; what
verify does not cover it refuses (exit status 2). Those that it calls right all the same are listed
here, each with its reason, and the test fails when one of them is found: then the list is to shrink.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

OPTIONS = {
    "eintr_connect": ["--io-faults"],
    "eintr_read": ["--io-faults"],
    "leak_in_one_order": ["--leaks"],
    "leak_of_list": ["--leaks"],
    "net_short_read": ["--io-faults"],
    "thread_never_joined": ["--leaks"],
    "try_lock_once": ["--spurious-try-lock"],
}
CALLED_RIGHT = {
    "epoll_blocked_loop": "BLOCKED-LOOP is about time, and each thread has a time of its own",
}


def verdict_of(trama, program, folder):
    options = OPTIONS.get(os.path.basename(program), [])
    done = subprocess.run([trama, "verify", "--json", "--lang", "en", "--time", "3", "--out", folder,
                           *options, program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    if done.returncode == 2 and not done.stdout.strip():
        return "refused: " + done.stderr.strip()
    return json.loads(done.stdout)["verdict"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trama", required=True)
    parser.add_argument("folder")
    arguments = parser.parse_args()
    names = sorted(name for name in os.listdir(arguments.folder)
                   if os.path.isfile(os.path.join(arguments.folder, name)))
    found, bad = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            verdict = verdict_of(arguments.trama, os.path.join(arguments.folder, name), folder)
            found += verdict == "finding"
            if (verdict == "verified") != (name in CALLED_RIGHT):
                bad.append(f"{name}: {verdict}")
    print(f"{len(names)} programs, {found} found wrong")
    if len(names) < 150 or found < 150:
        bad.append("there are fewer than expected")
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
