"""text → bytes, process → bytes: how much memory may be taken, and how much is."""

from __future__ import annotations

import contextlib
import re
import subprocess
from pathlib import Path

LARGEST = 2**63 - 1
"""Bytes that a process can have at all, as its system counts them."""

PS_LIMIT = 10.0
"""Seconds that ``ps`` may take."""


def parse_size(text: str) -> int:
    """A size such as ``512MiB``, ``4GB`` or ``4G`` (which is 4 GiB), in bytes.

    Raises:
        ValueError: it is not a size, too small for any model, or too large for any machine.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT])(i?B?)", text.strip(), re.IGNORECASE)
    if not match:
        raise ValueError(f"{text!r} is not a valid size: write, for example, 512MiB or 4GiB")
    number, unit, kind = match.groups()
    # G and GiB count in 1024s, GB in 1000s.
    base = 1000 if kind.lower() == "b" else 1024
    size = float(number) * base ** ("KMGT".index(unit.upper()) + 1)
    if size < 2**20:
        raise ValueError(f"{text!r} is too little memory for any model")
    # It may be infinite: a float takes any number of digits.
    if size > LARGEST:
        raise ValueError(f"a memory limit of more than {LARGEST // 2**40:,} TiB is none")
    return int(size)


def format_size(size: int) -> str:
    """A size in words."""
    return f"{size / 2**30:.3g} GiB" if size >= 2**30 else f"{size / 2**20:.4g} MiB"


def resident_size(pid: int) -> int:
    """The bytes of memory that a process takes; 0 if it has ended."""
    status = Path(f"/proc/{pid}/status")
    with contextlib.suppress(OSError):
        match = re.search(r"^VmRSS:\s+(\d+) kB", status.read_text("utf-8"), re.MULTILINE)
        return int(match[1]) * 1024 if match else 0
    if Path("/proc/self/status").exists():
        return 0
    return _asked(pid)


def _asked(pid: int) -> int:
    """The same, of a system that has no ``/proc``."""
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PS_LIMIT
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return int(done.stdout) * 1024 if done.stdout.strip().isdigit() else 0
