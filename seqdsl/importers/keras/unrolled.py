"""``ops.scan`` while a layer is followed on symbolic inputs → its iterations one by one, as Python would run them.

What a loop begins with may be numbers (zeros, the id 0); an iteration that reads them alone would be computed, and not
followed, so that they are symbols as well.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import keras
from keras import ops, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST = 512
"""How many iterations are followed, at most."""


class Starts:
    """What loops begin with that is no symbol: the symbols in its place, and the numbers.

    Attributes:
        given: pairs of both.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self.given: list[tuple[Any, Any]] = []

    def symbol(self, leaf: Any) -> Any:
        """A symbol in place of numbers."""
        if isinstance(leaf, keras.KerasTensor) or not hasattr(leaf, "shape"):
            return leaf
        made = keras.Input(
            batch_shape=tuple(leaf.shape), dtype=keras.backend.standardize_dtype(leaf.dtype)
        )
        self.given.append((made, ops.convert_to_numpy(leaf)))
        return made


@contextmanager
def scans_unrolled(starts: Starts) -> Iterator[None]:
    """Let ``ops.scan`` call its function once for each iteration."""
    usual = ops.scan

    def scan(
        f: Callable[[Any, Any], tuple[Any, Any]],
        init: Any,
        xs: Any = None,
        length: int | None = None,
        reverse: bool = False,
        unroll: int = 1,
    ) -> tuple[Any, Any]:
        del unroll
        read = tree.flatten(xs)
        count = int(read[0].shape[0]) if read and read[0] is not None else int(length or 0)
        if count > _MOST:
            raise ValueError(f"a loop of {count} iterations is too long to be followed")
        carry, made = tree.map_structure(starts.symbol, init), []
        order = range(count)[::-1] if reverse else range(count)
        for turn in order:
            carry, given = f(carry, None if xs is None else _at(xs, turn))
            made.append(given)
        if reverse:
            made.reverse()
        return carry, tree.map_structure(lambda *turns: ops.stack(turns), *made)

    ops.scan = keras.ops.scan = scan
    try:
        yield
    finally:
        ops.scan = keras.ops.scan = usual


def _at(xs: Any, turn: int) -> Any:
    """What an iteration reads of sequences whose first axis is that of iterations."""
    return tree.map_structure(lambda item: item[turn], xs)
