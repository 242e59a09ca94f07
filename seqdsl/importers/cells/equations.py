"""values of a step → the equations of a cell: one for each state, gate, and value that is read more than once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seqdsl.cells.cell import (
    Activation,
    Binary,
    Cell,
    CellParameter,
    Choice,
    Concat,
    Dense,
    Equation,
    Extreme,
    Name,
    Normalize,
    Number,
    Operator,
    Parts,
    Scale,
)
from seqdsl.importers.cells.arithmetic import refused
from seqdsl.importers.cells.values import (
    Applied,
    Bias,
    Both,
    Joined,
    Leaf,
    Normal,
    Part,
    Plain,
    Product,
    Scaled,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.cells.cell import CellExpression
    from seqdsl.importers.cells.values import Held, Values

UNITS = "units"

_GATES = ("sigmoid", "hard_sigmoid")


class Equations:
    """Writes the equations of one cell.

    Attributes:
        held: the weights, in the order in which `Cell.weighted` has them.
    """

    def __init__(
        self,
        values: Values,
        output: int,
        states: dict[str, int],
        units: int,
        called: Mapping[int, str],
    ) -> None:
        """Begin.

        Args:
            values: the values of a step.
            output: the one that is the output.
            states: the new values of the states that steps read, by their names.
            units: the features of the output.
            called: names of values, from the cell's code.
        """
        self.values, self.states, self.units = values, states, units
        self.called = called
        self.output = output
        self.names: dict[int, str] = {}
        self.held: dict[str, Held] = {}
        self._splits: dict[int, tuple[str, ...]] = {}
        self._parts: dict[int, str] = {}
        self._taken = {"x", *states}
        self._output = self._own_name()
        self._roots = tuple(dict.fromkeys([*states.values(), output]))
        self._uses = self._counted()
        self._name_all()

    def cell(self, name: str) -> Cell:
        """The cell, under a name."""
        equations = [item for at in self._order for item in self._equations(at)]
        equations += [Equation((name,), Name(self.names[at])) for name, at in self._again()]
        return Cell(name, (CellParameter(UNITS),), tuple(equations))

    def _own_name(self) -> str:
        """The name of the output: a state's whose new value it is."""
        own = [name for name, at in self.states.items() if at == self.output]
        return own[0] if own else self._free("y" if "h" in self.states else "h")

    def _reached(self) -> list[int]:
        """All values that count, each behind those that it is made of."""
        found: set[int] = set()
        waiting = list(self._roots)
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += self.values.within(at)
        return sorted(found)

    def _counted(self) -> Counter[int]:
        uses = Counter(self._roots)
        for at in self._reached():
            # A value that is only cut has no name beside those of its parts.
            if not isinstance(self.values.nodes[at], Part):
                uses.update(self.values.within(at))
        return uses

    def _name_all(self) -> None:
        """Choose the values that get names, and the order of their equations."""
        roots, reached = set(self._roots), self._reached()
        for at in reached:
            self._split(at)
        named = [at for at in reached if at in roots or self._is_named(at)]
        # A value stands behind those that it is made of: by their numbers, equations are in order.
        self._order = sorted({*named, *self._splits})
        for at in named:
            self.names[at] = self._root_name(at) if at in roots else self._new_name(at)
        # The last equation is that of the output.
        if self.names[self.output] == self._output and any(True for _ in self._again()):
            self.names[self.output] = self._free(f"new_{self._output}")

    def _is_named(self, at: int) -> bool:
        node = self.values.nodes[at]
        if isinstance(node, Leaf | Plain | Bias | Part):
            return False
        # sigmoid(dense(x, h)) is a gate, which papers give a name even where it is read once.
        is_gate = isinstance(node, Applied) and node.word in _GATES
        return self._uses[at] > 1 or (is_gate and self._has_product(at))

    def _has_product(self, at: int) -> bool:
        node = self.values.nodes[at]
        return isinstance(node, Product) or any(map(self._has_product, self.values.within(at)))

    def _root_name(self, at: int) -> str:
        """The name of a state, or another one where equations below still read the state of the step before."""
        own = [name for name, value in self.states.items() if value == at]
        name = self._output if at == self.output else own[0] if own else self._output
        # c = h / 2 + c; h = tanh(dense(x, c)): the second would read the new `c`, and is to read the old one.
        below = self._order[self._order.index(at) + 1 :]
        is_read = any(name in self._leaves(item, is_root=True) for item in below)
        is_last = at != self.output or not below
        return name if not is_read and is_last else self._free(f"new_{name}")

    def _again(self) -> Iterator[tuple[str, int]]:
        """The states, and at last the output, that have not got their own equations."""
        wanted = {name: at for name, at in self.states.items() if name != self._output}
        for name, at in [*wanted.items(), (self._output, self.output)]:
            if self.names[at] != name:
                yield name, at

    def _leaves(self, at: int, *, is_root: bool = False) -> set[str]:
        """The names of leaves that an equation reads."""
        node = self.values.nodes[at]
        if isinstance(node, Leaf):
            return {node.name}
        if not is_root and (at in self._order or isinstance(node, Part)):
            return set()
        # What is written within the equation, down to what has a name.
        within = self.values.within(at)
        return set().union(*(self._leaves(item) for item in within))

    def _split(self, at: int) -> None:
        """Names for all equal parts of a value of which this is one."""
        node = self.values.nodes[at]
        if not isinstance(node, Part):
            return
        # i, f, g, o = split(layernorm(...), 4): the second part is `f`, whether or not `i` is read.
        width = node.stop - node.start
        count, rest = divmod(self.values.widths[node.of], width)
        if rest or node.start % width:
            raise refused("which takes parts of a value that are not equally large")
        known = self._splits.setdefault(node.of, tuple(self._free("part") for _ in range(count)))
        if len(known) != count:
            raise refused("which takes parts of a value that are not equally large")
        self._parts[at] = known[node.start // width]

    def _new_name(self, at: int) -> str:
        node = self.values.nodes[at]
        if at in self.called:
            return self._free(self.called[at])
        if isinstance(node, Applied):
            return self._free("gate" if node.word in _GATES else "candidate")
        return self._free("value")

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name

    def _equations(self, at: int) -> Iterator[Equation]:
        if at in self.names:
            yield Equation((self.names[at],), self._expression(at))
        if at in self._splits:
            names = self._splits[at]
            yield Equation(names, Parts(self._value(at), len(names)))

    def _value(self, at: int) -> CellExpression:
        return Name(self.names[at]) if at in self.names else self._expression(at)

    def _expression(self, at: int) -> CellExpression:
        node = self.values.nodes[at]
        match node:
            case Leaf():
                return Name(node.name)
            case Part():
                return Name(self._parts[at])
            case Plain():
                return Number(node.value)
            case Applied():
                return Activation(node.word, self._value(node.of))
            case Scaled():
                return Scale(self._value(node.of), (self._weight(node.vector),))
            case Normal():
                inner = self._value(node.of)
                return Normalize(inner, (self._weight(node.scale), self._weight(node.shift)))
            case Joined():
                return Concat(tuple(map(self._value, node.of)))
            case Both(sign="max" | "min"):
                sides = (self._value(node.left), self._value(node.right))
                return Extreme(Choice(node.sign), sides)
            case Both() if node.sign != "+":
                left, right = self._value(node.left), self._value(node.right)
                return Binary(Operator(node.sign), left, right)
        return self._sum(list(self._terms(at, is_root=True)))

    def _terms(self, at: int, *, is_root: bool = False) -> Iterator[int]:
        """What is added: of ``x @ w + h @ u + b`` three."""
        node = self.values.nodes[at]
        if isinstance(node, Both) and node.sign == "+" and (is_root or at not in self.names):
            yield from self._terms(node.left)
            yield from self._terms(node.right)
        else:
            yield at

    def _sum(self, terms: Sequence[int]) -> CellExpression:
        """``dense(x, h) + scale(c)``, of products, vectors and other values that are added."""
        products = [node for at in terms if (node := self._product(at, terms)) is not None]
        nodes = [self.values.nodes[at] for at in terms]
        vectors = [node.vector for node in nodes if isinstance(node, Bias)]
        if len(vectors) > len(products):
            raise refused("which adds a vector of weights to no product with a matrix")
        found: list[CellExpression] = [*self._denses(products, vectors)]
        found += [
            self._value(at)
            for at in terms
            if not isinstance(self.values.nodes[at], Bias) and self._product(at, terms) is None
        ]
        whole = found[0]
        for item in found[1:]:
            whole = Binary(Operator.ADD, whole, item)
        return whole

    def _product(self, at: int, terms: Sequence[int]) -> Product | None:
        """A term as a product, unless it has an equation of its own."""
        node = self.values.nodes[at]
        is_apart = at in self.names and len(terms) > 1
        return node if isinstance(node, Product) and not is_apart else None

    def _denses(self, products: Sequence[Product], vectors: Sequence[Held]) -> Iterator[Dense]:
        # dense(x, h) has one bias; of two each has a product of its own: dense(x) + dense(h).
        # Kernels of two sizes need a product each, too.
        is_apart = len({item.matrix.shape[:-2] for item in products}) > 1
        last = (len(products) if is_apart else max(len(vectors), 1)) - 1
        for number in range(last + 1 if products else 0):
            chosen = products[number:] if number == last else products[number : number + 1]
            yield self._dense(chosen, vectors[number] if number < len(vectors) else None)

    def _dense(self, products: Sequence[Product], bias: Held | None) -> Dense:
        *window, _, features = products[0].matrix.shape
        weights = [self._weight(item.matrix) for item in products]
        if bias is not None:
            weights.append(self._weight(bias))
        operands = tuple(self._value(item.of) for item in products)
        kernel = Size.of(window[0]) if window else None
        return Dense(operands, self._size(features), bias is not None, tuple(weights), kernel)

    def _size(self, features: int) -> Size:
        # 4 * units of a cell of 8 are 32; of one unit every number would be so many times that.
        times, rest = divmod(features, self.units)
        if rest or self.units == 1:
            return Size.of(UNITS) if features == self.units else Size.of(features)
        return Size.of(UNITS) * times

    def _weight(self, held: Held) -> str:
        name = f"w{len(self.held)}"
        self.held[name] = held
        return name
