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

    from seqdsl.ir.ends import Lengths
    from seqdsl.ir.graph import Graph, Input, Output, Shape
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec
    from seqdsl.size import Size

    AnyModel = TypeVar("AnyModel", bound="CompiledModel")
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
        r"""What the model means, as data and, by ``str``, as text that `seqdsl.ir.parse` reads back.

        It knows neither letters nor columns; the page about the representation describes it.

        >>> import seqdsl
        >>> graph = seqdsl.compile("Y   dense(2)\n|\nX   input(8)").ir
        >>> print(str(graph).splitlines()[-2].strip())
        output y = %dense_y : float32[2]
        """
        return self.spec.ir

    @property
    def name(self) -> str:
        r"""The model's name: of its line ``model NAME``, or the stem of the text's name.

        >>> import seqdsl
        >>> seqdsl.compile("O\n|\nO", "tagger.seq").name
        'tagger'
        """
        return self.spec.name

    @property
    def topology(self) -> str:
        r"""How steps go from the inputs to the outputs, in the field's words.

        ``"one-to-one"``, ``"one-to-many"``, ``"many-to-one"``, ``"many-to-many aligned"``, ``"many-to-many last N"``,
        ``"many-to-many padded"``, ``"encoder-decoder"``, or ``"graph"`` where none of these fits.

        >>> import seqdsl
        >>> seqdsl.compile("  O O\n  | |\nO O O\n| | |\nO O O").topology
        'many-to-many last N'
        """
        assert self.spec.topology is not None, "a picture has one"
        return self.spec.topology.value

    @property
    def qualifiers(self) -> tuple[str, ...]:
        r"""What qualifies the topology, such as ``"bidirectional"``, ``"attention"`` or ``"variable length"``.

        >>> import seqdsl
        >>> seqdsl.compile("O O O\n| | |\nB=B=B   lstm(4)\n| | |\nX X X").qualifiers
        ('bidirectional',)
        """
        return self.spec.qualifiers

    @property
    def n(self) -> tuple[int | str | None, ...]:
        r"""The number of steps of each output, 1 for a vector; a name or ``None`` where it is free.

        >>> import seqdsl
        >>> seqdsl.compile("O ... O\n|     |\nO ... O").n, seqdsl.compile("O ..n.. O\n|       |\nO ..n.. O").n
        ((None,), ('n',))
        """
        return tuple(self.length(item.n) for item in self.outputs)

    def length(self, size: Size) -> int | str | None:
        r"""A size of a shape as a number; as text where a named length is free, ``None`` where an unnamed one is.

        >>> import seqdsl
        >>> model = seqdsl.compile("O ... O\n|     |\nX ... X   input(8)")
        >>> [model.length(size) for size in model.inputs[0].shape]
        [None, 8]
        """
        free = size.names & set(self.spec.free)
        if not free:
            return int(size.value(self.spec.defaults))
        # The names of unnamed lengths begin with `_`, which no name in a file does.
        if any(name.startswith("_") for name in free):
            return None
        return str(size.subs(self.spec.defaults))

    def shape_text(self, shape: Shape) -> str:
        r"""A shape for people, without the batch: free lengths by name, ``None`` if they have none.

        >>> import seqdsl
        >>> model = seqdsl.compile("O ..n.. O\n|       |\nX ..n.. X   input(8)")
        >>> model.shape_text(model.inputs[0].shape)
        '(n, 8)'
        """
        parts = [str(self.length(size)) for size in shape]
        return f"({', '.join(parts)}{',' * (len(parts) == 1)})"

    @property
    def inputs(self) -> tuple[Input, ...]:
        r"""The arguments of the generated model, in order.

        Each has a ``name``, a ``shape`` without the batch (``(steps, features)``, ``(features,)``; of token ids
        ``(steps,)`` or ``()``), a ``dtype`` (``"float32"``, ``"int32"``) and, for token ids, their ``vocabulary``.

        >>> import seqdsl
        >>> model = seqdsl.compile("Y Y   dense(2)\n| |\nX X   input(8, name=series)")
        >>> [(item.name, model.shape_text(item.shape), item.dtype) for item in model.inputs]
        [('series', '(2, 8)', 'float32')]
        """
        return self.spec.inputs

    @property
    def lengths(self) -> tuple[Lengths, ...]:
        r"""The arguments behind these that say how many steps of an input are valid in each sample.

        Each has a ``name``, the empty ``shape`` of one number and the ``dtype`` ``"int32"``.

        >>> import seqdsl
        >>> model = seqdsl.compile("Y Y   dense(2)\n| |\nX X   input(8, lengths=true)")
        >>> [item.name for item in model.lengths]
        ['x_lengths']
        """
        return self.spec.lengths

    @property
    def outputs(self) -> tuple[Output, ...]:
        r"""The results of the generated model, in order.

        Each has a ``name``, a ``shape`` without the batch, and ``n``, its number of steps.

        >>> import seqdsl
        >>> model = seqdsl.compile("Y Y   dense(2)\n| |\nX X   input(8)")
        >>> [(item.name, model.shape_text(item.shape)) for item in model.outputs]
        [('y', '(2, 2)')]
        """
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
        r"""The number of weights for each framework; PyTorch's recurrent layers have a second bias.

        >>> import seqdsl
        >>> seqdsl.compile("H H   lstm(16)\n| |\nX X   input(8)").parameters
        {'keras': 1600, 'torch': 1664}
        """
        return self.spec.counts

    @cached_property
    def graph(self) -> nx.DiGraph:
        r"""The step graph, a ``networkx.DiGraph``: a node for every drawn unit, an edge for every wire.

        Nodes have the attributes ``letter``, ``layer``, ``block``, ``line`` and ``column``.

        >>> import seqdsl
        >>> graph = seqdsl.compile("Y Y   dense(2)\n| |\nX X   input(8)").graph
        >>> [graph.nodes[node]["letter"] for node in graph], len(graph.edges)
        (['X', 'X', 'Y', 'Y'], 2)
        """
        return self.drawing.graph()


def uncalled(models: Iterable[AnyModel]) -> list[AnyModel]:
    """The models that no other one calls: one that is called is a layer of its caller."""
    found = list(models)
    called = {inner for model in found for inner in model.spec.called}
    return [model for model in found if model.name not in called]


def _by_block(ends: Iterable[_End]) -> dict[int, list[_End]]:
    """The ends by block, as callers look them up for every block; a block may be an input and an output."""
    by_block: dict[int, list[_End]] = {}
    for end in ends:
        by_block.setdefault(end.block, []).append(end)
    return by_block
