"""generated module → its model with ``stateful=``: layers that keep their state from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.runtime.stateful import Stateful

if TYPE_CHECKING:
    from types import ModuleType


def stateful(module: ModuleType | None, model: Any, batch: int) -> Stateful | None:
    """The same model for batches of one size, with its weights; nothing if the module builds no such."""
    reset = getattr(module, "reset_states", None)
    if module is None or reset is None:
        return None
    made = module.build_model(stateful=batch)
    # Users move weights like this: the layers are the same, in the same order.
    made.set_weights(model.get_weights())
    return Stateful(made, lambda: reset(made))
