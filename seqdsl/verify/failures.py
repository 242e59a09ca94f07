"""exception or last words of a process → words: why a model could not be checked, and in which line of its code."""

from __future__ import annotations

import re
import traceback

from seqdsl.runtime.weight_binding import NoSuchWeights
from seqdsl.sandbox import failures


def explain(problem: BaseException, source: str = "") -> str:
    """What was raised, and by which line of the generated ``source``."""
    if isinstance(problem, NoSuchWeights):
        return failures.shorten(str(problem))
    raised = "".join(traceback.format_exception_only(problem)).strip()
    steps = traceback.walk_tb(problem.__traceback__)
    numbers = [line for frame, line in steps if frame.f_code.co_filename.startswith("<seqdsl_")]
    if numbers and source:
        line = source.splitlines()[numbers[-1] - 1].strip()
        raised += f"\nin line {numbers[-1]} of the generated code: {line}"
    return failures.shorten(raised)


def explain_place(words: str) -> str:
    """Which line of the generated code was running when a process ended, if its last words tell."""
    at = re.search(r'File "<seqdsl_[^"]*", line (\d+) in (\S+)', words)
    return f"; it was in line {at[1]} of the generated code, in {at[2]}" if at else ""
