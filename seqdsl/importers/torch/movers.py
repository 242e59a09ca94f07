"""a function that is in no table → what it gives, if all it does is to move values.

It is run on what it was called with, and on the same under two more labelings: the places must come out alike. All that
changes is compared, the arguments as well, as `out[:, 0] = h` changes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch import labels
from seqdsl.importers.torch.calls import Call, site, tensors
from seqdsl.importers.torch.nodes import Refused

if TYPE_CHECKING:
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.trace import Trace

# Nothing is wrong with checking these, too; they are half of all calls.
_KNOWN = frozenset(
    {"size", "dim", "get", "numel", "len", "stride", "is_contiguous", "is_floating_point"}
)
"""What asks for a shape or the like: there is nothing to check."""


class SingleNumber(Exception):
    """The model looks at one number that depends on its inputs; what it does then cannot be followed."""


def moves(trace: Trace, call: Call) -> Any:
    """What a call gives that moves values, or has nothing to do with any.

    Raises:
        Refused: it computes.
        SingleNumber: a tensor without axes depends on the inputs.
    """
    if call.name in _KNOWN:
        return call.run()
    places = _places(trace, call)
    if not any((ids >= 0).any() for ids in places.values()):
        return call.run()
    # `h.sum() > 0`, `h[0, 0].item()`: a branch may depend on it, of which a run sees only one side.
    if any(ids.ndim == 0 and ids >= 0 for ids in places.values()):
        raise SingleNumber(
            f"{site(trace.modules).line}: `{call.name}` is given a single number that depends on the input or on a "
            "weight; take branches, loops, prints and products by such a number out of `forward`"
        )
    # The copies are made before the call itself is run, which may change its arguments.
    others = [_relabeled(call, places, labeling) for labeling in range(1, labels.LABELINGS)]
    results = [_tried(other) for other in others]
    result = call.run()
    found = _found(trace, result, call, 0)
    seen = [
        _found(trace, given, other, labeling)
        for labeling, (other, given) in enumerate(zip(others, results, strict=True), 1)
    ]
    if not all(_alike(found, item) for item in seen):
        raise Refused(_reason(result), _WAYS.get(call.name, ""))
    return result


_APART = (
    "join both by torch.cat or a product and train it again; or |a - b|, for n features, is what a linear layer of 2 n "
    "units without a bias and a relu give of both side by side, with the matrix [[I, -I], [-I, I]], summed up by what "
    "reads it"
)
_COMPARED = (
    "give the vectors as results, and compare them behind the model, as nn.CosineEmbeddingLoss does"
)
_WAYS = {
    "abs": _APART,
    "sub": "add what a linear layer gives, with the weights of what is subtracted multiplied by -1",
    "neg": "multiply the weights of the linear layer below by -1, with its bias; or use a linear layer without a bias, "
    "whose matrix is the identity times -1",
    "normalize": _COMPARED,
    "cosine_similarity": _COMPARED,
    "exp": "use softplus, and train it again; or give the logarithm, and compute `exp` behind the model",
}
"""What to do instead of a computation that is often written."""


def _places(trace: Trace, call: Call) -> dict[int, Ids]:
    """The places that each tensor of a call holds, by the tensor's identity."""
    read = [tensor for tensor in tensors((call.args, call.kwargs)) if tensor.numel()]
    return {id(tensor): trace.read(tensor) for tensor in read}


def _reason(result: Any) -> str:
    if any(True for _ in tensors(result)):
        return "it computes, and is none of the operations that can be read"
    return "what the model does depends on the numbers it reads"


def _tried(call: Call) -> Any:
    try:
        return call.run()
    except (RuntimeError, IndexError, ValueError, TypeError) as problem:
        raise Refused(f"PyTorch cannot run it on a probe: {problem}") from problem


def _relabeled(call: Call, places: dict[int, Ids], labeling: int) -> Call:
    """The same call, with copies of its tensors under another labeling."""

    def changed(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            ids = places.get(id(value))
            return value if ids is None else _copy(value, ids, labeling)
        if isinstance(value, dict):
            return {name: changed(item) for name, item in value.items()}
        if isinstance(value, list | tuple) and not isinstance(value, torch.Size):
            made = [changed(item) for item in value]
            # A named tuple takes its parts one by one.
            return type(value)(*made) if hasattr(value, "_fields") else type(value)(made)
        return value

    return Call(call.function, changed(call.args), changed(dict(call.kwargs)))


def _copy(value: torch.Tensor, ids: Ids, labeling: int) -> torch.Tensor:
    if value.dtype == torch.bool:
        return value.clone()
    # What is no label stays: zeros of `F.pad`, indices, numbers of a mask.
    held = torch.from_numpy(ids >= 0)
    moved = labels.written(np.where(ids >= 0, ids, labels.ZERO), value.dtype, labeling)
    return torch.where(held, moved, value.detach())


def _found(trace: Trace, result: Any, call: Call, labeling: int) -> list[Any]:
    """All that a call gives and may have changed, as places."""
    found: list[Any] = []
    # With arguments that are changed in place: `out[:, 0] = h`, `torch.add(x, y, out=z)`.
    for tensor in tensors((result, call.args, call.kwargs)):
        ids = labels.read(tensor, trace.nodes.count, labeling)
        found.append((ids, np.where(ids == labels.CONSTANT, tensor.detach().cpu().numpy(), 0)))
    if not isinstance(result, torch.Tensor | list | tuple):
        found.append(result)
    elif isinstance(result, list | tuple) and not any(True for _ in tensors(result)):
        found.append(list(result))
    return found


def _alike(found: list[Any], other: list[Any]) -> bool:
    if len(found) != len(other):
        return False
    return all(_same(one, two) for one, two in zip(found, other, strict=True))


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, tuple) and isinstance(two, tuple):
        pairs = zip(one, two, strict=True)
        return all(
            np.array_equal(mine, theirs, equal_nan=mine.dtype.kind == "f") for mine, theirs in pairs
        )
    return type(one) is type(two) and (
        not isinstance(one, int | float | bool | list | str) or one == two
    )
