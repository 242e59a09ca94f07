"""specification + drawing → compiled model: what later stages, reports and the facade ask of a picture that compiled.

It is data: it neither writes source nor draws, so that whatever does so can take it without a circle.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    import networkx as nx

    from seqdsl.ir.graph import Graph, Input, Output, Shape
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec
    from seqdsl.size import Size

    _End = TypeVar("_End", Input, Output)


@record(frozen=True)
class CompiledModel:
    """A compiled picture, which is in ``file``, on the ``lines`` from the first to the last.

    Where ``drawn`` is set, the specification is without the last activations of the outputs (`seqdsl.passes.logits`),
    and ``drawn`` is the one that belongs to the drawing.
    """

    spec: ModelSpec
    drawing: Drawing
    file: str
    lines: tuple[int, int] = (1, 1)
    drawn: ModelSpec | None = None

    @property
    def gives_logits(self) -> bool:
        """Whether it is without the last activations of its outputs."""
        return self.drawn is not None

    @property
    def as_drawn(self) -> CompiledModel:
        """The model as it is drawn, with all activations."""
        return self if self.drawn is None else replace(self, spec=self.drawn, drawn=None)

    @property
    def ir(self) -> Graph:
        """What the model means, as data and, by ``str``, as text; without where it is drawn."""
        return self.spec.ir

    @property
    def name(self) -> str:
        """The model's name."""
        return self.spec.name

    @property
    def topology(self) -> str:
        """One of the topologies of the language, such as ``"many-to-one"``."""
        assert self.spec.topology is not None, "a picture has one"
        return self.spec.topology.value

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """What qualifies the topology, such as ``"bidirectional"``."""
        return self.spec.qualifiers

    @property
    def n(self) -> tuple[int | str | None, ...]:
        """The number of output steps of each output; a name or ``None`` where it is free."""
        return tuple(self.length(item.n) for item in self.outputs)

    def length(self, size: Size) -> int | str | None:
        """A size as a number; as text where a named length is free, ``None`` where an unnamed one is."""
        free = size.names & set(self.spec.free)
        if not free:
            return int(size.value(self.spec.defaults))
        # The names of unnamed lengths begin with `_`, which no name in a file does.
        if any(name.startswith("_") for name in free):
            return None
        return str(size.subs(self.spec.defaults))

    def shape_text(self, shape: Shape) -> str:
        """A shape for people, without the batch: free lengths by name, ``any`` if they have none."""
        parts = ["any" if (length := self.length(size)) is None else str(length) for size in shape]
        return f"({', '.join(parts)}{',' * (len(parts) == 1)})"

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The arguments of the generated model, in order."""
        return self.spec.inputs

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The results of the generated model, in order."""
        return self.spec.outputs

    @cached_property
    def inputs_by_block(self) -> dict[int, list[Input]]:
        """The inputs that each block is, for the blocks that are any."""
        return _by_block(self.inputs)

    @cached_property
    def outputs_by_block(self) -> dict[int, list[Output]]:
        """The outputs that each block gives, for the blocks that give any."""
        return _by_block(self.outputs)

    @property
    def parameters(self) -> dict[str, int]:
        """The number of weights for each framework."""
        return self.spec.counts

    @cached_property
    def graph(self) -> nx.DiGraph:
        """The step graph: a node for every drawn unit, an edge for every wire; see `seqdsl.picture.steps`."""
        return self.drawing.graph()


def _by_block(ends: Iterable[_End]) -> dict[int, list[_End]]:
    """The ends by block, as callers look them up for every block; a block may be an input and an output."""
    by_block: dict[int, list[_End]] = {}
    for end in ends:
        by_block.setdefault(end.block, []).append(end)
    return by_block
