"""what a code of the catalogue says."""

from __future__ import annotations

from seqdsl.records import record


@record(frozen=True)
class Code:
    """One kind of finding.

    Attributes:
        title: what it is, in a few words.
        why: what goes wrong without it, and what to do instead.
        wrong: a whole ``.seq`` text whose first finding has this code.
        right: the same text, mended.
        severity: ``"error"`` or ``"warning"``.
        data: for findings about data, the shapes given by ``--data``.
        target: the same for ``--target``.
    """

    title: str
    why: str
    wrong: str
    right: str
    severity: str = "error"
    data: tuple[str, ...] = ()
    target: tuple[str, ...] = ()

    @property
    def options(self) -> str:
        """The options of ``check`` that hold the pictures against data; empty if there are none."""
        given = [("--data", item) for item in self.data] + [
            ("--target", item) for item in self.target
        ]
        return " ".join(f"{option} {shape}" for option, shape in given)
