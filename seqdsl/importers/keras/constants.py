"""weights that a layer uses itself, numbers of its code → ``position`` and ``learned``: rows that nothing enters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.network import Constant
from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import UNKNOWN, Value
from seqdsl.importers.keras.written import written
from seqdsl.layout.wiring import Block, Bus, Steps
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.keras.held import Held
    from seqdsl.importers.keras.ledger import Ledger
    from seqdsl.importers.keras.names import Names
    from seqdsl.importers.keras.network import Record

    Ids = NDArray[np.int64]


@record(frozen=True)
class Table:
    """A trained table: which block it is, and how many vectors of how many features."""

    block: int
    most: int
    features: int


class Constants:
    """The rows without wires so far."""

    def __init__(self, ledger: Ledger, names: Names) -> None:
        """Begin without any."""
        self._ledger, self._names = ledger, names
        self._known: dict[int, Value] = {}
        self.tables: list[Table] = []
        self.live: dict[str, Any] = {}
        # Weights that a custom layer holds itself, by their paths.
        self.bare: dict[str, Any] = {}

    def held(self, item: Held, place: str, layer: Any) -> Value:
        """The ids of a weight, without samples: (vectors, features).

        Args:
            item: the weight.
            place: the path of the layer that uses it; empty: it is the whole model.
            layer: that layer.
        """
        number = id(item.variable)
        if number not in self._known:
            shape = tuple(item.variable.shape)
            most, features = shape if len(shape) == 2 else (1, *shape)
            # The layer itself, where it has nothing else, or the embedding in it.
            is_own = item.owner is layer
            names = [place] if is_own else [place, item.owner.name]
            if is_own and len(layer.weights) > 1:
                names.append(item.variable.name)
            path = ".".join(filter(None, names))
            block = Block(self._names.of(path), "learned", most)
            ids = self._ledger.add(block, (features,), path)
            table = Table(len(self._ledger.blocks) - 1, most, features)
            self._ledger.constant.add(table.block)
            self.tables.append(table)
            if is_own:
                self.bare[path] = item.variable
            else:
                self.live[path] = item.owner
            self._known[number] = Value(ids[0] if len(shape) == 2 else ids[0][0])
        return self._known[number]

    def start(self, item: Constant) -> Any:
        """What a loop begins with: zeros, or the id 0; anything else is nothing that could be drawn."""
        numbers = np.asarray(item.values)
        is_zero = not numbers.any()
        return (
            Value(np.zeros(numbers.shape, int), numbers.dtype.kind == "i") if is_zero else UNKNOWN
        )

    def whole(self, ids: Ids) -> int | None:
        """The table that ids, (vectors, features), are all of; ``None``: they are none, or a part of one."""
        for table in self.tables:
            entry = self._ledger.of_block(table.block)
            every = np.arange(entry.start, entry.start + entry.size)
            if np.array_equal(ids, every.reshape(table.most, table.features)):
                return table.block
        return None

    def value(self, item: Any, record: Record) -> Any:
        """Numbers of a layer's code as a row, (samples, steps, features); anything else is as it is.

        Raises:
            Refused: they are none that the language has.
        """
        if not isinstance(item, Constant):
            return item
        numbers = np.asarray(item.values)
        if not numbers.any():
            return Value(np.zeros(numbers.shape, int))
        code = numbers.reshape(-1, *numbers.shape[-2:])
        alike = numbers.ndim > 1 and all(np.array_equal(code[0], other) for other in code)
        if not alike or not np.allclose(code[0], _sines(*code[0].shape), atol=1e-4):
            raise Refused("it uses numbers of its own, which are none that the language has")
        steps, features = code[0].shape
        call = written("position", features=features, code="sin")
        block = Block(self._names.of(record.path), call, steps)
        ids = self._ledger.add(block, (features,), record.path)
        self._ledger.constant.add(len(self._ledger.blocks) - 1)
        return Value(np.broadcast_to(ids[0], numbers.shape))

    def finish(self, *, is_free: bool) -> None:
        """Write the tables, now that it is known what reads them.

        Args:
            is_free: whether a length of the model is free.

        Raises:
            Refused: what is read of one is not its first vectors.
        """
        blocks = self._ledger.blocks
        for table in self.tables:
            read = {item for block in blocks for item in _steps_of(block, table.block)}
            if not read:
                continue
            steps = max(read) + 1
            if read != set(range(steps)):
                raise Refused(f"`{blocks[table.block].layer}` is not read from its first vector on")
            call = self._call(table, steps, is_free=is_free)
            self._ledger.change(table.block, call=call, steps=None if steps == 1 else steps)

    def _call(self, table: Table, steps: int, *, is_free: bool) -> str:
        # A code of the step's number is read beside, or added to, something else of each step.
        counted = steps > 1 and any(_is_beside(block, table.block) for block in self._ledger.blocks)
        if not counted and steps < table.most:
            raise Refused("it reads some of the vectors of a table that has more")
        if not counted:
            return written("learned", features=table.features)
        # As many as the steps there are anyway, unless their number is free.
        most = None if table.most == steps and not is_free else table.most
        return written("position", features=table.features, most=most)


def _steps_of(block: Block, table: int) -> Iterator[int]:
    for operand in block.operands:
        rows = (operand.sources,) if isinstance(operand, Bus) else operand.of
        yield from (part.step for row in rows for part in row if part and part.block == table)
    for part in getattr(block.initial, "sources", ()):
        if part.block == table:
            yield part.step


def _is_beside(block: Block, table: int) -> bool:
    """Whether each step of a block reads its own step of a table, and something else."""
    rows = [item.of for item in block.operands if isinstance(item, Steps)]
    read: Sequence[Any] = [
        [part for row in step for part in row] for step in zip(*rows, strict=False)
    ]
    own = [
        len(parts) > 1 and any(part == (table, at) for part in map(_pair, parts))
        for at, parts in enumerate(read)
    ]
    return bool(own) and all(own)


def _pair(part: Any) -> tuple[int, int]:
    return (-1, -1) if part is None else (part.block, part.step)


def _sines(steps: int, features: int) -> Any:
    """Sine in even, cosine in odd features of each step's number (Vaswani et al. 2017)."""
    places = np.arange(features)
    angles = np.arange(steps)[:, None] * 10000.0 ** -((places // 2 * 2) / features)
    return np.where(places % 2, np.cos(angles), np.sin(angles))
