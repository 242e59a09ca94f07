"""axes of a module's inputs → where a generated model takes them otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.importers.folding import can_join
from seqdsl.importers.reading import Difference
from seqdsl.importers.torch.inputs import LENGTHS
from seqdsl.ir.direction import Direction
from seqdsl.layout.reading import reads

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from seqdsl.importers.torch.inputs import Input
    from seqdsl.layout.wiring import Block, Wiring


def differing_axes(
    inputs: Sequence[Input], axes: Sequence[str], wiring: Wiring
) -> Iterator[Difference]:
    """All that is taken otherwise.

    Args:
        inputs: the inputs.
        axes: what the axes of each are, as `Reading.axes` has it.
        wiring: what is drawn.
    """
    drawn = {wiring.blocks[at].layer for at in wiring.inputs}
    yield from _of_order(inputs, axes, drawn)
    yield from _of_one_step(inputs, wiring)


def with_vectors(wiring: Wiring) -> Wiring:
    """The wiring with vectors for inputs of one step, as pictures do not tell these apart, and for runs over these.

    ::

        Y        dense(2)     a step of an agent: (samples, 1, features) and its state
        |
        *-H-*    lstm(4)      a vector each, where a row of one step would be `H..n..` with n = 1
        |
        X        input(3)
    """
    blocks = list(wiring.blocks)
    for at in wiring.inputs:
        blocks[at] = _as_vector(blocks[at])
    for at, block in enumerate(blocks):
        # Of a loop a block may read one behind it.
        if (
            block.steps == 1
            and _may_be_vector(block)
            and all(
                source.block < at and blocks[source.block].steps is None for source in reads(block)
            )
        ):
            blocks[at] = _as_vector(block)
    return replace(wiring, blocks=tuple(blocks))


def _as_vector(block: Block) -> Block:
    return replace(block, steps=None) if block.steps == 1 else block


def _may_be_vector(block: Block) -> bool:
    """Whether a block does the same to a vector as to a sequence of one step."""
    return block.direction in (Direction.FORWARD, None) and (
        block.direction is not None or can_join(block.call)
    )


def _of_order(
    inputs: Sequence[Input], axes: Sequence[str], drawn: Container[str]
) -> Iterator[Difference]:
    """How the model takes its inputs, where a generated one takes them otherwise.

    What is not ``drawn`` as an input is a state from call to call: where it has three axes, one is for rows.
    """
    for item, said in zip(inputs, axes, strict=True):
        if {*said} == {*"bsf"} and not item.is_ids and item.name not in drawn:
            words = ", ".join(_OF_STATES[axis] for axis in said)
            yield Difference(item.name, f"the model takes it as ({words}), here it is a vector")
            continue
        if "_" in said:
            what = "the model takes the states of its rows in one tensor, here each is an argument"
            yield Difference(item.name, what)
            continue
        usual = ("b", "bs", "bsp", LENGTHS) if item.is_ids else _USUAL
        if said not in usual:
            here = _as_generated(said, is_ids=item.is_ids)
            what = f"the model takes it as ({_words(said)}), here it is ({_words(here)})"
            yield Difference(item.name, what)


def _of_one_step(inputs: Sequence[Input], wiring: Wiring) -> Iterator[Difference]:
    """The inputs of one step, which is drawn as a vector: an initial state of (1, samples, units), for example."""
    blocks = [wiring.blocks[at] for at in wiring.inputs]
    one_step = {block.layer for block in blocks if block.steps == 1}
    for item in inputs:
        if item.name in one_step:
            yield Difference(item.name, "the model takes it as one step, here it is a vector")


def _words(axes: str) -> str:
    """The names of axes: the features of an image are its channels."""
    words = {**_AXES, "f": "channels"} if "h" in axes else _AXES
    return ", ".join(words[axis] for axis in axes)


def _as_generated(said: str, *, is_ids: bool) -> str:
    """The order of axes in which a generated model takes an input; images of an input have channels first."""
    axes = {*said, "b"} | ({"s"} if is_ids or not {*said} & {*"fh"} else set())
    order = "bsp" if is_ids else "bsfhw" if "h" in axes else "bspf"
    return "".join(axis for axis in order if axis in axes or axis == "f")


_USUAL = ("bf", "bsf", "bfhw", "bsfhw", "bspf")
_AXES = {
    "b": "samples",
    "s": "steps",
    "f": "features",
    "h": "height",
    "w": "width",
    "p": "places",
}
_OF_STATES = {"b": "samples", "s": "rows", "f": "units"}
