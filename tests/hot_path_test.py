#!/usr/bin/env python3
"""Looks at the machine code of the paths that decide what Trama costs.

A plain access must stay a handful of instructions without a frame or a call: a change that
adds one is seen here, not in somebody's slow hunt. Usage: hot_path_test.py RUNTIME-LIBRARY
"""
import re
import shutil
import subprocess
import sys
import unittest

LIBRARY = None


def instructions(symbol):
    """Mnemonic and operands of each instruction of a function."""
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", f"--disassemble={symbol}",
                           LIBRARY], stdout=subprocess.PIPE, check=True, text=True).stdout
    found = re.findall(r"^ +[0-9a-f]+:\t(.*)$", text.split(f"<{symbol}>:")[1], re.M)
    return [line.split("#")[0].strip() for line in found if not line.startswith("nop")]


class HotPath(unittest.TestCase):
    def test_plain_accesses_have_no_frame_and_no_call(self):
        for kind in ("read", "write"):
            for size in (1, 2, 4, 8):
                symbol = f"__tsan_{kind}{size}"
                with self.subTest(symbol):
                    code = instructions(symbol)
                    head = code[:next(i for i, line in enumerate(code) if line.startswith("ret"))]
                    self.assertLessEqual(len(head), 26, head)
                    for line in head:
                        self.assertNotRegex(line, r"^(push|call)", head)

    def test_functions_cost_a_return(self):
        for symbol in ("__tsan_func_entry", "__tsan_func_exit"):
            self.assertEqual(instructions(symbol)[0].split()[0], "ret")

    def test_the_check_can_fail(self):
        # The same rules applied to a function that does have a frame and calls.
        code = instructions("pthread_mutex_lock")
        self.assertTrue(any(re.match(r"(push|call)", line) for line in code))


if __name__ == "__main__":
    if shutil.which("objdump") is None:
        print("skipped: there is no objdump")
        sys.exit(0)
    LIBRARY = sys.argv.pop()
    unittest.main()
