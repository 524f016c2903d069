"""Whether Trama's runtime defines what GCC's libtsan defines and no other library would.

    libtsan_names_test.py TRAMA-RUNTIME [COMPILER]

The linker binds a program built with -fsanitize=thread to whatever libtsan defines; under Trama
the loader must find each of these names again, here or in the C library.
"""

import pathlib
import subprocess
import sys

LIBRARIES = ("libc.so.6", "libm.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2")
# Macros in headers, names of libtsan's own parts, functions that the program may define.
NOT_IMPORTED = {"sigsetjmp", "xdr_destroy"}
OWN_PARTS = ("__interceptor_", "___interceptor_", "__asan_", "__isoc99_", "_ZN6__tsan",
             "__sanitizer_weak_hook_")
DEFINED_BY_PROGRAMS = {
    "__sancov_default_options", "__tsan_default_options", "__tsan_default_suppressions",
    "__tsan_on_report", "__tsan_symbolize_external", "__tsan_symbolize_external_ex",
    "__sanitizer_free_hook", "__sanitizer_malloc_hook", "__sanitizer_on_print",
    "__sanitizer_sandbox_on_notify"}
# In libraries of their own; GCC's libtsan cannot do without these either.
ELSEWHERE = {"crypt", "crypt_r"}


def names(library):
    output = subprocess.run(["nm", "-D", "--defined-only", str(library)], capture_output=True,
                            text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in output.splitlines()}


def main():
    compiler = sys.argv[2] if len(sys.argv) > 2 else "g++"

    def find(file):
        found = subprocess.run([compiler, f"-print-file-name={file}"], capture_output=True,
                               text=True, check=True).stdout.strip()
        return pathlib.Path(found).resolve() if "/" in found else None

    theirs = find("libtsan.so.2")
    if theirs is None or not theirs.exists():
        print("skipped: no libtsan.so.2 of GCC's")
        return 0
    known = names(sys.argv[1]) | NOT_IMPORTED | DEFINED_BY_PROGRAMS | ELSEWHERE
    for library in LIBRARIES:
        found = find(library)
        if found is not None and found.exists():
            known |= names(found)
    missing = sorted(name for name in names(theirs) - known if not name.startswith(OWN_PARTS))
    for name in missing:
        print(f"GCC's libtsan defines {name}; Trama's runtime does not, nor does libc")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
