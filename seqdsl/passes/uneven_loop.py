"""a loop that cannot be cut → why; by itself, as what reports it is imported by all commands."""

from __future__ import annotations


class UnevenLoop(NotImplementedError):
    """A loop that cannot be cut into parts that do the same at every step."""

    def __init__(self, name: str, why: str) -> None:
        """Say which node it is about, and why."""
        super().__init__(f"no target generates the loop of `{name}`: {why}")
