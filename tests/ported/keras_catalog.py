"""all Keras models that are ported to PyTorch → their catalog."""

from __future__ import annotations

from tests.importers.keras_models import MODELS
from tests.ported.catalog import KERAS, Entry
from tests.ported.keras_models import (  # noqa: F401 - they note their models
    attention,
    audio,
    idioms,
    reports,
    sequences,
    series,
    text,
    video,
)

# What the report says of those that the importer's tests have.
_DIFFERS = {
    "masked_tagger": "at padded steps",
    "forecast": "drops other features for each gate",
    "forward_state_alone": "not used by its results",
}
# Those that are refused yet.
_REASONS = {"text_windows": "cannot be drawn"}

for _name, (_build, _) in MODELS.items():
    KERAS.add(Entry(_name, _build, differs=_DIFFERS.get(_name, ""), reason=_REASONS.get(_name, "")))
