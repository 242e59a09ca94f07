"""call of a module → the form of a cell that it may have: which arguments are states, and which results new ones.

::

    h, c = cell(x, (h, c))              y, h = cell(x, h)               h, (h, c) = cell(x, h, c)
    outputs, (h, c) = run(xs, None)     over all steps: a cell that is run on a sequence of one step
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from seqdsl.importers.torch.calls import tensors
from seqdsl.importers.torch.cell_masks import filled, masks
from seqdsl.records import record
from seqdsl.targets.torch.arranging import rebuilt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import nn

SAMPLES = 2
"""How many samples a step is run with: enough to tell if they are mixed."""
_CLOSE = 1e-9
"""How far two ways to compute the same may differ, in double precision."""


@record(frozen=True)
class Form:
    """How a module is called as a cell.

    Attributes:
        args: its arguments; a tensor in them is what it reads, the others are states. Masks are no tensors.
        is_run: whether it runs over the steps of a sequence.
        inner: how many axes are behind that of the features: 2 of images.
        at: which of the tensors it reads: 0 of ``cell(x, (h, c))``, 2 of ``cell((h, c), x)``.
    """

    args: tuple[Any, ...]
    is_run: bool
    inner: int
    at: int = 0

    @property
    def tensors(self) -> list[torch.Tensor]:
        """What it reads, and then the states."""
        return read_first(self.args, self.at)

    @property
    def states(self) -> list[torch.Tensor]:
        """The states among the arguments."""
        return self.tensors[1:]

    def with_tensors(
        self, made: Sequence[torch.Tensor], valid: torch.Tensor | None = None
    ) -> tuple[Any, ...]:
        """The arguments with other tensors in place of theirs: what it reads, and then the states.

        Args:
            made: the tensors.
            valid: which steps are no padding, (samples, steps); ``None``: all are.
        """
        read, *states = made
        states.insert(self.at, read)
        if valid is None:
            steps = read.shape[1] if self.is_run else 1
            valid = torch.ones((len(read), steps), dtype=torch.bool)
        # In this order: masks that are filled in are tensors, too.
        found: tuple[Any, ...] = filled(rebuilt(self.args, iter(states)), valid)
        return found


def read_first(args: tuple[Any, ...], at: int) -> list[torch.Tensor]:
    """The tensors among arguments, that which is read before the states."""
    held = list(tensors(args))
    return [held.pop(at), *held]


def parts_of(result: Any, states: Sequence[torch.Tensor]) -> list[torch.Tensor] | None:
    """The output and the new states among the results of a call; ``None``: they are something else."""
    found = list(tensors(result))
    new = found[len(found) - len(states) :]
    if not states or len(found) not in (len(states), len(states) + 1):
        return None
    is_same = all(one.shape == two.shape for one, two in zip(new, states, strict=True))
    return [found[0], *new] if is_same else None


def forms(module: nn.Module, args: tuple[Any, ...], batch: int, first: int = 0) -> Iterator[Form]:
    """The forms that a call may have, with zeros for small numbers of samples.

    Args:
        module: a copy of the module, in double precision.
        args: what it is called with.
        batch: how many samples the model is run with.
        first: which of its tensors it is likely to read.
    """
    held = list(tensors(args))
    # Ids, or a mask of something other than padding: no state is a whole number.
    if not held or not all(item.is_floating_point() for item in held):
        return
    # What it reads is the first tensor, or the last one: cell(x, h), cell(h, x).
    for at in dict.fromkeys((min(first, len(held) - 1), 0, len(held) - 1)):
        form = _form(args, at, batch)
        if form is None:
            continue
        if len(held) == 1:
            yield from _with_states(module, form)
        # A module that returns no states is no cell, and is not traced.
        elif parts_of(module(*form.with_tensors(form.tensors)), form.states) is not None:
            yield form


def _form(args: tuple[Any, ...], at: int, batch: int) -> Form | None:
    """The form of a call that reads one of its tensors, with zeros for few samples; ``None``: that is no step."""
    held = list(tensors(args))
    read = held[at]
    rows, inner = len(read) if read.ndim else 0, 2 if read.ndim >= 4 else 0
    axes = read.ndim - 1 - inner
    # (batch, features) is one step of features, (batch, steps, features) are several.
    if axes not in (1, 2) or rows % batch:
        return None
    if not all(mask.fits(tuple(read.shape[:axes])) for mask in masks(args)):
        return None
    small = [_small(item, rows) for item in held]
    if axes == 2:
        small[at] = small[at][:, :1]
    return Form(rebuilt(args, iter(small)), axes == 2, inner, at)


def _small(tensor: torch.Tensor, rows: int) -> torch.Tensor:
    """A tensor of few samples: a state may have them on its second axis."""
    shape = list(tensor.shape)
    if rows in shape:
        shape[shape.index(rows)] = SAMPLES
    return torch.zeros(shape, dtype=torch.float64)


def _with_states(module: nn.Module, form: Form) -> Iterator[Form]:
    """The forms of a call without states: what it returns may be what it takes as states."""
    (read,) = tensors(form.args)
    read = torch.randn(read.shape, dtype=torch.float64)
    result = module(*form.with_tensors([read]))
    several = list(result) if isinstance(result, list | tuple) else [result]
    # y, (h, c): the last one; y, h, c: all behind the first; (h, c): the result as it is, or each by itself
    options = [(several[-1],), tuple(several[1:]), (result,), tuple(several)]
    for states in options:
        zeros = [torch.zeros_like(item) for item in tensors(states)]
        # cell(x, None, mask): states are in place of what is not given, before a mask
        left, right = form.args[1 : 1 + len(states)], form.args[1 + len(states) :]
        if not zeros or any(item is not None for item in left):
            continue
        args = (torch.zeros_like(read), *rebuilt(states, iter(zeros)), *right)
        made = Form(args, form.is_run, form.inner)
        # Without states it has to begin with zeros.
        if _is_alike(module, made, [read, *zeros], result):
            yield made


def _is_alike(
    module: nn.Module, form: Form, given_tensors: Sequence[torch.Tensor], expected: Any
) -> bool:
    try:
        return _are_close(module(*form.with_tensors(given_tensors)), expected)
    # The code of a model may raise anything where it is called in another way than it expects.
    except Exception:
        return False


def _are_close(one: Any, two: Any) -> bool:
    pairs = list(tensors(one)), list(tensors(two))
    return len(pairs[0]) == len(pairs[1]) and all(
        mine.shape == theirs.shape and torch.allclose(mine, theirs, _CLOSE, _CLOSE)
        for mine, theirs in zip(*pairs, strict=True)
    )


def goes_step_by_step(module: nn.Module, form: Form) -> bool:
    """Whether a run over two steps is one over the first, then one over the second."""
    # Zeros would hide what a step does to its state.
    read, *states = (torch.randn(item.shape, dtype=torch.float64) for item in form.tensors)
    both = torch.cat([read, torch.randn_like(read)], 1)
    # norm(x + y) of two sequences: a second one is no state, and is as long as the first.
    try:
        whole = _run(module, form, both, states)
        first = _run(module, form, both[:, :1], states)
        second = None if first is None else _run(module, form, both[:, 1:], first[1:])
    # Whatever the code of the model raises where it is not called so.
    except Exception:
        return False
    if whole is None or first is None or second is None:
        return False
    return _are_close(whole, [torch.cat([first[0], second[0]], 1), *second[1:]])


def _run(
    module: nn.Module, form: Form, read: torch.Tensor, states: Sequence[torch.Tensor]
) -> list[torch.Tensor] | None:
    return parts_of(module(*form.with_tensors([read, *states])), states)


_PADDED = ((True, False), (False, True), (True, True), (False, False))
"""Which samples are padded in each of the steps by which masks are tried."""


def waits(module: nn.Module, form: Form) -> bool:
    """Whether a mask lets the states of padded steps wait, and nothing else."""
    if not masks(form.args):
        return True
    read, *states = (torch.randn(item.shape, dtype=torch.float64) for item in form.tensors)
    padded = torch.tensor(_PADDED)
    if form.is_run:
        return _waits_over(module, form, (torch.cat([read] * len(padded), 1), *states), ~padded.T)
    return all(_waits_over(module, form, (read, *states), ~row[:, None]) for row in padded)


def _waits_over(
    module: nn.Module, form: Form, held: Sequence[torch.Tensor], valid: torch.Tensor
) -> bool:
    """Whether a call with a mask is one call after the other without, whose states wait."""
    read, *states = held
    whole = parts_of(module(*form.with_tensors(held, valid)), states)
    if whole is None:
        return False
    outputs = whole[0] if form.is_run else whole[0][:, None]
    for step in range(valid.shape[1]):
        one = read[:, step : step + 1] if form.is_run else read
        made = _run(module, form, one, states)
        if made is None:
            return False
        now = valid[:, step]
        states = [_waited(now, *pair) for pair in zip(made[1:], states, strict=True)]
        output = made[0] if form.is_run else made[0][:, None]
        # What it gives at padded steps is nobody's: rows of a picture give zeros there.
        if not torch.allclose(outputs[now, step : step + 1], output[now], _CLOSE, _CLOSE):
            return False
    return _are_close(whole[1:], states)


def _waited(valid: torch.Tensor, new: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
    """A state, which is the one before where a step is padded; samples are the first axis that is as long."""
    shape = [1] * new.ndim
    shape[new.shape.index(len(valid))] = len(valid)
    return torch.where(valid.reshape(shape), new, old)
