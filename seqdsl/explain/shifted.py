"""arrays for an input that is fed back, and for the output that feeds it → how one is the other, a step earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from seqdsl.model.spec import ModelSpec

# By how many steps the output has more than the input: a word of `s` is read where the next one is the target.
_CUTS = {
    Size.of(0): ("[:, :-1]", "[:, 1:]"),
    # An image comes first, and the first word out of it: all words are targets.
    Size.of(1): ("[:, :-1]", ""),
}


def shift_notes(spec: ModelSpec, given: Collection[str]) -> Iterator[str]:
    """How the data of inputs that are fed back and their targets are cut out of one array: shapes do not show it.

    ::

        Y Y Y     a b c     the target, s[:, 1:]
        | | |
        Z Z Z     . a b     what is fed, s[:, :-1] of  s = . a b c

    Args:
        spec: the model.
        given: the names of the inputs and outputs that there are arrays for.
    """
    targets = {item.block: item.name for item in spec.outputs if item.name in given}
    for item in spec.inputs:
        if item.feedback is None or item.name not in given:
            continue
        target = targets.get(item.feedback.block)
        cuts = _cuts(spec, item.block, item.feedback.block)
        if target is not None and cuts is not None:
            fed, taught = cuts
            yield (
                f"`{item.name}` is the target of `{target}` one step earlier: cut both out of the same sequences "
                f"`s`, the data `s{fed}` and the target `s{taught}`"
            )


def _cuts(spec: ModelSpec, fed: int, source: int) -> tuple[str, str] | None:
    steps, further = spec.blocks[fed].steps, spec.blocks[source].steps
    return None if steps is None or further is None else _CUTS.get(further - steps)
