"""tensors of a file → the ``state_dict`` of a generated module, or what keeps them from being that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.runtime.weight_binding import NoSuchWeights

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

_SHOWN = 3
"""How many names of tensors a message lists at most."""


def matched(
    given: Mapping[str, torch.Tensor], own: Mapping[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """The tensors of a file under the names that a module has for them.

    Args:
        given: what the file holds.
        own: the module's ``state_dict``.

    Raises:
        NoSuchWeights: the file holds other weights.
    """
    found = _with_tied(_with_tables(given, own), own)
    if missing := [name for name in own if name not in found]:
        raise NoSuchWeights(f"it has no {_listed(missing)}{_beside(found, own)}")
    if others := _beside(found, own):
        raise NoSuchWeights(others.removeprefix("; "))
    for name, tensor in own.items():
        held, shape = tuple(found[name].shape), tuple(tensor.shape)
        if held != shape:
            raise NoSuchWeights(f"`{name}` should be {shape}, it is {held}")
    return found


def _with_tables(
    given: Mapping[str, torch.Tensor], own: Mapping[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Let a bare parameter of a layer's name be the layer's table; axes of length 1 do not count."""
    # start (1, 1, 8)    start.weight (1, 8) of `learned(8, name=start)`
    found = dict(given)
    for name, tensor in own.items():
        bare = given.get(name.removesuffix(".weight"))
        if (
            name not in given
            and bare is not None
            and bare.squeeze().shape == tensor.squeeze().shape
        ):
            del found[name.removesuffix(".weight")]
            found[name] = bare.reshape(tensor.shape)
    return found


def _with_tied(
    given: dict[str, torch.Tensor], own: Mapping[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """The tensors of a file, with those that a module has under a second name as well."""
    # `safetensors.torch.save_model` writes one name of two that share memory.
    found = {own[name].data_ptr(): given[name] for name in given if name in own}
    missing = (name for name in own if name not in given and own[name].data_ptr() in found)
    return given | {name: found[own[name].data_ptr()] for name in missing}


def _beside(given: Mapping[str, torch.Tensor], own: Mapping[str, torch.Tensor]) -> str:
    """What a file has that the module does not; what has no module of its own may be a `learned(...)` row."""
    others = [name for name in given if name not in own]
    bare = [name for name in others if "." not in name]
    hint = f" (`{bare[0]}` may be drawn as `learned(..., name={bare[0]})`)" if bare else ""
    return f"; the picture has no {_listed(others)}{hint}" if others else ""


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"`{name}`" for name in names[:_SHOWN]) + more


def apart(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Weights of which no two share memory, as those of tied matrices do: safetensors refuses them."""
    own: dict[str, torch.Tensor] = {}
    taken: set[int] = set()
    for name, value in state.items():
        place = value.untyped_storage().data_ptr()
        # Only these are copied: all weights at once would be in memory twice.
        own[name] = value.clone() if place in taken else value.contiguous()
        taken.add(place)
    return own
