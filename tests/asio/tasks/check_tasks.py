"""Builds kinds.cpp, hunts it, and looks at the tasks in the trace of its first execution.

    check_tasks.py --trama TRAMA --source kinds.cpp -- COMPILER [FLAG…]

Each task stands there once, under its function's name, with the one that made it; each line that
the program prints begins with the name of the task that printed it; who awaits has run.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

LAMBDA = "main::λ"
FUNCTIONS = {
    "guard": 1,
    "both": 1,
    "spawn_more": 1,
    LAMBDA: 3,
    "endless": 1,
    "quick": 3,
    "fibonacci": 1,
    "nap": 4,
}
MADE_BY = {"quick": "spawn_more"}


def run(*command, cwd, expect):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != expect:
        sys.exit(f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def function_of(name):
    return name.split("#")[0]


def check(trace):
    wrong = []
    tasks = trace["tasks"]
    names = [task["name"] for task in tasks]
    found = {}
    for name in names:
        found[function_of(name)] = found.get(function_of(name), 0) + 1
    if found != FUNCTIONS:
        wrong.append(f"tasks: {found}")
    for task in tasks:
        maker = MADE_BY.get(function_of(task["name"]))
        if maker and (task["parent"] is None or names[task["parent"]] != maker):
            wrong.append(f"{task['name']} is made by {task['parent']}")
    printed = 0
    running = set()
    for number, step in enumerate(trace["steps"]):
        task = step.get("task")
        operation = step["operation"]
        if operation == "output":
            printed += 1
            speaker = step["text"].rsplit(":", 1)[0]
            if task is None or function_of(names[task]) != speaker:
                wrong.append(f"step {number} prints {step['text']!r} as task {task}")
        elif operation == "resume-task":
            running.add(task)
        elif operation == "await":
            if task not in running:
                wrong.append(f"step {number}: {names[task]} awaits and did not run")
            running.discard(task)
    if printed != 9:
        wrong.append(f"{printed} lines printed by tasks, not 9")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trama", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("compiler", nargs="+")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(*arguments.compiler, "-std=c++20", "-w", arguments.source, "-o", "kinds", cwd=folder,
            expect=0)
        run(arguments.trama, "hunt", "--executions", "1", "./kinds", cwd=folder, expect=1)
        (file,) = pathlib.Path(folder).glob("trama-out/*.trama")
        trace = json.loads(run(arguments.trama, "show", "--json", str(file), cwd=folder, expect=0))
        run(arguments.trama, "replay", str(file), cwd=folder, expect=1)
        wrong = check(trace)
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
