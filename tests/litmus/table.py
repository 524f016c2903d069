"""The table of litmus programs in the manual of `trama verify`.

    table.py MANUAL            writes it anew, between its two marks
    table.py --check MANUAL    status 1 where it is not that of the sources
"""

import pathlib
import sys

from trailer import MODELS, Trailer

BEGIN = "<!-- litmus: written by tests/litmus/table.py -->\n"
END = "<!-- litmus: end -->\n"


def row(source):
    trailer = Trailer(source)
    outcome, allowed = trailer.weak_outcome()
    cells = [f"`{source.name.removesuffix('.cpp')}`"]
    for model in MODELS:
        cells.append("race" if trailer.races else str(trailer.executions[model]))
    cells.append(f"`{outcome}`" if outcome else "")
    cells += [("yes" if allowed[model] else "no") if allowed else "" for model in MODELS]
    return "| " + " | ".join(cells) + " |\n"


def table():
    text = "| program | sc | tso | rc11 | outcome | sc | tso | rc11 |\n|---|--:|--:|--:|---|---|---|---|\n"
    sources = sorted(pathlib.Path(__file__).parent.glob("*.cpp"), key=lambda path: path.name.lower())
    return text + "".join(row(source) for source in sources)


def main():
    check = "--check" in sys.argv[1:]
    manual = pathlib.Path(sys.argv[-1])
    before, rest = manual.read_text(encoding="utf-8").split(BEGIN)
    old, after = rest.split(END)
    if check:
        if old != table():
            sys.exit(f"{manual} is not up to date: run tests/litmus/table.py {manual}")
        return
    manual.write_text(before + BEGIN + table() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
