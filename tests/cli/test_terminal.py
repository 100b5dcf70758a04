"""On a terminal: colours, a bar, and a question before anything is changed."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import Fleet

ROOT = Path(__file__).parents[2]

_OWN_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"
"""Makes the terminal on stdin the one that Ctrl-C is typed at: only the leader of a session can ask for that."""


def on_terminal(
    *args: str, typed: str = "", after: str = "", environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run a command line with a terminal of its own on all three streams; its exit code and all that was shown.

    What is typed waits to be read, or is typed only `after` that was shown.
    """
    ours, theirs = pty.openpty()
    code = "from schema_sync.cli import main; main()"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **(environment or {})}
    with subprocess.Popen(
        [sys.executable, "-c", f"{_OWN_TERMINAL}; {code}", *args],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=variables,
        start_new_session=True,
    ) as going:
        os.close(theirs)
        shown = b""
        while True:
            if typed and after.encode() in shown:
                os.write(ours, typed.encode())
                typed = ""
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux says EIO when the other end has gone
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    return going.returncode, shown.decode()


@pytest.mark.parametrize(("answer", "code", "then"), [("y\n", 0, 0), ("n\n", 2, 1)])
def test_apply_asks_and_does_as_it_is_told(evolved: Fleet, answer: str, code: int, then: int) -> None:
    ended, shown = on_terminal("apply", "v2", "--tenant", "globex", typed=answer)
    assert ended == code, shown
    assert "apply this? [y/N]" in shown
    assert ("the answer was no, so nothing was changed" in shown) is (code == 2)
    evolved.run("check", "v2", "--tenant", "globex", code=then)


def test_one_ctrl_c_at_the_question_ends_the_command_and_changes_nothing(evolved: Fleet) -> None:
    ended, shown = on_terminal("apply", "v2", "--tenant", "globex", typed="\x03n\n", after="apply this? [y/N]")
    assert ended == 130, shown
    assert "interrupted: nothing was changed" in shown
    evolved.run("check", "v2", "--tenant", "globex", code=1)


def test_a_terminal_gets_colours_and_no_color_takes_them_away(evolved: Fleet) -> None:
    assert "\x1b[32m" in on_terminal("diff", "v1", "v2")[1]
    assert "\x1b" not in on_terminal("diff", "v1", "v2", environment={"NO_COLOR": "1"})[1]
    assert "\x1b" not in on_terminal("diff", "v1", "v2", "--no-color")[1]
    assert "\x1b" not in evolved.run("diff", "v1", "v2").stdout


def test_a_bar_is_shown_on_a_terminal_and_leaves_the_result_alone(evolved: Fleet) -> None:
    code, shown = on_terminal("snapshot", "--all")
    assert code == 0
    assert "reading tenants" in shown
    assert "eu1/initech" in shown
    assert "reading tenants" not in evolved.run("snapshot", "--all").output


def test_sql_is_escaped_for_eyes_and_exact_for_a_pipe(evolved: Fleet) -> None:
    evolved.sql("acme", "CREATE TABLE odd (id INTEGER PRIMARY KEY, t TEXT DEFAULT '\x1b[31m')")
    evolved.run("snapshot", "acme", "--tag", "v3")
    assert "'\x1b[31m'" in evolved.run("diff", "v2", "v3", "--format", "sql").stdout
    assert "\\x1b[31m" in on_terminal("diff", "v2", "v3", "--format", "sql")[1]


def test_init_asks_for_what_was_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, shown = on_terminal("init", typed="sqlite:tenants/*.db\n")
    assert code == 0, shown
    assert 'url = "sqlite:tenants/*.db"' in Path("schema-sync.toml").read_text()
