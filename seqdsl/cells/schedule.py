"""cell → schedule: what of its equations is computed for all steps at once, and what at each step.

f = sigmoid(dense(x, h))        the matrices of x, f_x and n_x, meet all steps at once, and as one matrix
i = sigmoid(dense(x, h))        those of h, f_h and i_h, meet one state at each step: one matrix, too
n = tanh(dense(x, f * h))       that of f * h waits for f
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import (
    READ,
    Dense,
    Dropout,
    Name,
    Parts,
    Weighted,
    Zoneout,
    children,
    walk,
)
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.cells.cell import Cell, CellExpression, Equation
    from seqdsl.size import Size


@record(frozen=True)
class Product:
    """One matrix of a `dense`, and what it is multiplied by.

    Attributes:
        weight: the matrix.
        operand: what it is multiplied by.
        bias: the bias that is added with it; empty: none.
        kernel: how many places its window has in height and width; ``None``: it has none.
    """

    weight: str
    operand: CellExpression
    bias: str = ""
    kernel: Size | None = None


@record(frozen=True)
class Step:
    """An equation of each step, and the products that are computed together before it.

    Attributes:
        equation: the equation.
        products: groups of products that share what they are multiplied by.
    """

    equation: Equation
    products: tuple[tuple[Product, ...], ...]


@record(frozen=True)
class Schedule:
    """The equations of a cell in the order in which they are computed.

    Attributes:
        ahead: equations of `x` alone, for all steps at once.
        products: the products of `x` alone in the other equations, in groups that share what is multiplied.
        steps: the equations of each step.
        names: the names that are known for all steps at once.
    """

    ahead: tuple[Equation, ...]
    products: tuple[tuple[Product, ...], ...]
    steps: tuple[Step, ...]
    names: frozenset[str]

    @property
    def is_ahead(self) -> bool:
        """Whether anything is computed for all steps at once."""
        return bool(self.ahead or self.products)

    @property
    def joins(self) -> tuple[tuple[Product, ...], ...]:
        """The products of each step whose matrices meet the same value, and may be one."""
        return tuple(group for step in self.steps for group in step.products)


def products_of(dense: Dense) -> Iterator[Product]:
    """The products of a `dense`; its bias belongs to the first."""
    bias = "" if dense.bias is False else dense.weights[-1]
    for number, (operand, weight) in enumerate(zip(dense.operands, dense.weights, strict=False)):
        yield Product(weight, operand, bias if number == 0 else "", dense.kernel)


def schedule(cell: Cell) -> Schedule:
    """When each part of a cell is computed."""
    # new = tanh(dense(x)); f = sigmoid(dense(new, h)): `new` is known for all steps at once, and so is its product.
    known, ahead, rest = {READ}, [], []
    for equation in cell.equations:
        # What is carried on has another value before its equation: it stays where it is.
        # c = f * c + i * g; h = o * tanh(c)
        is_carried = any(name in cell.carried for name in equation.names)
        if not is_carried and _is_ahead(equation.value, known):
            ahead.append(equation)
            known.update(equation.names)
        else:
            rest.append(equation)
    of_x = [
        product
        for equation in rest
        for dense in _denses(equation)
        for product in products_of(dense)
        if _is_ahead(product.operand, known)
    ]
    steps = _steps(rest, {product.weight for product in of_x})
    return Schedule(tuple(ahead), tuple(_groups(of_x)), tuple(steps), frozenset(known))


def ahead_of(plan: Schedule) -> frozenset[int]:
    """What is computed for all steps at once, by the identity of each part: two draws may look the same."""
    values = [equation.value for equation in plan.ahead]
    operands = [item.operand for group in plan.products for item in group]
    return frozenset(id(part) for value in (*values, *operands) for part in walk(value))


def read_at_steps(plan: Schedule) -> frozenset[str]:
    """The names that the equations of a step read, besides what products that are computed ahead read."""
    done = {item.weight for group in plan.products for item in group}
    values = (step.equation.value for step in plan.steps)
    return frozenset(name for value in values for name in _read(value, done))


def _read(value: CellExpression | Parts, done: set[str]) -> Iterator[str]:
    if isinstance(value, Name):
        yield value.name
    elif isinstance(value, Dense):
        for product in products_of(value):
            if product.weight not in done:
                yield from _read(product.operand, done)
    else:
        for child in children(value):
            yield from _read(child, done)


def _denses(equation: Equation) -> Iterator[Dense]:
    return (item for item in walk(equation.value) if isinstance(item, Dense))


def _is_ahead(value: CellExpression | Parts, known: set[str]) -> bool:
    """Whether a value depends on nothing but `x` and what is made of it, and on no chance at each step."""
    # A number alone is nothing of x: `names` is empty, and it stays in the loop.
    items = list(walk(value))
    names = {item.name for item in items if isinstance(item, Name)}
    return bool(names) and names <= known and not any(isinstance(item, Zoneout) for item in items)


def _groups(products: list[Product]) -> list[tuple[Product, ...]]:
    """The products, those together that share what they are multiplied by."""
    # f_x and n_x of x are one group, n_fh of f * h another: records that say the same are equal.
    groups: dict[object, list[Product]] = {}
    for product in products:
        # dense(dropout(x, 0.1)) in two lines: equal records, but two masks
        is_drawn = any(isinstance(item, Dropout) for item in walk(product.operand))
        # dense(h) and conv2d(h, kernel=3), or windows of 3 and of 5 places, cannot be one product.
        key = id(product) if is_drawn else (product.operand, product.kernel)
        groups.setdefault(key, []).append(product)
    return [tuple(group) for group in groups.values()]


def _steps(equations: list[Equation], done: set[str]) -> Iterator[Step]:
    """The equations of each step, and before each the products that others share with it."""
    for number, equation in enumerate(equations):
        here = [item for item in _simple(equation) if item.weight not in done]
        groups = []
        for group in _groups(here):
            names = {item.name for item in walk(group[0].operand) if isinstance(item, Name)}
            # One that is alone is computed where it is used.
            later = list(_sharing(group[0], names, equations[number:]))
            if len(later) > 1:
                groups.append(tuple(later))
                done |= {item.weight for item in later}
        yield Step(equation, tuple(groups))


def _sharing(first: Product, names: set[str], equations: list[Equation]) -> Iterator[Product]:
    """The products of an operand from an equation on, as long as the operand has the same value."""
    wanted = (first.operand, first.kernel)
    # i = dense(x, h); h = tanh(i); o = dense(x, h): the second h is another one
    for equation in equations:
        yield from (item for item in _simple(equation) if (item.operand, item.kernel) == wanted)
        if names & set(equation.names):
            return


def _simple(equation: Equation) -> Iterator[Product]:
    """The products of an equation whose operand has no weights and no chance in it."""
    for dense in _denses(equation):
        for product in products_of(dense):
            # dense(dropout(h, 0.1)): two such values are two draws, whatever they are written like
            parts = walk(product.operand)
            if not any(isinstance(item, Weighted | Dropout | Zoneout) for item in parts):
                yield product
