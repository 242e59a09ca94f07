"""what is known while the statements of ``forward`` are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.ir.size import Size
from seqdsl.model.stacks import rows_of
from seqdsl.targets.code import Attribute, Code, Text
from seqdsl.targets.emit.emitter import Emitter

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import Block


@dataclass(slots=True)
class TorchEmitter(Emitter):
    """What the functions for operations and expressions read and write.

    Attributes:
        used: the layers that are attributes of the module, by name, in the order of their first use.
        stacks: the rows of the picture that a layer is, by its name.
        packed: the kinds of layers that run over packed sequences by a function of the module.
        paddings: what a convolution pads by itself, by its layer's name.
        padded: the variable of each sequence that is padded for convolutions.
    """

    used: dict[str, Layer] = field(default_factory=dict)
    stacks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    packed: set[str] = field(default_factory=set)
    paddings: dict[str, str] = field(default_factory=dict)
    padded: dict[Code, Code] = field(default_factory=dict)
    _given: dict[str, Size] = field(default_factory=dict)

    def size(self, size: Size) -> Size:
        """A size as ``forward`` can reach it: parameters are attributes there."""
        if not self._given:
            names = [item.name for item in self.graph.parameters]
            self._given |= {name: Size.of(f"self.{name}") for name in names}
        return size.subs({name: self._given.get(name, Size.of(name)) for name in size.names})

    def attribute(self, node: Block) -> Attribute:
        """The attribute that holds a node's layer."""
        layer = self.layer(node)
        self.used[layer.name] = layer
        self.stacks[layer.name] = rows_of(node)
        return Attribute(Text("self"), layer.name)
