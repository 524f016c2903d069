"""What the end of a litmus program says of it; README.md explains the lines."""

import re

MODELS = ("sc", "tso", "rc11")


class Trailer:
    def __init__(self, path, definition=""):
        self.executions = {}
        self.allowed = []  # outcomes under rc11; empty where they are not all told
        self.forbidden = {}  # by model
        self.races = False
        self.as_published = False
        key = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.match(r"// (Executions|Allowed|Forbidden|Race)([^:]*): (.*)", line)
            if found:
                key, of, text = found.group(1), found.group(2).strip(), found.group(3)
            elif key in ("Allowed", "Forbidden") and line.startswith("//   "):
                text = line.removeprefix("//   ")
            else:
                key = ""
                continue
            if key == "Executions" and of in (definition, "as published"):
                self.as_published |= of == "as published"
                for model, count in re.findall(r"\b(sc|tso|rc11) (\d+)", text):
                    self.executions[model] = int(count)
            elif key == "Allowed":
                self.allowed += outcomes(text)
            elif key == "Forbidden":
                self.forbidden.setdefault(of, []).extend(outcomes(text))
            elif key == "Race":
                self.races = True

    def weak_outcome(self):
        """The outcome that the program is there for: one that not all models allow, else one that
        none does; "" where it has none. And whether each model allows it."""
        if self.forbidden.get("sc"):
            outcome = self.forbidden["sc"][0]
            return outcome, {"sc": False, "tso": outcome not in self.forbidden.get("tso", []),
                             "rc11": True}
        if self.forbidden.get("rc11"):
            return self.forbidden["rc11"][0], dict.fromkeys(MODELS, False)
        return "", {}


def outcomes(text):
    return [outcome.strip() for outcome in text.split(";") if outcome.strip()]
