"""a function that only moves values → where each of its results comes from, by running it on labels.

Every value of the model has an id; 0 is a zero that nothing is wired to. A slice, a reshape or a Lambda is not
recognized by its name: it is run, by Keras, on arrays of labels, one for each id, and what comes out says which value
stands where. A function that computes must not look as if it moved, so that labels are signed, not whole, of several
magnitudes and in random order, and all labelings have to tell the same::

    ids        3    4    5            x[:, ::-1]                 5  4  3
    labels    -1.5  0.5  2.5  ->  2.5  0.5 -1.5   in one          moves
               2.5 -0.5 -1.5  -> -1.5 -0.5  2.5   in another
                                     relu: 0  0.5  2.5,  2.5  0  0: computes, they do not agree
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from keras import ops

from seqdsl.importers.keras.refusals import Computes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Ids = NDArray[np.int64]

_SCALES = (1.0, 2.0**-30, 2.0**24, 2.0**-6)
"""Of the labelings. tanh is the identity of tiny numbers, clipping of small ones, rounding of large ones."""


def moved(run: Callable[[list[Any]], Any], read: Sequence[Ids], *, whole: bool = False) -> Any:
    """The ids of what a function gives.

    Args:
        run: takes a tensor for each of ``read``, and gives a tensor, or lists of such.
        read: the ids of what it takes.
        whole: whether they are of whole numbers, as those of tokens are.

    Returns:
        An array of ids in place of each tensor.

    Raises:
        Computes: it gives values that are none of those it was given.
    """
    known = np.unique(np.concatenate([item.ravel() for item in read] or [np.zeros(0, int)]))
    known = known[known != 0]
    results = [_once(run, read, known, number, whole) for number in range(len(_SCALES))]
    first, *others = results
    if any(not _same(first, other) for other in others):
        raise Computes
    return first


def _once(
    run: Callable[[list[Any]], Any], read: Sequence[Ids], known: Ids, number: int, whole: bool
) -> Any:
    labels = _labels(len(known), number, whole)
    # The label of no value is 0; that of an unused place is never looked at.
    table = np.concatenate([np.zeros(1, labels.dtype), labels])
    places = [np.where(item == 0, 0, np.searchsorted(known, item) + 1) for item in read]
    tensors = [ops.convert_to_tensor(table[item]) for item in places]
    order = np.argsort(labels)

    def ids(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [ids(item) for item in value]
        array = ops.convert_to_numpy(value)
        at = np.clip(np.searchsorted(labels[order], array), 0, max(len(labels) - 1, 0))
        found = order[at] if len(labels) else np.zeros(array.shape, int)
        zero = array == 0
        if len(labels) == 0 and not zero.all():
            raise Computes
        if len(labels) and not (zero | (labels[found] == array)).all():
            raise Computes
        return np.where(zero, 0, known[found] if len(known) else 0)

    return ids(run(tensors))


def _labels(count: int, number: int, whole: bool) -> Any:
    random = np.random.default_rng(number)
    signs = random.choice([-1, 1], count)
    order = random.permutation(count)
    if whole:
        return (signs * (2 * order + 3)).astype(np.int32)
    # Halves are exact in single precision up to 2 ** 23 of them.
    return (signs * (order + 0.5) * _SCALES[number]).astype(np.float32)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(np.array_equal(left, right))
