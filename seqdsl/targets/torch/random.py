"""PyTorch's random draws → numbers of ours, whichever function or layer makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from seqdsl.runtime.controlled import normal
from seqdsl.runtime.noise import gumbel_noise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from seqdsl.runtime.controlled import Draws

    _Operator = Callable[[Any, Any, Any, dict[str, Any]], Any]


def controlled(draws: Draws) -> AbstractContextManager[Any]:
    """Whatever is drawn within the block are numbers of ``draws``."""
    mode: AbstractContextManager[Any] = _Controlled(draws, _OPERATORS | _SAMPLING)
    return mode


def sampled(*, ids: bool = True) -> AbstractContextManager[Any]:
    """What is sampled within the block is drawn by `seqdsl.runtime.noise`; what dropout loses stays random."""
    operators = _SAMPLING if ids else {**_SAMPLING, _ATEN.multinomial: _multinomial_of_rows}
    mode: AbstractContextManager[Any] = _Controlled(None, operators)
    return mode


class _Controlled(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Below every module and function: what dropout comes down to, also within `nn.LSTM`, is one of `_OPERATORS`."""

    def __init__(self, draws: Draws | None, operators: Mapping[Any, _Operator]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.draws, self.operators = draws, operators

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        operator = self.operators.get(func.overloadpacket)
        if operator is None:
            return func(*args, **(kwargs or {}))
        return operator(self.draws, func, args, dict(kwargs or {}))


def _numbers(draws: Draws, like: torch.Tensor, rate: float | None = None) -> torch.Tensor:
    return torch.from_numpy(draws.uniform(like.shape, rate))


def _bernoulli_(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> torch.Tensor:
    tensor: torch.Tensor = args[0]
    chance = args[1] if len(args) > 1 else kwargs.get("p", 0.5)
    return tensor.copy_(_ones(draws, tensor, chance))


def _bernoulli(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> torch.Tensor:
    tensor: torch.Tensor = args[0]
    # Without a number, the tensor itself tells how likely each one is.
    chance = args[1] if len(args) > 1 else kwargs.get("p", tensor)
    return torch.empty_like(tensor).copy_(_ones(draws, tensor, chance))


def _ones(draws: Draws, tensor: torch.Tensor, chance: float | torch.Tensor) -> torch.Tensor:
    """Where a number is below how likely a one is."""
    known = None if isinstance(chance, torch.Tensor) else 1 - chance
    return _numbers(draws, tensor, known) < chance


def _dropout(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    tensor, rate, training = args
    if training is False or rate == 0:
        return func(*args, **kwargs)
    kept = _numbers(draws, tensor, rate) < 1 - rate
    return tensor * kept / (1 - rate), kept


def _uniform_(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> torch.Tensor:
    tensor: torch.Tensor = args[0]
    low = args[1] if len(args) > 1 else kwargs.get("from", 0.0)
    high = args[2] if len(args) > 2 else kwargs.get("to", 1.0)
    return tensor.copy_(low + (high - low) * _numbers(draws, tensor))


def _rand(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> torch.Tensor:
    tensor: torch.Tensor = func(*args, **kwargs)
    return tensor.copy_(_numbers(draws, tensor))


def _normal_(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> torch.Tensor:
    tensor: torch.Tensor = args[0]
    mean = args[1] if len(args) > 1 else kwargs.get("mean", 0.0)
    spread = args[2] if len(args) > 2 else kwargs.get("std", 1.0)
    return tensor.copy_(mean + spread * torch.tensor(normal(tensor.shape)))


def _randn(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> torch.Tensor:
    tensor: torch.Tensor = func(*args, **kwargs)
    return tensor.copy_(torch.tensor(normal(tensor.shape)))


def _multinomial(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> torch.Tensor:
    """Of (samples, ids) the one with the largest sum of log probability and noise, as often as is asked."""
    # torch.multinomial(weights, 1): weights that need no sum of 1
    weights, count = args[0], args[1]
    chosen = (weights.log() + torch.tensor(gumbel_noise(weights.shape[-1]))).argmax(-1)
    ids: torch.Tensor = chosen[..., None].expand(*chosen.shape, count)
    return ids


def _multinomial_of_rows(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    # A row has no generator of its own; with one, `generate` draws what it feeds.
    is_free = kwargs.get("generator") is not None
    return func(*args, **kwargs) if is_free else _multinomial(draws, func, args, kwargs)


def _normal(draws: Draws, func: Any, args: Any, kwargs: dict[str, Any]) -> torch.Tensor:
    """Of means and deviations, which may be numbers."""
    # torch.normal(mean, std), what `torch.distributions.Normal` comes down to
    drawn: torch.Tensor = func(*args, **kwargs)
    return drawn.copy_(args[0] + args[1] * torch.tensor(normal(drawn.shape)))


_ATEN = torch.ops.aten
_SAMPLING: dict[Any, _Operator] = {
    _ATEN.multinomial: _multinomial,
    _ATEN.normal: _normal,
    _ATEN.normal_: _normal_,
    _ATEN.randn: _randn,
    _ATEN.randn_like: _randn,
}
_OPERATORS: dict[Any, _Operator] = {
    _ATEN.bernoulli_: _bernoulli_,
    _ATEN.bernoulli: _bernoulli,
    _ATEN.native_dropout: _dropout,
    _ATEN.uniform_: _uniform_,
    _ATEN.rand: _rand,
    _ATEN.rand_like: _rand,
}
