"""what stands for a tensor while a model is read: ids in place of numbers, or numbers that masks are made of."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from seqdsl.records import record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ids = NDArray[np.int64]


@record(frozen=True)
class Truth:
    """A tensor that masks are made of, with its numbers for some samples of which random steps are padding.

    Keras makes masks by operations (``x != 0``, ``any``, ``or``): they are not recognized, they are computed, and what
    comes out is compared with what the picture's rules give for the same samples.

    Attributes:
        numbers: of all samples.
        origins: the blocks of the inputs that it tells of.
    """

    numbers: Any
    origins: frozenset[int] = field(default_factory=frozenset)


@record(frozen=True)
class Value:
    """A tensor of the model's values.

    Attributes:
        ids: where each of its numbers comes from (see `seqdsl.importers.keras.ledger`).
        whole: whether it holds whole numbers, such as ids of tokens.
        mask: the mask that Keras keeps with it.
        filled: a mask, and the number that padded steps have: what combines steps may leave them out by it.
        factor: what its numbers are multiplied by: only an attention can take such a query.
    """

    ids: Ids
    whole: bool = False
    factor: float = 1.0
    filled: tuple[Truth, float] | None = None
    mask: Truth | None = None

    @property
    def is_plain(self) -> bool:
        """Whether its numbers are those that its ids say."""
        return self.factor == 1 and self.filled is None


class Unknown:
    """A tensor of something that cannot be read: what reads it is not blamed for it."""


UNKNOWN = Unknown()


def leaves(arguments: Any) -> list[Any]:
    """All that stands in the arguments of a call, in order."""
    if isinstance(arguments, dict):
        arguments = list(arguments.values())
    if isinstance(arguments, slice):
        arguments = [arguments.start, arguments.stop, arguments.step]
    # A named tuple, such as a constant, is a leaf.
    if type(arguments) in (list, tuple):
        return [value for item in arguments for value in leaves(item)]
    return [arguments]


def values_in(arguments: Any) -> list[Value]:
    """The values in the arguments of a call, in order."""
    return [item for item in leaves(arguments) if isinstance(item, Value)]


def replaced(arguments: Any, change: Any) -> Any:
    """Arguments with something else in place of the leaves; lists, tuples, dictionaries and slices stay."""
    if isinstance(arguments, dict):
        return {name: replaced(item, change) for name, item in arguments.items()}
    if isinstance(arguments, slice):
        parts = (arguments.start, arguments.stop, arguments.step)
        return slice(*(replaced(item, change) for item in parts))
    if type(arguments) in (list, tuple):
        return type(arguments)(replaced(item, change) for item in arguments)
    return change(arguments)
