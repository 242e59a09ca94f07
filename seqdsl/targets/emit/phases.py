"""specification → the phases of its free run, as every target writes them: what it calls is written out before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.free_run import NoFreeRun, dependent
from seqdsl.ir.loops import find_circles
from seqdsl.passes.free_run import split_free_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.free_members import Keeps
    from seqdsl.model.spec import ModelSpec
    from seqdsl.passes.free_run import Phases


def split(
    spec: ModelSpec,
    prepare: Callable[[ModelSpec], ModelSpec],
    keeps: frozenset[Keeps] = frozenset(),
) -> Phases | None:
    """The phases of a free run; ``None`` if nothing is fed back, or the rows of a batch are.

    Args:
        spec: the model.
        prepare: what the target makes of each model before it is written, of those that are called as well.
        keeps: what the target can keep of all earlier steps.
    """
    fed = {item.block: item.feedback.block for item in spec.inputs if item.feedback is not None}
    if not fed:
        return None
    from seqdsl.passes.inline_calls import inline_calls

    # An encoder of called blocks stays as it is: only what leads from Z to Y goes step by step.
    spec = inline_calls(spec, prepare, dependent(spec, fed, fed.values()))
    try:
        phases = split_free_run(spec, keeps)
    except NoFreeRun:
        return None
    return None if phases is None or _has_loop(phases) else phases


def _has_loop(phases: Phases) -> bool:
    """Whether there are delayed nodes in what is computed once, which is written node by node."""
    once = set(phases.once.order)
    return any(not once.isdisjoint(circle) for circle in find_circles(phases.whole))
