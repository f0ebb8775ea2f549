"""Start a command, wait, and print when it began and ended, the most memory it held, and its exit status.

Run by path in an interpreter that imports next to nothing: what the kernel says of a process counts what the one that
started it held just before, so that must be less.
"""

import os
import sys
from time import perf_counter

started = perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(process, 0)
ended = perf_counter()
print(f"\n[{started}, {ended}, {used.ru_maxrss / 1024}, {os.waitstatus_to_exitcode(status)}]")
