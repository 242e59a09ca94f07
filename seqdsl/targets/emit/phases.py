"""specification → the phases of its free run, as every target writes them: what it calls may be written out before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.free_run import NoFreeRun, dependent
from seqdsl.ir.loops import find_circles
from seqdsl.passes.free_run import split_free_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.ir.free_members import Keeps
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.free_run import Phases


def split(
    spec: ModelSpec,
    prepare: Callable[[ModelSpec], ModelSpec],
    keeps: frozenset[Keeps] = frozenset(),
    may_step: Callable[[Block], bool] = lambda _: True,
) -> Phases | None:
    """The phases of a free run; ``None`` if nothing is fed back, or the rows of a batch are.

    Args:
        spec: the model.
        prepare: what the target makes of each model before it is written, of those that are called as well.
        keeps: what the target can keep of all earlier steps.
        may_step: the calls of which the target can apply a step by itself.
    """
    fed = {item.block: item.feedback.block for item in spec.inputs if item.feedback is not None}
    if not fed:
        return None
    # An encoder of called blocks stays as it is: only what leads from Z to Y goes step by step.
    wanted = dependent(spec, fed, fed.values())
    steppable = [index for index in wanted if may_step(spec.blocks[index])]
    found = _calls(spec, steppable, lambda body: split(prepare(body), prepare, keeps))
    phases = _phases(spec, prepare, keeps, wanted, found) if found else None
    if phases is None or not _are_stepped(phases):
        phases = _phases(spec, prepare, keeps, wanted, {})
    return None if phases is None or _has_loop(phases) else phases


def _calls(
    spec: ModelSpec, wanted: Sequence[int], split_body: Callable[[ModelSpec], Phases | None]
) -> dict[int, Phases]:
    """The calls that go on by themselves; those in loops are written out with them."""
    from seqdsl.passes.stepped_calls import stepped_calls

    looped = frozenset[int]().union(*find_circles(spec))
    return stepped_calls(spec, [index for index in wanted if index not in looped], split_body)


def _phases(
    spec: ModelSpec,
    prepare: Callable[[ModelSpec], ModelSpec],
    keeps: frozenset[Keeps],
    wanted: tuple[int, ...],
    calls: Mapping[int, Phases],
) -> Phases | None:
    """The phases where some calls stay, and all others are written out; ``None``: there are none."""
    from seqdsl.passes.inline_calls import inline_calls

    spec = inline_calls(spec, prepare, [index for index in wanted if index not in calls])
    try:
        return split_free_run(spec, keeps, calls)
    except NoFreeRun:
        return None


def _are_stepped(phases: Phases) -> bool:
    """Whether the calls have nothing to do before the first piece, and no padding in it."""
    calls = (item for item in phases.run.members if item.node in phases.calls)
    return all(item.head is None and not item.masks for item in calls)


def _has_loop(phases: Phases) -> bool:
    """Whether there are delayed nodes in what is computed once, which is written node by node."""
    once = set(phases.once.order)
    return any(not once.isdisjoint(circle) for circle in find_circles(phases.whole))
