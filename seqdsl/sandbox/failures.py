"""exception or dead process → words: why a job has no result."""

from __future__ import annotations

import signal
import traceback

LONGEST = 2000
"""Characters of a message; some libraries print whole arrays into theirs."""


def explain(problem: BaseException) -> str:
    """What was raised."""
    return shorten("".join(traceback.format_exception_only(problem)).strip())


def shorten(text: str) -> str:
    """The text without its middle if it is too long: what went wrong is at either end."""
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}\n...\n{text[-half:]}"


def explain_end(status: int | None, words: str) -> str:
    """How a process ended that should have gone on, with its last words."""
    if status is None:
        how = "stopped answering"
    elif status < 0:
        how = f"was killed by {_signal(-status)}"
    else:
        how = f"ended with exit status {status}"
    return shorten(f"the process {how}" + (f"; it said last:\n{words}" if words else ""))


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
