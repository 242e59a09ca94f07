"""number ⇄ the place it stands for: values are given numbers of their own, to be found again where PyTorch moved them.

What a layer gives is overwritten with labels; a `flip`, a `cat` or a slice of PyTorch's moves them like any numbers,
and the next layer finds in them which numbers of which layer it reads. A label is a number that nothing else is likely
to be: of either sign, no integer, in no order. A function that computes (relu, abs, sort, cummax, clamp, a maximum) may
look as if it moved such numbers under one labeling; under three it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ids = NDArray[np.int64]

ZERO, CONSTANT = -1, -2
"""What is read instead of a place where a number is 0, or is no label."""

LABELINGS = 3

# A label of a float is a sign, one of 8 powers of two, and 22 bits of its fraction, the last bit of which is 1:
#
#     sign | exponent: 16 ... 2048 | 22 bits, 1
#
# float32 holds it exactly, and neither an integer nor a fraction that somebody writes has that last bit.
_BITS = 26
_SIZE = 1 << _BITS
_EXPONENT = 127 + 4
# Odd factors: the products of all places, modulo a power of two, are all different.
_FACTORS = (44_485_709, 29_943_829, 53_471_161)[:LABELINGS]
_INVERSES = tuple(pow(factor, -1, _SIZE) for factor in _FACTORS)
# Ids of tokens are whole numbers: 2 ** 26 and more, of either sign, which float32 would round.
_WHOLE = 1 << _BITS


def written(ids: Ids, dtype: torch.dtype, labeling: int = 0) -> torch.Tensor:
    """Places as labels; 0 where there is none.

    Args:
        ids: places, from 0 to 67 million, or `ZERO`.
        dtype: floats of at least 32 bits, or integers of as many.
        labeling: which of the labelings.

    Raises:
        OverflowError: there are too many.
    """
    if ids.size and ids.max() >= _SIZE:
        raise OverflowError("the model is too large to be read: it has more than 67 million values")
    mixed = ids * _FACTORS[labeling] % _SIZE
    values = _floats(mixed) if dtype.is_floating_point else _integers(mixed)
    return torch.from_numpy(np.where(ids == ZERO, 0, values)).to(dtype)


def _floats(mixed: Ids) -> NDArray[Any]:
    sign, power, fraction = mixed >> 25, (mixed >> 22) & 7, mixed & ((1 << 22) - 1)
    bits = (sign << 31) | ((power + _EXPONENT) << 23) | (fraction << 1) | 1
    return bits.astype(np.uint32).view(np.float32)


def _integers(mixed: Ids) -> NDArray[Any]:
    # The lowest bit tells the sign.
    return np.where(mixed & 1, -(_WHOLE + mixed), _WHOLE + mixed)


def read(tensor: torch.Tensor, count: int, labeling: int = 0) -> Ids:
    """The place of each number of a tensor, in its shape.

    Args:
        tensor: what PyTorch made of labels.
        count: how many places there are.
        labeling: which of the labelings its labels are of.
    """
    array = tensor.detach().cpu()
    if array.dtype == torch.bool or array.is_complex():
        return np.where(array.to(torch.bool).numpy(), CONSTANT, ZERO).astype(np.int64)
    if array.dtype in (torch.float16, torch.bfloat16):
        array = array.float()
    values = array.numpy()
    mixed = _of_floats(values) if array.dtype.is_floating_point else _of_integers(values)
    ids = np.where(mixed >= 0, mixed * _INVERSES[labeling] % _SIZE, CONSTANT)
    return np.where(values == 0, ZERO, np.where(ids < count, ids, CONSTANT)).astype(np.int64)


def _of_floats(values: NDArray[Any]) -> Ids:
    with np.errstate(over="ignore", invalid="ignore"):
        single = values.astype(np.float32)
    bits = single.reshape(-1).view(np.uint32).astype(np.int64).reshape(single.shape)
    sign, power, fraction = bits >> 31, ((bits >> 23) & 255) - _EXPONENT, bits & ((1 << 23) - 1)
    # A double that float32 rounds is no label.
    held = (power >= 0) & (power < 8) & (fraction & 1 == 1) & (single == values)
    return np.where(held, (sign << 25) | ((power & 7) << 22) | (fraction >> 1), -1)


def _of_integers(values: NDArray[Any]) -> Ids:
    mixed = np.abs(values.astype(np.int64)) - _WHOLE
    held = (mixed >= 0) & (mixed < _SIZE) & ((mixed & 1 == 1) == (values < 0))
    return np.where(held, mixed, -1)
