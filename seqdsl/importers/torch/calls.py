"""a function that PyTorch calls → its name, its arguments by name, and who calls it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from seqdsl.importers.torch.nodes import Site
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_TORCH = str(Path(torch.__file__).parent)
_HERE = str(Path(__file__).parent)


@record(frozen=True)
class Call:
    """A call of a function of PyTorch's.

    Attributes:
        function: the function.
        args: its arguments by place.
        kwargs: its arguments by name.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What it is called, whichever way: ``add`` of ``x + y``, ``x.add_(y)``, ``aten.add.Tensor``."""
        # `aten.add.Tensor` calls itself `add.Tensor`
        word = getattr(self.function, "__name__", str(self.function)).split(".")[0].strip("_")
        return _OPERATORS.get(word, word)

    def get(self, place: int, name: str, default: Any = None) -> Any:
        """An argument, given by place or by name."""
        if place < len(self.args):
            return self.args[place]
        return self.kwargs.get(name, default)

    def run(self) -> Any:
        """What PyTorch gives."""
        return self.function(*self.args, **self.kwargs)


# x + y calls `add`, 1 + x `radd` and x += y `add_` or `iadd`: one operation each.
_OPERATORS = {
    "radd": "add",
    "iadd": "add",
    "rmul": "mul",
    "imul": "mul",
    "multiply": "mul",
    "isub": "sub",
    "subtract": "sub",
    "itruediv": "truediv",
    "div": "truediv",
    "divide": "truediv",
    "true_divide": "truediv",
    "rmatmul": "matmul",
    "bmm": "matmul",
    "mm": "matmul",
}


def site(modules: list[tuple[str, torch.nn.Module]]) -> Site:
    """Where the model calls the function that is being read.

    Args:
        modules: the modules that are running, the innermost last.
    """
    stack = tuple(_lines())
    path, module = modules[-1] if modules else ("", None)
    line = f"{stack[0][0]}:{stack[0][1]}" if stack else ""
    is_layer = bool(path) and type(module).__module__.startswith("torch.")
    return Site(path, type(module).__name__ if path else "", line, stack, is_layer)


def _lines() -> Iterator[tuple[str, int]]:
    """The lines of the model itself, the innermost first."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if frame.f_code.co_name == "run_probe" and name.startswith(_HERE):
            return
        # Of a layer of PyTorch called by the model, the line of the model is wanted.
        if not name.startswith((_TORCH, _HERE)):
            yield name, frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]


def tensors(values: Any) -> Iterator[torch.Tensor]:
    """All tensors of arguments or of a result, however they are nested."""
    if isinstance(values, torch.Tensor):
        yield values
    elif isinstance(values, dict):
        for value in values.values():
            yield from tensors(value)
    elif isinstance(values, list | tuple) and not isinstance(values, torch.Size):
        for value in values:
            yield from tensors(value)
