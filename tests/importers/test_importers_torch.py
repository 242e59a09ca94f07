"""models as people write them in PyTorch → their wires, the places of their weights, and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

from seqdsl.importers.torch.read import read_torch
from seqdsl.ir.builder import LayerSpec  # noqa: F401
from tests.importers import torch_models
from tests.importers.wires import lines

if TYPE_CHECKING:
    from collections.abc import Callable
