"""finding → what it means and what code does about it: the fields of a catalogue's entry."""

from __future__ import annotations

from enum import Enum

from seqdsl.records import record


class Remedy(Enum):
    """What may repair a text with a finding; see `seqdsl.repair`."""

    REDRAW = "redraw"
    """One changed row of the drawing."""

    EXPAND_TABS = "expand tabs"
    """Spaces in place of tabs, before anything else can be checked."""

    NONE = "none"
    """Nothing: what is drawn may well be what is meant, and only its author knows what to change."""


@record(frozen=True)
class Code:
    """One kind of finding.

    What code decides by a finding is a field here, so that a new code needs no line anywhere else.

    Attributes:
        title: what it is, in a few words.
        why: what goes wrong without it, and what to do instead.
        wrong: a whole ``.seq`` text whose first finding has this code.
        right: the same text, corrected.
        severity: ``"error"`` or ``"warning"``.
        data: for findings about data, the shapes given by ``--data``.
        target: the same for ``--target``.
        certain: whether it is reported even if other lines of the file could not be read: no such line could
            take it back.
        cascades_from: codes whose findings bring this one about: where one of them is reported, this one is not.
        remedy: what may repair a text that has it.
        is_of_spacing: whether it follows from how far apart nodes are drawn, which the formatter may change.
    """

    title: str
    why: str
    wrong: str
    right: str
    severity: str = "error"
    data: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    certain: bool = False
    cascades_from: tuple[str, ...] = ()
    remedy: Remedy = Remedy.REDRAW
    is_of_spacing: bool = False

    @property
    def options(self) -> str:
        """The options of ``check`` that check the pictures against data; empty if there are none."""
        given = [("--data", item) for item in self.data] + [
            ("--target", item) for item in self.target
        ]
        return " ".join(f"{option} {shape}" for option, shape in given)
