"""one call of a layer, as its reader gets it: its arguments as values, and where blocks are noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.names import PARTS
from seqdsl.importers.keras.refusals import Multiplied, Refused
from seqdsl.importers.keras.values import Value, values_in
from seqdsl.layout.wiring import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.keras.network import Config, Record
    from seqdsl.importers.keras.state import State
    from seqdsl.ir.direction import Direction
    from seqdsl.layout.wiring import Begun, Operand, Passed

    Ids = NDArray[np.int64]


class Site:
    """A call of a layer.

    Attributes:
        walk: what reads the model.
        record: the layer.
        args: its positional arguments, values in place of tensors.
        kwargs: its other arguments.
    """

    def __init__(
        self, walk: State, record: Record, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> None:
        """Note what is called, and with what."""
        self.walk, self.record, self.args, self.kwargs = walk, record, args, kwargs

    @property
    def config(self) -> Config:
        """The layer's arguments."""
        return self.record.config

    def option(self, name: str, default: Any = None) -> Any:
        """An argument of the call."""
        return self.kwargs.get(name, default)

    @property
    def values(self) -> list[Value]:
        """All tensors of the call but its masks.

        Raises:
            Refused: one is multiplied by a number.
        """
        found = values_in(self.args) + values_in(self.kwargs)
        if any(not item.is_plain for item in found):
            raise Multiplied()
        return found

    @property
    def value(self) -> Value:
        """The one tensor that a layer of one argument reads."""
        first, *others = self.values
        if others:
            raise Refused("it reads several tensors")
        return first

    def require(self, **wanted: Any) -> None:
        """Check that arguments of the layer are as the language has them.

        Raises:
            Refused: one is not.
        """
        for name, value in wanted.items():
            if self.config.get(name, value) != value:
                raise Refused(f"`{name}={self.config[name]}` is not in the language")

    def differs(self, what: str, *, numbers: bool = False) -> None:
        """Note something in which the picture's model differs."""
        self.walk.differs(self.record.path, what, numbers=numbers)

    def block(  # noqa: PLR0913 - all but four are options, given by name
        self,
        call: str,
        operands: tuple[Operand, ...],
        steps: int | None,
        shape: tuple[int, ...],
        *,
        direction: Direction | None = None,
        initial: Passed | Begun | None = None,
        part: str = "",
    ) -> Ids:
        """Note the block that the layer makes here.

        Args:
            call: as the language writes it.
            operands: what it reads.
            steps: how many it has; one alone is a vector.
            shape: what each of them holds.
            direction: of a recurrent one.
            initial: its initial state.
            part: which of several layers in this one it is: ``forward_layer``.

        Returns:
            The ids of its values, (samples, steps, *shape), or without steps for a vector.
        """
        path = f"{self.record.path}.{part}" if part else self.record.path
        if part in PARTS:
            self.walk.live[path] = getattr(self.record.live, part, None)
        alone = steps == 1
        made = Block(
            self.walk.names.of(path),
            call,
            None if alone else steps,
            operands,
            direction,
            initial,
        )
        ids = self.walk.ledger.add(made, shape, path)
        return ids[:, None] if alone else ids

    def has_steps(self, ids: Ids) -> bool:
        """Whether the first axis behind the samples, (samples, steps, ...), are steps, and not those of a grid."""
        if ids.ndim < 3:
            return False
        first = ids.ravel()[ids.ravel().nonzero()[0][:1]]
        if not len(first):
            return True
        entry = self.walk.ledger.entry(int(first[0]))
        # One step of several, as the last one of a row over images, is a grid as well.
        return entry.shape != ids.shape[1:]

    def for_chains(self, ids: Ids, apply: Callable[[Ids], list[Ids]]) -> list[Ids]:
        """Apply a layer to each chain of a batch that holds several of each sample.

        ::

            x = ops.reshape(x, (-1, 3, 5))      (samples * 2, 3, 5): two chains of three steps
        """
        count, rest = divmod(len(ids), SAMPLES)
        if rest or not count:
            raise Refused("it mixes the samples of a batch")
        if count == 1:
            return apply(ids)
        results = [apply(ids[number::count]) for number in range(count)]
        # One chain after the other in each sample, as they came.
        return [
            np.stack(parts, axis=1).reshape(len(ids), *parts[0].shape[1:])
            for parts in zip(*results, strict=True)
        ]
