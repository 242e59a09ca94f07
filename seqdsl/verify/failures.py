"""exception or dead process → words: why a model could not be held against its picture."""

from __future__ import annotations

import re
import signal
import traceback

from seqdsl.verify.frameworks.weight_binding import NoSuchWeights

LONGEST = 2000
"""Characters of a message; frameworks print whole tensors into theirs."""


def explain(problem: BaseException, source: str = "") -> str:
    """What was raised, and by which line of the generated ``source``."""
    if isinstance(problem, NoSuchWeights):
        return shorten(str(problem))
    raised = "".join(traceback.format_exception_only(problem)).strip()
    steps = traceback.walk_tb(problem.__traceback__)
    numbers = [line for frame, line in steps if frame.f_code.co_filename.startswith("<seqdsl_")]
    if numbers and source:
        line = source.splitlines()[numbers[-1] - 1].strip()
        raised += f"\nin line {numbers[-1]} of the generated code: {line}"
    return shorten(raised)


def shorten(text: str) -> str:
    """The text without its middle if it is too long: what went wrong stands at either end."""
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


def explain_place(words: str) -> str:
    """Which line of the generated code was running when a process ended, if its last words tell."""
    at = re.search(r'File "<seqdsl_[^"]*", line (\d+) in (\S+)', words)
    return f"; it was in line {at[1]} of the generated code, in {at[2]}" if at else ""


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
