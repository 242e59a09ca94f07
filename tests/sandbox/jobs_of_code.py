"""A program whose jobs are Python code: what the sandbox's own tests run in workers."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

from seqdsl.sandbox.failures import explain
from seqdsl.sandbox.program import Program, Send, Service

FOLDER = str(Path(__file__).parent)


def serve(*arguments: str, forking: bool) -> Service:
    """Run code; what it raises is an answer."""

    def handle(request: dict[str, Any], send: Send) -> None:
        names = {"os": os, "sys": sys, "time": time, "signal": signal, "send": send}
        try:
            exec(compile(request["code"], "<job>", "exec"), names)
        except BaseException as problem:
            send(failed=explain(problem))

    return Service(" ".join(["code", *arguments, str(forking)]), handle)


def locate(words: str) -> str:
    """The line of the code that was running."""
    at = re.search(r'File "<job>", line (\d+)', words)
    return f"; it was in line {at[1]} of the job" if at else ""


CODE = Program("code", "jobs_of_code:serve", ("one",), ("colorsys",), locate=locate)
