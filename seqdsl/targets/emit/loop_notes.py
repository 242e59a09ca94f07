"""loops → notes about them, for those who explain what was written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import blocks_of, walk
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import read_by
from seqdsl.targets.notes import Idiom, Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seqdsl.passes.inline_calls import WrittenOut
    from seqdsl.passes.loop_body import Body


def loop_notes(
    notes: Iterable[Note], written: WrittenOut, bodies: Mapping[int, Body], word: str
) -> list[Note]:
    """Notes about the nodes of a model, and one for each of its loops.

    Args:
        notes: those about what was written, in which a step of a node is a node of its own.
        written: the model as it was before its loops were cut.
        bodies: the bodies of its loops.
        word: what the framework calls a loop.
    """
    spec, members = written.spec, _members(bodies)
    # A step reads `X[:, step]`: nobody asks for that, as the picture has all steps of X.
    asked = {part for node in spec.nodes for view in read_by(node.operation) for part in walk(view)}
    notes = [
        replace(item, subject=members.get(item.subject, item.subject))
        if isinstance(item.subject, int)
        else item
        for item in notes
        if item.idiom is not Idiom.READ or item.subject in asked
    ]
    # What is called is explained as a picture of its own.
    found = [item for item in notes if not _is_called(item, written)]
    firsts = (circle[0] for circle in find_circles(spec))
    return found + [Note(Idiom.LOOP, written.origins.get(one, one), word) for one in firsts]


def _members(bodies: Mapping[int, Body]) -> dict[int, int]:
    """The members that the nodes of bodies compute a step of."""
    members: dict[int, int] = {}
    for body in bodies.values():
        # A convolution is two nodes of one name: its windows, and their last step.
        named = {
            node.name: body.members[node.index] for node in body.nodes if node.index in body.members
        }
        members |= {node.index: named[node.name] for node in body.nodes}
    return members


def _is_called(note: Note, written: WrittenOut) -> bool:
    """Whether a note is about a row of a picture that a loop calls, or about what that row reads."""
    if isinstance(note.subject, int):
        return written.is_called(note.subject)
    return note.subject is not None and bool(written.origins.keys() & blocks_of(note.subject))
