"""steps of a loop → how the code knows their number: of a length that comes with the data, as an input has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.passes.loop_parts import UnevenLoop
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.targets.emit.emitter import Emitter


def length(count: Size, to: Emitter) -> object:
    """A number of steps as the code knows it: of a length that comes with the data, as an input has it.

    Raises:
        UnevenLoop: no input tells it.
    """
    free = set(to.graph.free)
    known: dict[str, int | Size] = {}
    for item in to.graph.inputs:
        steps = item.shape[0] if len(item.shape) + (item.vocabulary is not None) > 1 else None
        if steps is None:
            continue
        # x has n + 1 steps: n is x.shape[1] - 1.
        for name in steps.names & free:
            others = steps - Size.of(name)
            if not others.names & free:
                known.setdefault(name, Size.of(f"{item.name}.shape[1]") - others)
    if missing := (count.names & free) - known.keys():
        raise UnevenLoop(to.graph.name, f"no input tells how many steps `{min(missing)}` are")
    return to.size(count.subs(known)) if hasattr(to, "size") else count.subs(known)
