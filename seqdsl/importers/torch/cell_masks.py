"""mask among the arguments of a cell → which steps it calls padding, apart from what the cell reads.

::

    outputs, (h, c) = self.cell(x, mask=ids != 0)         (samples, steps)
    h = self.cell(x[:, step], h, padded[:, step, None])   (samples, 1), true where a step is padding

A picture's row lets its state wait at padded steps; whether a cell does is tried (`cell_forms.waits`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.importers.torch.trace import Trace


@record(frozen=True)
class Mask:
    """What is left of a mask among the arguments of a call.

    Attributes:
        shape: that of the tensor.
        dtype: the type of its numbers.
        is_padding: whether it is true where a step is padding; else it is true where one is valid.
    """

    shape: tuple[int, ...]
    dtype: torch.dtype
    is_padding: bool

    def fits(self, lead: tuple[int, ...]) -> bool:
        """Whether it has a number for each step: (samples, steps), or (samples,), and axes of one behind."""
        at = len(lead)
        return self.shape[:at] == lead and all(size == 1 for size in self.shape[at:])

    def of(self, valid: torch.Tensor) -> torch.Tensor:
        """The mask of other steps, (samples, steps); of a single one it has no axis of them."""
        made = ~valid if self.is_padding else valid
        behind = len(self.shape) - made.ndim
        # (samples, 1) of one step has its axis already, (samples,) has none.
        made = made[(..., *[None] * behind)] if behind >= 0 else made[:, 0]
        # A cell is run in double precision.
        return made.to(torch.float64 if self.dtype.is_floating_point else self.dtype)


def without_masks(trace: Trace, value: Any) -> Any:
    """Arguments with masks of padding, as `Mask` has them, in place of their tensors."""
    if isinstance(value, dict):
        return {name: without_masks(trace, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(without_masks(trace, item) for item in value)
    # What labels are in is a value that depends on a mask.
    is_mask = isinstance(value, torch.Tensor) and trace.padding_of(value) and value.numel()
    return _mask(value) if is_mask and not (trace.read(value) >= 0).any() else value


def _mask(value: torch.Tensor) -> Mask | torch.Tensor:
    """What a tensor without labels tells: a probe has no padding, so all its steps are alike."""
    is_none = value.dtype == torch.bool and not bool(value.any())
    # Other zeros are a state to begin with: `x.new_zeros(...)` of masked steps.
    if not is_none and not bool((value == 1).all()):
        return value
    return Mask(tuple(value.shape), value.dtype, is_none)


def filled(value: Any, valid: torch.Tensor) -> Any:
    """Arguments with masks of other steps, (samples, steps)."""
    if isinstance(value, Mask):
        return value.of(valid)
    if isinstance(value, dict):
        return {name: filled(item, valid) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(filled(item, valid) for item in value)
    return value


def masks(value: Any) -> list[Mask]:
    """All masks among arguments."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [mask for item in value for mask in masks(item)]
    return [value] if isinstance(value, Mask) else []
