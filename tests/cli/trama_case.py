"""What the tests of the command line have in common: a folder of their own and a call of trama.

Run as `<name>_test.py TRAMA PROGRAMS [unittest's own arguments]`; PROGRAMS is the folder of the
built programs.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TIMEOUT_S = 100


class TramaCase(unittest.TestCase):
    trama = ""
    programs = pathlib.Path()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = dict(os.environ, LANG="C.UTF-8", LC_ALL="C.UTF-8", LANGUAGE="en")

    def program(self, name):
        path = self.programs / name
        self.assertTrue(path.exists(), f"{path} was not built")
        return str(path)

    def call(self, *arguments, status, stdin=subprocess.DEVNULL, **options):
        """Runs trama; returns (stdout, stderr) as text. Requires the exit status."""
        if isinstance(stdin, str):
            options["input"] = stdin
        else:
            options["stdin"] = stdin
        done = subprocess.run([self.trama, *map(str, arguments)], cwd=self.folder,
                              env=self.environment, capture_output=True, text=True,
                              errors="replace", timeout=TIMEOUT_S, **options)
        self.assertEqual(done.returncode, status,
                         f"trama {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
        return done.stdout, done.stderr

    def call_json(self, command, *arguments, status, **options):
        return json.loads(self.call(command, "--json", *arguments, status=status, **options)[0])

    def refuses(self, *arguments, words, **options):
        """An operating error: status 2, one line that holds `words`, nothing on stdout."""
        out, err = self.call(*arguments, status=2, **options)
        self.assertEqual(out, "")
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, err)
        self.assertTrue(err.startswith("trama: "), err)
        return err

    def codes(self, report):
        return [finding["code"] for finding in report["findings"]]


def main():
    TramaCase.trama = str(pathlib.Path(sys.argv.pop(1)).resolve())
    TramaCase.programs = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(module="__main__", verbosity=1)
