"""what is known while the statements of a functional Keras model are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seqdsl.ir.spreads import shapes_of
from seqdsl.targets.emit.emitter import Emitter
from seqdsl.targets.keras.facts import model_name

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Hashable, Mapping

    from seqdsl.ir.shapes import Shapes
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.targets.code import Call, Code
    from seqdsl.targets.emit.called import CalledClasses, HeldLayer


_SHARED = ("functions", "classes", "projects_ahead", "called", "texts", "roots")
"""What all functions of a module share."""


@dataclass(slots=True)
class KerasEmitter(Emitter):
    """What the functions for operations and expressions read and write.

    Attributes:
        graph: the model.
        shared: the variable of each layer that is applied in several places, by the layer's name.
        made: each layer without weights that is named and applied in several places, by name.
        telling: the node that tells most of a layer, by the layer's name; ``None``: all tell as much.
        axes: the most axes between batch and features that a normalization reads, by its layer's name.
        options: what a layer must do for all the nodes that it is applied in, by its name.
        parts: the parts of the state of each recurrent node that returns it: h, c; of both directions h, c, h, c.
        keeping: the nodes whose layers keep their state from call to call, in a model for batches of one size.
        unpacked: the nodes whose states are received part by part; ``None``: nobody asked so far.
        token_masks: the mask that begins at the variable of each embedding that begins one.
        input_masks: the mask that begins at the variable of each input that begins one.
        zeroed: the variables of inputs whose padded steps are made zero.
        marks: what marks padding in each input that begins a mask, by the same variable as its mask.
        classes: the name and the text of the class of each cell of the file, by what layers of one class share.
        projects_ahead: the classes of attention whose keys a loop projects before it begins.
        trained: what was written of the whole model, where its layers are applied again; ``None``: it is written here.
        looped: the nodes of the whole model that loops compute.
        called: the functions that build the pictures which the module calls.
        texts: the classes of loops that the module has.
        roots: the names that the functions of the module read.
        held: the layers that loops apply, by their names.
        callers: the nodes that call the pictures which its loops have written out, by their layers.
        outside: those of these layers whose own layers are applied outside of all loops as well.
        inner: the nodes of these pictures, but for the last of each.
        label: the model's name, as code.
    """

    graph: ModelSpec
    shared: dict[str, Code] = field(default_factory=dict)
    made: dict[str, Call] = field(default_factory=dict)
    telling: dict[str, Block | None] = field(default_factory=dict)
    axes: dict[str, int] = field(default_factory=dict)
    options: dict[str, dict[str, object]] = field(default_factory=dict)
    parts: dict[int, tuple[Code, ...]] = field(default_factory=dict)
    keeping: frozenset[int] = frozenset()
    unpacked: frozenset[int] | None = None
    token_masks: dict[str, Code] = field(default_factory=dict)
    input_masks: dict[str, Code] = field(default_factory=dict)
    zeroed: set[str] = field(default_factory=set)
    marks: dict[str, float] = field(default_factory=dict)
    classes: dict[Hashable, tuple[str, str]] = field(default_factory=dict)
    projects_ahead: set[str] = field(default_factory=set)
    trained: KerasEmitter | None = None
    looped: frozenset[int] = frozenset()
    called: CalledClasses = field(kw_only=True)
    texts: list[str] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)
    held: dict[str, HeldLayer] = field(default_factory=dict)
    callers: Mapping[str, list[Block]] = field(default_factory=dict)
    outside: Collection[str] = frozenset()
    inner: Container[int] = frozenset()
    label: str = ""
    _users: dict[str, list[Block]] = field(default_factory=dict)
    _shapes: Shapes | None = None
    _tied: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Take the names that are given, and the model's own."""
        Emitter.__post_init__(self)
        self.label = self.label or f'"{model_name(self.graph)}"'

    def within(self, graph: ModelSpec, **more: Any) -> KerasEmitter:
        """An emitter for a graph that this one calls: what the module has serves both."""
        return KerasEmitter(graph, **{name: getattr(self, name) for name in _SHARED}, **more)

    def users(self, layer: str) -> list[Block]:
        """The nodes that the layer of a name is applied in; all layers are looked up at once."""
        # To go through all nodes at each call took minutes for 4,000 rows of one letter; this takes 0.15 s.
        if not self._users:
            for node in self.graph.blocks:
                if node.layer:
                    self._users.setdefault(node.layer.name, []).append(node)
        return self._users.get(layer, [])

    def tied(self) -> frozenset[str]:
        """The names of the embeddings whose matrices other layers use."""
        if self._tied is None:
            self._tied = frozenset(item.tied for item in self.graph.layers if item.tied)
        return self._tied

    def once(self, name: str, layer: Call) -> Code:
        """The variable that holds a layer, made once for all places that it is applied in."""
        if name not in self.shared:
            self.shared[name] = self.name(f"{name}_layer", layer)
        return self.shared[name]

    def shapes(self) -> Shapes:
        """What tells how many features an expression has."""
        if self._shapes is None:
            self._shapes = shapes_of(self.graph)
        return self._shapes
