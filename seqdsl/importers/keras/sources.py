"""the inputs of a model → blocks ``input`` and ``tokens``: what they are is told by what reads them, later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.hints import GRIDS, LENGTHS, TOKENS
from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import Value
from seqdsl.importers.keras.written import written
from seqdsl.layout.wiring import Block
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from seqdsl.importers.keras.ledger import Ledger
    from seqdsl.importers.keras.network import Record

    Ids = NDArray[np.int64]


@record(frozen=True)
class Input:
    """An input of the model.

    Attributes:
        block: its block.
        name: its name.
        is_tokens: whether it holds ids of tokens.
        steps: how many steps it has; ``None``: it is a vector.
        shape: what each of them holds.
    """

    block: int
    name: str
    is_tokens: bool
    steps: int | None
    shape: tuple[int, ...]

    @property
    def is_single_number(self) -> bool:
        """Whether it holds a whole number for each sample."""
        return self.is_tokens and self.steps is None and not self.shape


class Sources:
    """The inputs so far, by their blocks."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin without any."""
        self._ledger = ledger
        self.inputs: dict[int, Input] = {}
        # Which input the steps of another one are counted for.
        self.counted: dict[int, int] = {}
        self._vocabularies: dict[int, int] = {}

    def add(
        self,
        record: Record,
        name: str,
        lengths: Mapping[tuple[int, int], int],
        hints: frozenset[tuple[str, str]],
    ) -> Value:
        """Note an input.

        Raises:
            Refused: it is none of the language.
        """
        whole = _is_whole(record.config)
        is_tokens = whole or (record.path, TOKENS) in hints
        axes = _shape(record)
        sizes = tuple(
            lengths.get((len(self.inputs), number), size) for number, size in enumerate(axes)
        )
        steps = sizes[0] if _has_steps(axes, is_tokens, (record.path, GRIDS) in hints) else None
        shape = sizes if steps is None else sizes[1:]
        if None in shape or not (is_tokens or shape):
            raise Refused("an input has features, and their number must be known")
        block = len(self._ledger.blocks)
        call = "" if is_tokens else f"input({', '.join(map(str, shape))})"
        ids = self._ledger.add(Block(name, call, steps), shape, record.path)
        self.inputs[block] = Input(block, record.name, is_tokens, steps, shape)
        if (record.path, LENGTHS) in hints:
            self.counted[block] = self._counted(block)
        return Value(ids, whole=whole)

    def _counted(self, block: int) -> int:
        """The input of which another one has the lengths: that whose name its own begins with, or the next.

        Raises:
            Refused: there is none before it.
        """
        free = [
            item for item in self.inputs.values() if item.steps and not self._is_counted(item.block)
        ]
        named = [item for item in free if self.inputs[block].name.startswith(item.name)]
        for item in (*named, *free):
            return item.block
        raise Refused(
            "it has the lengths of an input, and no such input comes before it",
            "give the lengths after the inputs, in the same order",
        )

    def _is_counted(self, block: int) -> bool:
        return block in self.counted.values()

    def without_lengths(self) -> None:
        """Take the lengths from the inputs: in a picture they are an argument of what they count.

        Raises:
            Refused: they do not stand behind all others, in the same order.
        """
        count = len(self.counted)
        if not count:
            return
        order = list(self.counted.values())
        if list(self.inputs)[-count:] != list(self.counted) or order != sorted(order):
            raise Refused(
                "lengths are among its inputs, and a picture's model takes them last",
                "give the lengths after the inputs, in the same order",
            )
        for block in self.counted:
            del self.inputs[block]

    def of(self, ids: Ids) -> list[Input]:
        """The inputs whose values ids are.

        Raises:
            Refused: some are the values of a layer.
        """
        entries = {self._ledger.entry(int(item)).block for item in np.unique(ids) if item}
        # Ids that the model chooses itself are of no input.
        entries -= {item for item in entries if self._ledger.blocks[item].call == "argmax"}
        if not entries <= self.inputs.keys():
            raise Refused("it reads computed values as if they were an input's")
        return [self.inputs[block] for block in sorted(entries)]

    def look_up(self, block: int, vocabulary: int) -> None:
        """Note that an embedding looks up an input's ids.

        Raises:
            Refused: another has another vocabulary.
        """
        if self._vocabularies.setdefault(block, vocabulary) != vocabulary:
            raise Refused(
                f"its vocabulary is {vocabulary}, and that of another embedding of the same ids "
                f"{self._vocabularies[block]}"
            )

    def calls(self, masked: Mapping[int, float | int | None]) -> dict[int, str]:
        """What each input is in the language; ``masked``: the value that marks padding, where it has some.

        Raises:
            Refused: nothing looks up an input's ids.
        """
        found = {}
        for block, item in self.inputs.items():
            if block in self.counted:
                continue
            mask = LENGTHS if self._is_counted(block) else masked.get(block)
            if mask == LENGTHS and block not in masked:
                raise Refused(f"nothing uses the lengths of `{item.name}`")
            if not item.is_tokens:
                found[block] = _numbers(item, mask)
                continue
            if block not in self._vocabularies:
                raise Refused(f"no Embedding reads `{item.name}`, an input of whole numbers")
            found[block] = _tokens(item, self._vocabularies[block], mask)
        return found


def _numbers(item: Input, mask: float | str | None) -> str:
    sizes = ", ".join(map(str, item.shape))
    if mask == LENGTHS:
        return f"input({sizes}, lengths=true)"
    if mask is None:
        return f"input({sizes})"
    shown = written("input", features=1, mask=mask).partition(", ")[2]
    return f"input({sizes}, {shown}"


def _tokens(item: Input, vocabulary: int, mask: float | str | None) -> str:
    sizes = ", ".join(map(str, (vocabulary, *item.shape)))
    if mask == LENGTHS:
        return f"tokens({sizes}, lengths=true)"
    return f"tokens({sizes})" if mask is None else f"tokens({sizes}, mask={int(mask)})"


def _has_steps(axes: tuple[Any, ...], is_tokens: bool, grids: bool) -> bool:
    """Whether the first axis of an input are steps.

    ::

        (8,)  (28, 28, 1)                        no, one value, unless the first is free
        (5, 8)  (None, 8)  (20, 28, 28, 1)       yes
        ids: ()                                  no
             (5,)  (5, 12)                       yes
    """
    if is_tokens:
        return len(axes) > 0
    if len(axes) == 3:
        return grids or axes[0] is None
    return len(axes) > 1


def _shape(record: Record) -> tuple[Any, ...]:
    config = record.config
    shape = config.get("batch_shape") or config.get("batch_input_shape")
    if shape is None:
        raise Refused("its shape is unknown")
    return tuple(shape[1:])


def _is_whole(config: Mapping[str, Any]) -> bool:
    """Whether an input holds whole numbers.

    Raises:
        Refused: it holds none.
    """
    dtype = _dtype(config)
    if dtype.startswith(("string", "bool", "complex")):
        raise Refused(f"an input of {dtype} is not in the language")
    return dtype.startswith(("int", "uint"))


def _dtype(config: Mapping[str, Any]) -> str:
    dtype = config.get("dtype") or "float32"
    if isinstance(dtype, dict):
        dtype = dtype["config"]["name"]
    return str(dtype)
