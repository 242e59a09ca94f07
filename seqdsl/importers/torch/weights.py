"""tensor that a module holds → where: the path of the layer that has it, or its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from seqdsl.runtime.bare_weights import BARE

if TYPE_CHECKING:
    import torch


class Weights:
    """Where a module has its parameters."""

    def __init__(self, module: nn.Module) -> None:
        """Find all."""
        self._paths: dict[int, tuple[str, str, nn.Module]] = {}
        self._new: set[int] = set()
        # `named_parameters` of the whole would leave out the second name of a shared matrix: `out.weight`
        # is that of the embedding, and the layer is looked up by its bias then.
        for path, inner in module.named_modules():
            for name, parameter in inner.named_parameters(recurse=False):
                # A matrix of two layers is kept with the one that comes first.
                self._paths.setdefault(id(parameter), (path, name, inner))
                self._new.add(id(parameter))

    def is_new(self, tensor: torch.Tensor) -> bool:
        """Whether it is a parameter that has no labels yet."""
        return id(tensor) in self._new

    def take(self, tensor: torch.Tensor) -> str:
        """The place of a parameter that gets labels now."""
        self._new.discard(id(tensor))
        path, name, module = self._paths[id(tensor)]
        if isinstance(module, nn.Embedding):
            return path
        return f"{BARE}{path}.{name}" if path else f"{BARE}{name}"

    def is_bare(self, tensor: torch.Tensor) -> bool:
        """Whether it is a parameter of a custom module, and of none of PyTorch's layers."""
        return not type(self.holder(tensor)).__module__.startswith("torch.")

    def path(self, tensor: torch.Tensor) -> str:
        """The path of a weight itself."""
        path, name, _ = self._paths[id(tensor)]
        return f"{path}.{name}" if path else name

    def layer(self, tensor: torch.Tensor) -> str:
        """The path of the layer of a weight; empty: it is none of the module's."""
        return self._paths[id(tensor)][0] if id(tensor) in self._paths else ""

    def holder(self, tensor: torch.Tensor) -> nn.Module | None:
        """The layer of a weight."""
        return self._paths[id(tensor)][2] if id(tensor) in self._paths else None
