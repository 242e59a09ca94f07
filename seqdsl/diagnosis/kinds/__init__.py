"""the kinds of messages that are known: of two that match the same words, the more specific one first."""

from __future__ import annotations

from seqdsl.diagnosis.kinds.keras_data import KERAS_DATA
from seqdsl.diagnosis.kinds.keras_layers import KERAS_LAYERS
from seqdsl.diagnosis.kinds.keras_losses import KERAS_LOSSES
from seqdsl.diagnosis.kinds.keras_states import KERAS_STATES
from seqdsl.diagnosis.kinds.torch_data import TORCH_DATA
from seqdsl.diagnosis.kinds.torch_layers import TORCH_LAYERS
from seqdsl.diagnosis.kinds.torch_losses import TORCH_LOSSES
from seqdsl.diagnosis.kinds.torch_states import TORCH_STATES

KINDS = (
    *KERAS_LAYERS,
    *KERAS_STATES,
    *KERAS_DATA,
    *KERAS_LOSSES,
    *TORCH_LAYERS,
    *TORCH_STATES,
    *TORCH_DATA,
    *TORCH_LOSSES,
)

BY_NAME = {kind.name: kind for kind in KINDS}
