"""target → adapter: the few things `verify` asks of a framework, under the same names in each.

Importing an adapter imports its framework; importing this package does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from seqdsl.verify.frameworks import keras, torch

    Array = NDArray[np.generic]

TARGETS = ("keras", "torch")
"""The frameworks that there is an adapter for."""


class Framework(Protocol):
    """What an adapter module defines."""

    def version(self) -> str:
        """The framework's name and version."""

    def is_model(self, value: object) -> bool:
        """Whether ``value`` is a model of the framework."""

    def declared(self, model: Any) -> tuple[list[Declared], list[Declared]] | None:
        """The input and output shapes that the model declares, if it does; the batch left out."""

    def count_parameters(self, model: Any) -> int:
        """The number of weights, shared ones counted once."""

    def call(self, model: Any, arrays: Sequence[Array]) -> list[Array]:
        """The model's results for ``arrays``, as in inference."""

    def reset(self) -> None:
        """Forget earlier models and seed the weights of the next."""


Declared = tuple["int | None", ...]

if TYPE_CHECKING:
    _ADAPTERS: tuple[Framework, ...] = (keras, torch)


def load(target: str) -> Framework:
    """The adapter for ``target``; imports the framework.

    Raises:
        ImportError: the framework cannot be imported.
        ValueError: there is no adapter for ``target``.
    """
    if target not in TARGETS:
        raise ValueError(f"no adapter for {target!r}; there are {', '.join(TARGETS)}")
    return cast("Framework", import_module(f"{__name__}.{target}"))
