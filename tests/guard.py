"""Ends the servers of one test run when that run is over, however it ended.

The run starts `python tests/guard.py DIRECTORY` and holds the other end of its standard input. When the run closes
it, is interrupted, or is killed, the pipe breaks and the guard ends each server by its process id and removes the
directory. It imports the standard library alone, so that it starts at once.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

_PATIENCE = 10.0
"""Seconds that a server gets for a fast shutdown before it is killed."""


def wait_and_clean(directory: Path) -> None:
    """Wait for the end of standard input, end every server of the directory, and remove the directory.

    The lock is that of whoever starts a server, so that none is missed while it comes up.
    """
    sys.stdin.buffer.read()
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for pid_file in directory.glob("*/pid"):
            end(int(pid_file.read_text()))
    shutil.rmtree(directory, ignore_errors=True)


def end(pid: int) -> None:
    """Ask for a fast shutdown (SIGINT, postgres(1)) and kill what does not obey in time."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
        give_up = time.monotonic() + _PATIENCE
        while time.monotonic() < give_up:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    wait_and_clean(Path(sys.argv[1]))
