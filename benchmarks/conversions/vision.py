"""torchvision beside a PyTorch for processors → it can be imported, as the tools that name it do.

The torchvision of PyPI is built for the PyTorch of PyPI. Beside a PyTorch without CUDA its library cannot be
loaded, and to import it fails, although nothing that is measured here looks at images: names of operators are enough.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import Any

_MISSING = re.compile(r"operator torchvision::(\w+) does not exist")
_MOST = 50
_KEPT: list[Any] = []
"""A library of operators exists as long as this object."""


def have_vision() -> None:
    """Let torchvision be imported, if need be with operators that only have names."""
    import torch

    for _ in range(_MOST):
        try:
            import_module("torchvision")
        except RuntimeError as problem:
            missing = _MISSING.search(str(problem))
            if not missing:
                raise
            if not _KEPT:
                _KEPT.append(torch.library.Library("torchvision", "FRAGMENT"))
            _KEPT[0].define(f"{missing[1]}(Tensor x) -> Tensor")
            for name in [name for name in sys.modules if name.startswith("torchvision")]:
                del sys.modules[name]
        else:
            return
