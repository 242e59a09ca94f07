"""all Keras models that are ported to PyTorch → their catalog."""

from __future__ import annotations

from tests.importers import keras_models
from tests.ported.catalog import KERAS, Entry
from tests.ported.keras_models import (  # noqa: F401 - they note their models
    attention,
    audio,
    cells,
    idioms,
    reports,
    sequences,
    series,
    subclassed,
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

# Modules of other models add theirs to the same dictionary when they are imported; `test_keras_numbers` has these.
for _name, (_build, _) in keras_models.MODELS.items():
    if _build.__module__ == keras_models.__name__:
        KERAS.add(
            Entry(_name, _build, differs=_DIFFERS.get(_name, ""), reason=_REASONS.get(_name, ""))
        )
