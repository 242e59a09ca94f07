"""specification with feedback → its calls that go on from piece to piece by themselves, each with its own phases.

::

    Y   Y ... Y      S, R: each step of a causal block is computed of the steps up to it, by what the block keeps
    S   S ... S            of them: once written, it serves all of its calls
    R   R ... R
    Z   Z ... Z      as if the block were fed by itself: its output is its next input

What has more to it (padding, a count of steps, a memory, steps before the first piece) is written out where it is
called.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from seqdsl.ir.called import body_in, entry, marks_padding, takes_places
from seqdsl.ir.ends import Feedback
from seqdsl.ir.free_members import Keeps
from seqdsl.ir.operations import Call, Convolve, Scan
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seqdsl.ir.free_members import Member
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.free_run import Phases


def stepped_calls(
    spec: ModelSpec, wanted: Iterable[int], split: Callable[[ModelSpec], Phases | None]
) -> dict[int, Phases]:
    """The calls among some nodes that go on by themselves.

    Args:
        spec: the model.
        wanted: the nodes.
        split: finds the phases of a model that is fed, as it is to be prepared yet.
    """
    known: dict[str, Phases | None] = {}
    found = {}
    for index in wanted:
        node = spec.blocks[index]
        if not isinstance(node.operation, Call) or not _is_plain(node, spec):
            continue
        body = cast("ModelSpec", body_in(node.operation))
        if body.name not in known:
            known[body.name] = _phases(body, split)
        if (phases := known[body.name]) is not None:
            found[index] = phases
    return found


def is_kept(phases: Phases) -> bool:
    """Whether anything is kept from piece to piece; else what is called needs no more than a piece."""
    kept = phases.run.keeping(Keeps.PAST).keys()
    return any(
        index in kept or _holds(phases.step.blocks[index], phases) for index in phases.step.order
    )


def bodies_of(phases: Phases | None) -> Iterator[tuple[str, Phases]]:
    """What is called and keeps something, by its name: first what others of them call."""
    if phases is None:
        return
    for index, inner in phases.calls.items():
        yield from bodies_of(inner)
        if is_kept(inner):
            yield str(phases.step.blocks[index].kind), inner


def _holds(node: Block, phases: Phases) -> bool:
    operation = node.operation
    if isinstance(operation, Call):
        return node.index in phases.calls and is_kept(phases.calls[node.index])
    return isinstance(operation, Scan) or (
        isinstance(operation, Convolve) and operation.carry.is_taken
    )


def _is_plain(node: Block, spec: ModelSpec) -> bool:
    """Whether a node calls something for a whole sequence without padding."""
    call = node.operation
    assert isinstance(call, Call)
    if call.each or call.masks or node.masks or entry(body_in(call))[1].steps is None:
        return False
    return not takes_places(call, spec.grids) and not marks_padding(call)


def _phases(body: ModelSpec, split: Callable[[ModelSpec], Phases | None]) -> Phases | None:
    """The phases of what is called, if a piece is all that it reads beside what it keeps."""
    (source,), (result,) = body.inputs, body.outputs
    phases = split(replace(body, inputs=(replace(source, feedback=Feedback(result.block)),)))
    if phases is None or not _is_all(phases):
        return None
    # What keeps nothing is applied to a piece as it is: it has to take pieces of any length.
    is_free = entry(body)[1].steps in {Size.of(name) for name in body.free}
    return phases if is_kept(phases) or is_free else None


def _is_all(phases: Phases) -> bool:
    """Whether nothing is computed once, and nothing known beside what is fed."""
    run = phases.run
    is_plain = not phases.once.order and not run.delays and not run.known and run.ahead == (0,)
    return is_plain and all(_goes_on(item, phases) for item in run.members)


def _goes_on(member: Member, phases: Phases) -> bool:
    """Whether a member goes on from nothing: there is no step of it before the first piece, and no padding."""
    is_counted = member.keeps not in (None, Keeps.PAST)
    begins = member.head is not None or phases.whole.blocks[member.node].initial is not None
    return not begins and not member.masks and not is_counted
