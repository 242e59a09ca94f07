"""process → whether it has taken more than it may: processor time, time on the clock, memory.

Processor time counts, so that no job fails on a busy machine. A job that waits takes none: the clock ends it later.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from seqdsl.sandbox.cpu_time import cpu_seconds
from seqdsl.sandbox.memory_limit import format_size, resident_size

PATIENCE = 10
"""How many times its processor time a job may take on the clock."""

INTERVAL = 0.05
"""Seconds between two looks: a process fills no more than some hundred megabytes meanwhile."""

GRACE = 3.0
"""Seconds in which a process may end itself after a limit: then it tells where it was."""


@dataclass(frozen=True, slots=True)
class Excess:
    """What a process has taken too much of.

    Attributes:
        why: in words.
        busy: whether it is at work, so that it can be asked where.
    """

    why: str
    busy: bool = False


class Limits:
    """What a process may take from now on.

    Attributes:
        clock: seconds on the clock.
    """

    def __init__(self, pid: int, seconds: float, space: int | None = None) -> None:
        """Begin to count.

        Args:
            pid: the process.
            seconds: of processor time.
            space: bytes of memory beside those that it has now; default: any number.
        """
        self.clock = PATIENCE * seconds
        self._pid, self._seconds, self._space = pid, seconds, space
        self._begun = self._looked = monotonic()
        self._used = cpu_seconds(pid)
        self._resident = resident_size(pid) if space else 0

    def excess(self) -> Excess | None:
        """What there is too much of; ``None`` if of nothing, or if there was a look at it just now."""
        now = monotonic()
        if now - self._looked < INTERVAL:
            return None
        self._looked = now
        # Memory first: it is what can bring down the machine, and grows fastest.
        if self._space and resident_size(self._pid) - self._resident > self._space:
            return Excess(f"took more than the memory limit of {format_size(self._space)}")
        # The process keeps an eye on the clock itself; this is for one that cannot.
        if now - self._begun >= self.clock + GRACE:
            return Excess(self.late())
        if cpu_seconds(self._pid) - self._used >= self._seconds:
            why = f"not done within the time limit of {self._seconds:g} s of processor time"
            return Excess(why, busy=True)
        return None

    def late(self) -> str:
        """What to say of a process that has ended, if it was for the clock; empty if it was not."""
        if monotonic() - self._begun < self.clock:
            return ""
        return (
            f"not done within {self.clock:g} s, {PATIENCE} times the time limit "
            f"of {self._seconds:g} s of processor time"
        )
