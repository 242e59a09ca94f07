"""process → how much processor time it and what it has started have taken."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

from seqdsl.sandbox.memory_limit import PS_LIMIT


def cpu_seconds(pid: int) -> float:
    """The seconds of processor time of a process and its descendants; 0 where the system does not tell."""
    if Path("/proc/self/stat").exists():
        return sum(map(_own, _family(pid))) / os.sysconf("SC_CLK_TCK")
    return _asked(pid)


def _family(pid: int) -> list[int]:
    """A process and all that descend from it and still run."""
    members = [pid]
    # It grows while it is walked.
    for member in members:
        with contextlib.suppress(OSError, ValueError):
            for task in Path(f"/proc/{member}/task").iterdir():
                members += map(int, (task / "children").read_text("utf-8").split())
    return members


def _own(pid: int) -> int:
    """Ticks of a process and of the children that it has waited for; 0 if it has ended."""
    with contextlib.suppress(OSError, ValueError):
        # 4711 (a name (of anything)) S 1 ... : the fields are counted behind the last parenthesis.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        # utime and stime of itself, cutime and cstime of children that are over and were waited for.
        return sum(map(int, fields[11:15]))
    return 0


def _asked(pid: int) -> float:
    """The same, of a system that has no ``/proc``: of the whole group that the process leads."""
    command = ["ps", "-A", "-o", "pgid=,time="]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PS_LIMIT
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    rows = (line.split() for line in done.stdout.splitlines())
    return sum(_seconds(row[1]) for row in rows if len(row) == 2 and row[0] == str(pid))


def _seconds(text: str) -> float:
    """What ``ps`` calls a time, such as ``1-02:03:04`` or ``3:04.50``.

    >>> _seconds("1-02:03:04"), _seconds("3:04.50")
    (93784.0, 184.5)
    """
    # 60 of a part make one of the part before it: 02:03:04 is (2 * 60 + 3) * 60 + 4.
    days, _, clock = text.rpartition("-")
    total = 0.0
    for part in clock.split(":"):
        total = 60 * total + float(part)
    return total + 24 * 3600 * int(days or 0)
