"""call of a module on numbers of columns → values of a step: PyTorch moves the columns, a table reads what computes.

As in a whole model (`seqdsl.importers.torch.trace`), PyTorch itself runs the module. Each number of a tensor says which
feature of which value it is, and of which sample and place::

    x = _VALUES + feature + apart * place          (samples, features) or (samples, features, height, width)

Weights have numbers of their own: of `torch.cat([self.i.weight, self.f.weight])` as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from seqdsl.importers.cells.arithmetic import Arithmetic, Features, Weights, refused
from seqdsl.importers.torch.calls import Call, tensors
from seqdsl.importers.torch.cell_weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from seqdsl.importers.cells.values import Values

    Numbers = NDArray[np.int64]
    Reader = Callable[["CellTrace", Call], Any]

_VALUES = 1 << 40
"""Numbers from here on are columns; no number of a model is as large."""

_APART = 1 << 20
"""How far apart the numbers of two samples, or places, are."""

_CUTS = "chunk split tensor_split hsplit cat concat concatenate stack getitem setitem unbind narrow select"
_TURNS = """
    unsqueeze squeeze view view_as reshape reshape_as transpose permute flatten unflatten contiguous expand expand_as
    movedim moveaxis swapaxes swapdims t get
"""
_ASKS = """
    size dim numel new_zeros new_ones new_empty zeros_like ones_like empty_like is_contiguous is_floating_point len iter
    clone to type_as
"""
_MOVES = frozenset(f"{_CUTS} {_TURNS} {_ASKS}".split())
"""What moves numbers, or asks for a shape."""


class CellTrace(TorchFunctionMode):
    """A run of one step.

    Attributes:
        arithmetic: computes with the values.
        behind: how many axes are behind that of the features: 2 of images.
    """

    def __init__(self, values: Values, behind: int, table: Mapping[str, Reader]) -> None:
        """Begin with values that are there already, such as the states; the table has what computes."""
        super().__init__()
        self.arithmetic, self.behind, self._table = Arithmetic(values), behind, table

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Read one call."""
        call = Call(func, args, kwargs or {})
        if not any(map(self.is_numbered, tensors((args, kwargs)))):
            return call.run()
        if call.name in _MOVES:
            result = call.run()
            # `out[:, 0] = h` changes an argument.
            if any(_is_rounded(item) for item in tensors((result, args))):
                raise refused(f"whose `{call.name}` changes how precise numbers are")
            return result
        reader = self._table.get(call.name)
        if reader is None:
            raise refused(f"which calls `{call.name}`, for which equations have no operation")
        found = reader(self, call)
        # The result on numbers of columns is meaningless: PyTorch is run for its shape, and for changes in place.
        return self.fill(call.run(), found) if isinstance(found, Features) else found

    @staticmethod
    def is_numbered(tensor: torch.Tensor) -> bool:
        """Whether a tensor holds values, and not numbers of the code alone."""
        return tensor.is_floating_point() and bool((tensor >= _VALUES).any())

    def numbered(self, parts: tuple[int, ...], shape: tuple[int, ...]) -> torch.Tensor:
        """A tensor of values side by side, in its shape."""
        return self.fill(torch.empty(shape, dtype=torch.float64), Features(parts, ()))

    def fill(self, out: torch.Tensor, found: Features) -> torch.Tensor:
        """Overwrite a result with the numbers of the columns that it has."""
        axis = out.ndim - 1 - self.behind
        shape = [size for at, size in enumerate(out.shape) if at != axis]
        places = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(*shape, 1)
        columns = self.arithmetic.values.columns(found.parts)
        if columns.max() >= _APART:
            raise refused("which is too large to be read")
        whole = np.moveaxis(_VALUES + columns + _APART * places, -1, axis)
        if whole.shape != tuple(out.shape):
            raise refused("which combines values of different shapes")
        return out.copy_(torch.from_numpy(whole.astype(np.float64)))

    def read(self, value: Any) -> Any:
        """What a tensor holds: features, weights, or a number."""
        if not isinstance(value, torch.Tensor):
            return value
        numbers = value.detach().double().numpy()
        if not numbers.size or not (numbers >= _VALUES).any():
            return _number(numbers)
        if (numbers >= WEIGHTS).all():
            return Weights(numbers.astype(np.int64) - WEIGHTS)
        if (numbers < _VALUES).any() or (numbers >= WEIGHTS).any():
            raise refused("which fills in numbers, or puts weights beside values")
        return self._features(numbers.astype(np.int64) - _VALUES)

    def _features(self, numbers: Numbers) -> Features:
        axis = numbers.ndim - 1 - self.behind
        flat = np.moveaxis(numbers, axis, -1)
        flat = flat.reshape(-1, flat.shape[-1])
        columns = flat[0] % _APART
        # All samples and places have the columns of the first: else something other than features was moved.
        if not np.array_equal(flat, columns + _APART * np.arange(len(flat))[:, None]):
            raise refused("which moves something other than features")
        return Features(self.arithmetic.values.gathered(columns), ())

    def vector(self, value: Any) -> Any:
        """The same, of weights that stand for themselves: a factor for each channel, (channels, 1, 1)."""
        found = self.read(value)
        if (
            not isinstance(found, Weights)
            or not self.behind
            or found.numbers.ndim < 1 + self.behind
        ):
            return found
        if any(size != 1 for size in found.numbers.shape[-self.behind :]):
            raise refused("which has weights for each place of an image")
        return Weights(found.numbers.reshape(-1))


def _is_rounded(tensor: torch.Tensor) -> bool:
    return tensor.dtype != torch.float64 and CellTrace.is_numbered(tensor)


def _number(numbers: NDArray[Any]) -> float:
    if not numbers.size or (numbers != numbers.flat[0]).any():
        raise refused("which computes with numbers of its own")
    return float(numbers.flat[0])
