"""all facts about a layer, as data: the record that each module of this package holds one of."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from seqdsl.layers._parts import Kind, Look, Role, Setting, Signature, Weight, Words
from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.layers._grids import GridRule
    from seqdsl.layers._parts import Combination, Gate, Inferred


class Family(Enum):
    """How a layer computes, and with it on which steps of what it reads a step of it depends."""

    SOURCE = "an argument of the model: it reads nothing"
    CONSTANT = "the same for every sample: it reads nothing"
    OUTPUT = "a result of the model: each step is the step it reads"
    IDENTITY = "what is read, side by side: each step is the step it reads"
    STEPWISE = "a function of each step alone"
    LOOKUP = "a row of a table for the token of each step"
    WINDOW = "a function of a window of steps around each step"
    SCAN = "a function of each step and of the state that the steps before it leave"
    ATTENTION = "a function of each step of a query and of all steps of a memory"
    COMBINATION = "several values, or all steps of one, element by element"
    SPLIT = "each step a part of one vector"
    CALL = "another picture: what its own wires say"

    @property
    def takes_grids(self) -> bool:
        """Whether a step may hold a grid, which is taken as one value, or by its last axis alone."""
        return self.is_stepwise or self in (Family.SOURCE, Family.SPLIT)

    @property
    def is_stepwise(self) -> bool:
        """Whether a step depends on the same step of what is read, and on nothing else."""
        return self in _STEPWISE


_STEPWISE = frozenset(
    {Family.OUTPUT, Family.IDENTITY, Family.STEPWISE, Family.LOOKUP, Family.COMBINATION}
)


@record(frozen=True)
class LayerDef:
    """A layer.

    Attributes:
        name: its name in pictures, and that of its macro in each framework's template.
        family: how it computes.
        signature: what it takes.
        inferred: what it has besides: it follows from where it is applied.
        output: the argument that is its output features; empty: they follow from what it reads.
        weights: what it holds, in the order in which frameworks list them.
        settings: what else changes its numbers.
        derive: sizes in the shapes of its weights that follow from those that it is given, by name.
        cell: one step of a recurrence as equations; weights, states and rule follow from it.
        cells: the arguments that give it other equations, each with these; they carry the same states.
        gates: the parts of a cell's weights, in the order in which they are side by side.
        states: what a cell carries from step to step, its value first.
        combination: how a layer that combines values does it.
        loses: the arguments that say at what rates features are lost in training; empty: none are.
        begins_mask: the arguments that make it distinguish padding from data; empty: it does not.
        keeps_zero: whether a step that is zero in all that is read gives zero.
        is_function: whether it is an activation and nothing else: frameworks have functions for it, no layer is needed.
        chooses: whether it gives the id of one of the features that it reads, of which no gradient passes.
        draws: whether what it gives is drawn at random, while a model predicts as well.
        grid: what it makes of the places of a grid; ``None``: it keeps them, where its family takes grids at all.
        shares: in how many equal parts it takes what it reads, as wide as one of which is what it gives.
        variants: the words that make another layer of it as its first argument, each with that layer.
        variant_of: the layer and the word that make it, where a picture has no other name for it.
        evaluate: its rule in plain numpy, of a step, or over time where a step depends on others; ``None``: it computes
            nothing. It takes what is read (a combination: a list; attention: query and memory; a cell: a step and its
            state), the weights by name and the arguments as plain numbers and words; it imports numpy when called.
        look: how its nodes look.
        sign: what its nodes have instead of a letter.
        words: its texts for people.
        order: where lists name it; new ones come last.
    """

    name: str
    family: Family
    signature: Signature = Signature()
    inferred: tuple[Inferred, ...] = ()
    output: str = ""
    weights: tuple[Weight, ...] = ()
    settings: tuple[Setting, ...] = ()
    derive: Callable[[Mapping[str, Size]], Mapping[str, Size]] | None = None
    cell: Cell | None = None
    cells: tuple[tuple[str, Cell], ...] = ()
    gates: tuple[Gate, ...] = ()
    states: tuple[str, ...] = ()
    combination: Combination | None = None
    loses: tuple[str, ...] = ()
    begins_mask: tuple[str, ...] = ()
    keeps_zero: bool = False
    is_function: bool = False
    chooses: bool = False
    draws: bool = False
    grid: GridRule | None = None
    shares: int = 1
    variants: tuple[tuple[str, str], ...] = ()
    variant_of: tuple[str, str] | None = None
    evaluate: Callable[..., Any] | None = None
    look: Look = Look.STEPWISE
    sign: str = ""
    words: Words = Words()
    order: int = 1000

    @property
    def is_declared(self) -> bool:
        """Whether a file declares it, as a cell of its own."""
        return False

    @property
    def is_equations(self) -> bool:
        """Whether frameworks that lack it run the equations of its cell, which say all of its weights."""
        return self.is_declared or (self.cell is not None and self.cell.takes_images)

    @property
    def takes_grids(self) -> bool:
        """Whether a step of what it reads may hold a grid."""
        return self.family.takes_grids or self.grid is not None

    @property
    def written(self) -> str:
        """What a picture calls it: ``dense``, ``sample(normal)``."""
        return "{}({})".format(*self.variant_of) if self.variant_of else self.name

    @property
    def is_end(self) -> bool:
        """Whether it is an input or an output: nothing is computed, and a node of it has no layer."""
        return self.family in (Family.SOURCE, Family.OUTPUT)

    @property
    def reads_nothing(self) -> bool:
        """Whether no wire enters its nodes."""
        return self.family in (Family.SOURCE, Family.CONSTANT)

    @property
    def rows(self) -> str:
        """The size that says how many steps it has a vector for, where it reads nothing."""
        # most of position(8, most=512), steps of learned(8)
        return self.inferred[0].name if self.family is Family.CONSTANT else ""

    @property
    def gives_ids(self) -> bool:
        """Whether it gives ids of tokens, which have no features and are nothing to compute with."""
        return self.chooses or (self.family is Family.SOURCE and not self.output)

    @property
    def is_affine(self) -> bool:
        """Whether it is an affine map of a step or of a window, then an activation: two of them are one without it."""
        has_kernel = any(item.role is Role.KERNEL for item in self.weights)
        return has_kernel and self.family in (Family.STEPWISE, Family.WINDOW)

    @property
    def has_statistics(self) -> bool:
        """Whether it keeps statistics of the batches that it is trained with."""
        return any(not item.role.is_trained for item in self.weights)

    def has(self, needs: str | tuple[str, ...], arguments: Mapping[str, object]) -> bool:
        """Whether an argument asks for what hangs on it: it is given, or by default, and not false.

        Args:
            needs: the argument; of several, one is enough.
            arguments: the layer's arguments.
        """
        if isinstance(needs, tuple):
            return any(self.has(item, arguments) for item in needs)
        if not needs:
            return True
        argument = self.signature.find(needs)
        default = None if argument is None else argument.default
        value = arguments.get(needs)
        value = default if value is None else value
        # `score=dot`, as it is anyway, asks for no more than what every attention has.
        if argument is not None and argument.kind is Kind.SCORE:
            return value != default
        # By `is`: the `mask=0` of an input is given, and 0 == False.
        return value is not None and value is not False

    def held(self, arguments: Mapping[str, object]) -> tuple[Weight, ...]:
        """The weights that it has with these arguments."""
        return tuple(
            item
            for item in self.weights
            if self.has(item.needs, arguments)
            and not (item.unless and self.has(item.unless, arguments))
        )

    def shapes(
        self, width: Size, units: Size, arguments: Mapping[str, object]
    ) -> dict[str, tuple[Size, ...]]:
        """The shapes of the weights of one direction by name, for input and output features and arguments."""
        held = self.held(arguments)
        # conv(8, 3) over 6 features: `(kernel, in, out)` is (3, 6, 8).
        by_name = self.sizes(width, units, arguments) if held else {}
        return {item.name: tuple(side.subs(by_name) for side in item.shape) for item in held}

    def sizes(self, width: Size, units: Size, arguments: Mapping[str, object]) -> dict[str, Size]:
        """What the names in the shape of a weight stand for."""
        # `kernel=3` is what `kernel` in a shape means. To Python a bool is an int: `bias` is here, too, in no shape.
        given = {
            name: Size.of(size) for name, size in arguments.items() if isinstance(size, Size | int)
        }
        return self.derived({**given, "in": width, "out": units})

    def derived(self, sizes: Mapping[str, Size]) -> dict[str, Size]:
        """Sizes by name, with those that follow from them."""
        return {**sizes, **(self.derive(sizes) if self.derive else {})}

    def arrays(
        self, width: Size, units: Size, arguments: Mapping[str, object]
    ) -> dict[str, tuple[Size, ...]]:
        """The shapes of all weights by name, each direction's with its name in front: ``backward/kernel``."""
        shapes = self.shapes(width, units, arguments)
        return {
            f"{way}{name}": shape for way in directions(arguments) for name, shape in shapes.items()
        }

    def weight(self, name: str) -> Weight:
        """The weight of a name, which may have a direction's in front of it.

        Raises:
            KeyError: it has none.
        """
        for item in self.weights:
            # `backward/kernel` is the `kernel`; with its slash, as `recurrent_kernel` ends with that word, too.
            if name == item.name or name.endswith(f"/{item.name}"):
                return item
        raise KeyError(name)

    def cell_of(self, arguments: Mapping[str, object]) -> Cell | None:
        """The equations that it runs with these arguments."""
        # lstm(64) and lstm(64, projection=32) are one layer, and two cells.
        return next((cell for name, cell in self.cells if self.has(name, arguments)), self.cell)

    def state_widths(self, arguments: Mapping[str, object]) -> tuple[Size, ...]:
        """The features of each of its states in one direction, its value first, in the order of ``states``."""
        cell = self.cell_of(arguments)
        sizes = {name: item for name, item in arguments.items() if isinstance(item, Size)}
        units = sizes.get(self.output)
        if cell is None or units is None:
            return ()
        if cell is self.cell and not self.is_declared:
            return (units,) * len(self.states)
        from seqdsl.cells.carried_widths import carried_widths

        return tuple(carried_widths(cell, units, sizes).values())

    def masks(self, arguments: Mapping[str, object]) -> bool:
        """Whether it distinguishes padding from data with these arguments."""
        return bool(self.begins_mask) and self.has(self.begins_mask, arguments)

    def given(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        """All arguments, with what is meant where they are not given."""
        defaults: dict[str, Any] = {item.name: item.default for item in self.signature.arguments}
        return defaults | {key: value for key, value in arguments.items() if value is not None}


def directions(arguments: Mapping[str, object]) -> tuple[str, ...]:
    """The name in front of a weight's for each direction of a layer: nothing if there is one."""
    return ("forward/", "backward/") if arguments.get("bidirectional") else ("",)


class OwnKind(str):
    """A layer's kind that knows its record: no file of this package has it."""

    @property
    def definition(self) -> LayerDef:
        """The record."""
        raise NotImplementedError
