"""tree → graph: the statements of one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lark import Token, Tree

from seqdsl.ir.cells import cell_of, kind_of, with_built_in
from seqdsl.ir.expressions import Expression
from seqdsl.ir.fields import OPERATIONS
from seqdsl.ir.graph import Graph, Layer, Masking, Node, Parameter
from seqdsl.ir.layers import gives_ids, is_end, layer_type, layer_weights
from seqdsl.ir.names import model_problem
from seqdsl.ir.operations import Call, Scan, Use
from seqdsl.ir.text.cell_reader import read_cell
from seqdsl.ir.text.ends import Ends, read_type
from seqdsl.ir.text.errors import error_at
from seqdsl.ir.text.trees import arguments_of, checked_name
from seqdsl.ir.text.values import Values
from seqdsl.layers import all_layers
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.cells.cell import Cell
    from seqdsl.ir.graph import Shape
    from seqdsl.ir.layers import LayerType
    from seqdsl.ir.text.errors import Item

LARGEST_LENGTH = 2**31 - 1


def read_graph(tree: Tree[Token]) -> Graph:
    """The graph that ``model NAME { ... }`` says.

    Raises:
        IrSyntaxError: a statement makes no sense.
    """
    name, *statements = tree.children
    if problem := model_problem(str(name)):
        raise error_at(name, problem)
    return _Reader([item for item in statements if isinstance(item, Tree)]).graph(str(name))


def _add(defined: dict[str, Any], token: Item, name: str, value: object) -> None:
    if name in defined:
        raise error_at(token, f"`{token}` is defined twice")
    defined[name] = value


class _Reader:
    """Reads the statements of one model, each kind in the order of the text."""

    def __init__(self, statements: list[Tree[Token]]) -> None:
        self.kinds: dict[str, list[Tree[Token]]] = {}
        for item in statements:
            self.kinds.setdefault(item.data, []).append(item)
        # `%x = ...`, `%h#3 = ...`: all names have to be resolved before any expression is read.
        self.order = self._order()
        self.values = Values(self._references())
        self.cells: dict[str, Cell] = {}
        # A model that is called with a mask and without is there twice.
        self.models: dict[bool, dict[str, Graph]] = {False: {}, True: {}}
        self.layers: dict[str, Layer] = {}
        self.free: list[str] = []
        self.minimum: dict[str, int] = {}
        self.multiple: dict[str, int] = {}

    def graph(self, name: str) -> Graph:
        parameters = tuple(map(self._parameter, self._all("parameter")))
        for tree in self._all("length"):
            self._length(tree)
        # A layer's kind may be a cell, or another model, whose parameters are its arguments: these come first.
        for tree in self._all("model"):
            model = read_graph(tree)
            # A model's name becomes a class, `Half` of `half`, so words that are reserved for variables are valid.
            _add(self.models[bool(model.masks)], tree.children[0], model.name, model)
        for tree in self._all("cell"):
            _add(self.cells, tree.children[0], checked_name(tree.children[0]), read_cell(tree))
        for tree in self._all("layer"):
            _add(self.layers, tree.children[0], checked_name(tree.children[0]), self._layer(tree))
        nodes = dict(zip(self.order, map(self._node, self.order, self._all("node")), strict=True))
        ends = Ends(self.values, {index: len(node.grid) for index, node in nodes.items()})
        return Graph(
            name=name,
            parameters=parameters,
            free=tuple(self.free),
            minimum=self.minimum,
            multiple=self.multiple,
            layers=tuple(self.layers.values()),
            nodes=tuple(nodes[index] for index in sorted(nodes)),
            order=self.order,
            inputs=tuple(ends.input(tree) for tree in self._all("input")),
            outputs=tuple(ends.output(tree) for tree in self._all("output")),
            states=tuple(ends.state(tree) for tree in self._all("state")),
        )

    def _all(self, kind: str) -> list[Tree[Token]]:
        return self.kinds.get(kind, [])

    def _order(self) -> tuple[int, ...]:
        """The numbers of the nodes in the order of the text: what a node is called, or its place."""
        order: list[int] = []
        for place, tree in enumerate(self._all("node")):
            # `%conv#7`: the node 7, wherever it is; `%conv`: the number is the place.
            _, _, number = str(tree.children[0]).partition("#")
            order.append(int(number[:20]) if number else place)
            if order[-1] in order[:-1] if number else False:
                raise error_at(tree, f"two nodes have the number {number}")
        if sorted(order) != list(range(len(order))):
            raise error_at(self._all("node")[0], "the nodes' numbers are not those from 0 on")
        return tuple(order)

    def _references(self) -> dict[str, int]:
        """What each reference means; a name that several nodes have needs its number."""
        numbers: dict[str, int] = {}
        several: set[str] = set()
        for index, tree in zip(self.order, self._all("node"), strict=True):
            name = f"%{checked_name(tree.children[0])}"
            # `%h` and `%h` again: neither can be meant by `%h` alone.
            several |= {name} & numbers.keys()
            numbers[name] = numbers[f"{name}#{index}"] = index
        return {name: index for name, index in numbers.items() if name not in several}

    def _parameter(self, tree: Tree[Token]) -> Parameter:
        name, value = tree.children
        return Parameter(checked_name(name), self.values.number(value))

    def _length(self, tree: Tree[Token]) -> None:
        token, braces = tree.children
        name = checked_name(token, unnamed=True)
        if name in self.free or name in self.minimum or name in self.multiple:
            raise error_at(token, f"`{name}` is defined twice")
        is_set = False
        bounds = {"minimum": self.minimum, "multiple": self.multiple}
        for keyword, value in arguments_of(braces):
            if keyword is not None and str(keyword) in bounds:
                bounds[str(keyword)][name] = self._number_of_steps(value)
            elif keyword == "set":
                is_set = self.values.flag(value)
            else:
                raise error_at(keyword or value, "unknown attribute", "`minimum=`", "`multiple=`")
        self.free += [] if is_set else [name]

    def _number_of_steps(self, tree: Item) -> int:
        number = self.values.integer(tree)
        if not 0 <= number <= LARGEST_LENGTH:
            raise error_at(tree, f"{number} is not a number of steps")
        return number

    def _layer(self, tree: Tree[Token]) -> Layer:
        token, kind, call, width, units, weights = tree.children
        cells = with_built_in(self.cells)
        named = kind_of(str(kind), self.cells, self.models[True] | self.models[False])
        kind_type = layer_type(named, cells)
        if kind_type is None:
            raise error_at(kind, f"unknown layer `{kind}`")
        arguments = self._arguments(call, str(kind), kind_type)
        missing = [name for name in kind_type.required if arguments.get(name) is None]
        if missing:
            raise error_at(kind, f"`{kind}` needs its {min(missing)}", f"`{min(missing)}=`")
        sizes = self.values.size(width), self.values.size(units)
        layer = Layer(checked_name(token), named, *sizes, arguments)
        if weights is not None:
            self._check_weights(layer, weights, cells)
        return layer

    def _arguments(self, call: Item, kind: str, kind_type: LayerType) -> dict[str, object]:
        """What a layer's call sets."""
        # What is not written is not set, which a layer says by None.
        arguments: dict[str, object] = dict.fromkeys(kind_type.arguments)
        for keyword, value in arguments_of(call):
            argument = None if keyword is None else kind_type.of(str(keyword))
            if argument is None:
                expected = (f"`{name}=`" for name in (*kind_type.arguments, *kind_type.inferred))
                raise error_at(keyword or value, f"`{kind}` has no such argument", *expected)
            arguments[str(keyword)] = self.values.setting(value, argument)
        return arguments

    def _check_weights(self, layer: Layer, tree: Item, cells: dict[str, Cell]) -> None:
        """Weights are what follows from a layer; they are written for the one who reads."""
        assert isinstance(tree, Tree)
        written: dict[str, Shape] = {}
        for item in tree.children:
            assert isinstance(item, Tree)
            written[str(item.children[0])] = self.values.sizes(item.children[1])
        for name, shape in layer_weights(layer, cells).items():
            if written.pop(name, None) != shape:
                text = ", ".join(map(str, shape))
                raise error_at(tree, f"`{layer.name}` has the weight `{name}: [{text}]`")
        # What is left is the weight of another layer, or misspelt.
        if written:
            raise error_at(tree, f"`{layer.name}` has no weight `{min(written)}`")

    def _node(self, index: int, tree: Tree[Token]) -> Node:
        token, operation, target, call, braces, type_ = tree.children
        layer = self._layer_of(target) if str(target).startswith("@") else None
        cls = OPERATIONS.get(str(operation))
        if cls is None:
            raise error_at(
                operation, f"unknown operation `{operation}`", *map("`{}`".format, OPERATIONS)
            )
        kind = layer.kind if layer is not None else self._kind(target)
        fields = self.values.fields(call, cls, operation)
        if cls is Scan:
            given = {} if layer is None else layer.arguments
            body = cell_of(kind, given, with_built_in(self.cells))
            # `scan @dense(%x)`: only a cell has states to go from step to step.
            if body is None:
                raise error_at(target, f"`{kind}` is not a cell")
            fields["body"] = body
        if cls is Call:
            models = self.models[bool(fields.get("masks"))]
            if kind not in models:
                what = "a model with a mask" if fields.get("masks") else "a model"
                raise error_at(target, f"`{kind}` is not {what}")
            fields["body"] = models[kind]
        # The braces come first: which axes of a type are places is in them.
        attributes = self._attributes(braces)
        steps, features = self._steps_and_features(type_, kind, attributes["grid"])
        return Node(
            index=index,
            name=checked_name(token),
            layer=layer,
            kind=kind,
            steps=steps,
            features=features,
            operation=cls(**fields),
            **attributes,
        )

    def _kind(self, token: Item) -> str:
        """What a node is that has no layer."""
        kind = str(token)
        if not is_end(kind) and layer_type(kind, with_built_in(self.cells)) is None:
            ends = (f"`{item.name}`" for item in all_layers().values() if item.is_end)
            raise error_at(token, f"unknown kind of node `{kind}`", *ends)
        return kind

    def _layer_of(self, token: Item) -> Layer:
        name = checked_name(token)
        if name not in self.layers:
            raise error_at(token, f"`{token}` is not defined")
        return self.layers[name]

    def _attributes(self, braces: Item) -> dict[str, Any]:
        """What is in the braces of a node: its masking, what is read of it, its name in the drawing, its grid."""
        grid: tuple[Size, ...] = ()
        masks: tuple[Expression, ...] = ()
        flags = {"begins_mask": False, "padded_at_end": False}
        uses, given = frozenset({Use.SEQUENCE}), ""
        for keyword, value in arguments_of(braces):
            if keyword == "masks":
                masks = tuple(map(self.values.tensor, self.values.items(value)))
            elif keyword == "uses":
                items = self.values.items(value)
                uses = frozenset(self.values.choice(item, Use) for item in items)
            elif keyword == "given":
                given = self.values.name(value)
            elif keyword == "grid":
                grid = self.values.sizes(value)
            elif keyword in flags:
                flags[str(keyword)] = self.values.flag(value)
            else:
                expected = (f"`{name}=`" for name in ("masks", *flags, "uses", "given", "grid"))
                raise error_at(keyword or value, "unknown attribute", *expected)
        masking = Masking(masks, flags["begins_mask"], flags["padded_at_end"])
        return {"masking": masking, "uses": uses, "given": given, "grid": grid}

    def _steps_and_features(
        self, tree: Item, kind: str, grid: tuple[Size, ...]
    ) -> tuple[Size | None, Size]:
        dtype, shape = read_type(tree, self.values, len(grid))
        if dtype == "int32":
            if not gives_ids(kind):
                raise error_at(tree, "only tokens are int32", "`float32`")
            # `int32[6]` is six steps of one number each.
            shape = (*shape, Size.of(1))
        # `float32[4, 28, 28, 1] {grid=[28, 28]}`: steps, the grid, features.
        steps = shape[: len(shape) - 1 - len(grid)]
        if shape[len(steps) : -1] != grid:
            raise error_at(tree, f"{dtype} values do not have {len(shape)} axes here")
        return (steps[0] if steps else None), shape[-1]
