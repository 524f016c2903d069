"""No symbol of libc or libstdc++ that blocks or synchronises goes unseen.

Takes what the two libraries of this machine export and asks of each symbol: is it controlled
(exported by the runtime), blind (in its table, section `trama_blind`), or harmless (in the
reviewed lists beside this file, each group with a word why)? A symbol that is none of these, in
a newer glibc say, fails the test: somebody must look at it.

What libstdc++ itself calls is checked in the same way: it blocks nowhere else.

    symbols_test.py RUNTIME CXX

The lists: a line `# name: why` begins a group; the words below it are names, or patterns with
`*`. A pattern never accepts a name that sounds of synchronisation (SUSPICIOUS): such names
stand in the list in full. In libstdcxx.txt a line is a demangled name, and `%` stands
for `*`.
"""

import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
RUNTIME = ""
CXX = "c++"

SUSPICIOUS = re.compile(
    r"pthread|thrd|mtx|cnd_|tss_|sem|mq_|msg|shm|aio|lio_|gai_|epoll|eventfd|timerfd|signalfd|timer|"
    r"wait|poll|select|accept|connect|recv|send|fork|clone|exec|spawn|popen|system|lock|fcntl|futex|"
    r"sched_|pause|alarm|kill|sleep|mutex|cond|barrier|once|sync|context|jmp|thread|atomic|fence|"
    r"lease|notify|signal|sig(?!n)|splice|ptrace|yield|dlopen|dlmopen")
SUSPICIOUS_CXX = re.compile(
    r"thread|mutex|lock|wait|notify|once|condition_variable|future|promise|latch|barrier|semaphore|"
    r"sleep|atomic|stop_|async|random_device|_Sp_|exchange_and|_M_release|_M_addref|synchronized|"
    r"unwind|guard_")
# Words that hold one of these by chance.
INNOCENT = re.compile(r"clock(?!s)|block|_unlocked|regexec|re_exec|msg_cat|gnu_get_libc_release")


def is_suspicious(name):
    words = SUSPICIOUS_CXX if "::" in name else SUSPICIOUS
    return words.search(INNOCENT.sub("", name)) is not None


def run(*command, text=None):
    return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout


def library(name):
    path = run(CXX, f"-print-file-name={name}").strip()
    return str(pathlib.Path(path).resolve())


def exported(path):
    """Names that a program built today can refer to: no private and no superseded versions."""
    names = set()
    for line in run("nm", "-D", "--defined-only", path).splitlines():
        kind, _, versioned = line[17:].partition(" ")
        name, at, version = versioned.partition("@@")
        if kind == "A" or "PRIVATE" in version or (not at and "@" in versioned):
            continue
        names.add(name)
    return names


def exported_by_tsan(path):
    """Its names have no versions, and it is not this build's."""
    return {line.split()[-1] for line in run("nm", "-D", "--defined-only", path).splitlines()}


def imported(path):
    lines = run("nm", "-D", "--undefined-only", path).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines}


def blind_table(runtime):
    """The names in the runtime's section `trama_blind`."""
    names = set()
    for line in run("readelf", "-p", "trama_blind", runtime).splitlines():
        match = re.match(r"\s*\[\s*[0-9a-f]+\]\s+(\S+)", line)
        if match:
            names.add(match.group(1).rstrip("?"))
    return names


class Reviewed:
    """One of the lists."""

    def __init__(self, text, blanks=True):
        self.blanks = blanks  # between names; else a name a line
        self.wildcard = "*" if blanks else "%"  # `*` stands in names of C++
        self.names = {}
        self.patterns = []
        group = ""
        for line in text.splitlines():
            if line.startswith("#"):
                group = line[1:].strip()
                if not re.match(r"[^:]+: \w", group):
                    raise ValueError(f"a group says why: {line}")
                continue
            for word in line.split() if self.blanks else [line.strip()]:
                if self.wildcard in word:
                    pieces = [re.escape(piece) for piece in word.split(self.wildcard)]
                    self.patterns.append((re.compile(".*".join(pieces) + "$"), group))
                else:
                    self.names[word] = group

    def why(self, name):
        """The group that holds the name, or None."""
        if name in self.names:
            return self.names[name]
        if is_suspicious(name):
            return None
        return next((group for pattern, group in self.patterns if pattern.match(name)), None)


def read_list(name):
    return Reviewed((HERE / name).read_text(encoding="utf-8"), blanks=name == "libc.txt")


class Symbols(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.blind = blind_table(RUNTIME)
        cls.controlled = {name.partition("@")[0]
                          for name in exported(RUNTIME)} - cls.blind
        cls.libc = read_list("libc.txt")

    def unknown(self, names):
        return sorted(name for name in names
                      if name not in self.controlled and name not in self.blind
                      and self.libc.why(name) is None)

    def test_there_is_a_table(self):
        self.assertGreater(len(self.blind), 50)
        self.assertGreater(len(self.controlled), 200)
        missing = self.blind - exported(RUNTIME)
        self.assertFalse(missing, "in the table, but exports.map does not let them out")

    def test_libc(self):
        names = exported(library("libc.so.6"))
        self.assertGreater(len(names), 1500)
        unknown = self.unknown(names)
        self.assertFalse(unknown, "\nreview these symbols of libc: control them, put them into "
                         "src/runtime/blind.cpp, or into tests/symbols/libc.txt:\n"
                         + " ".join(unknown))

    def test_what_libstdcxx_calls(self):
        path = library("libstdc++.so.6")
        others = exported(library("libm.so.6")) | exported(library("libgcc_s.so.1"))
        own = {"_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable", "__gmon_start__",
               "_ITM_RU1", "_ITM_RU8", "_ITM_addUserCommitAction", "_ITM_memcpyRnWt",
               "_ITM_memcpyRtWn", "__tls_get_addr",
               "_ZGTtdlPv", "_ZGTtnam"}  # the linker's, the loader's, transactional memory's
        names = imported(path) - others - own - exported(path)
        self.assertGreater(len(names), 100)
        unknown = self.unknown(names)
        self.assertFalse(unknown, f"libstdc++ calls what nobody reviewed: {unknown}")

    def test_libstdcxx(self):
        names = sorted(exported(library("libstdc++.so.6")) - self.controlled - self.blind)
        self.assertGreater(len(names), 3000)
        reviewed = read_list("libstdcxx.txt")
        plain = run("c++filt", text="\n".join(names)).splitlines()
        unknown = [name for name in plain if reviewed.why(name) is None]
        self.assertFalse(unknown, "\nreview these symbols of libstdc++; tests/symbols/"
                         "libstdcxx.txt has those that were:\n" + "\n".join(unknown[:100]))

    def test_libstdcxx_makes_no_system_call_of_its_own(self):
        code = run("objdump", "-d", "--no-show-raw-insn", library("libstdc++.so.6"))
        found = [line for line in code.splitlines()
                 if re.search(r"\t(syscall|sysenter|int +\$0x80)\b", line)]
        self.assertFalse(found)


class Annotations(unittest.TestCase):
    """What programs may call of ThreadSanitizer by hand is there. Left out: Java, and questions
    about reports that are only asked within ThreadSanitizer's own."""

    LEFT_OUT = re.compile(r"__tsan_(java_|get_|testonly_|symbolize_|locate_|on_report|default_|"
                          r"print_stack)")

    def test_all_are_there(self):
        path = pathlib.Path(library("libtsan.so"))
        if not path.exists():
            self.skipTest("this compiler has no ThreadSanitizer of its own")
        wanted = {name for name in exported_by_tsan(str(path))
                  if re.match(r"(WTF)?Annotate|__tsan_|RunningOnValgrind|ThreadSanitizerQuery", name)
                  and not self.LEFT_OUT.match(name)}
        self.assertGreater(len(wanted), 100)
        self.assertFalse(wanted - exported(RUNTIME))


class TheTestItself(unittest.TestCase):
    def test_new_symbols_are_seen(self):
        libc = read_list("libc.txt")
        for name in ("pthread_new_lock", "mq_timedpeek", "odd_new_function", "sem_clockpost",
                     "wcs_wait", "str_mutex"):
            self.assertIsNone(libc.why(name), name)
        for name in ("strlcpy", "pthread_attr_init", "memfrob"):
            self.assertIsNotNone(libc.why(name), name)
        cxx = read_list("libstdcxx.txt")
        for name in ("std::thread::new_wait(int)", "std::new_class::f()", "std::mutex::lock()"):
            self.assertIsNone(cxx.why(name), name)

    def test_groups_say_why(self):
        with self.assertRaises(ValueError):
            Reviewed("# strings\nstrlen\n")

    def test_patterns_accept_nothing_suspicious(self):
        self.assertIsNone(Reviewed("# a: b\npthread_*\n").why("pthread_any"))
        self.assertIsNotNone(Reviewed("# a: b\npthread_any\n").why("pthread_any"))


if __name__ == "__main__":
    RUNTIME, CXX = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main()
