"""all PyTorch modules that are ported to Keras → their catalog."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tests.importers.torch_models import MODELS
from tests.ported.catalog import TORCH, Entry
from tests.ported.torch_models import (  # noqa: F401 - they note their modules
    attention,
    audio,
    idioms,
    reports,
    sequences,
    series,
    text,
    video,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# What the report says of those that the importer's tests have.
_DIFFERS = {
    "names": "takes it as",
    "tagger": "takes it as",
    "audio": "takes it as",
    "forecast": "takes it as",
    "packed": "at padded steps",
    "pooling": "not used by its results",
    "additive": "not used by its results",
    "stateful": "takes it as (rows, samples, units), here it is a vector",
}
# Those that are refused yet.
_REASONS: dict[str, str] = {}


def _with(make: Callable[[], Any], example: Any) -> Any:
    return make(), example


for _name, (_make, _example, _) in MODELS.items():
    TORCH.add(
        Entry(
            _name,
            partial(_with, _make, _example),
            differs=_DIFFERS.get(_name, ""),
            reason=_REASONS.get(_name, ""),
            # It begins with zeros of single precision.
            precision="float32" if _name == "names" else "float64",
        )
    )
