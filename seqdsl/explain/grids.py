"""an array and an input or output whose steps hold grids → what does not fit: axes, their order, places, channels.

Keras takes images with their channels last, PyTorch with their channels first, as their users do. Both fit here; which
of the two an array has is said in a note.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from seqdsl.explain.words import length, shape
from seqdsl.ir.images import holds_images
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.explain.arrays import Array
    from seqdsl.ir.graph import Input, Output
    from seqdsl.model.spec import ModelSpec

    Sizes = list[int | str]


def axes_fit(given: Sequence[int | None], expected: Sequence[int | str]) -> bool:
    """Whether the axes of an array, without its samples, are those of a picture."""
    return len(given) == len(expected) and all(
        # `None` in the data, and a free length in the picture, fit whatever the other is.
        one is None or not isinstance(other, int) or one == other
        for one, other in zip(given, expected, strict=True)
    )


def grid_findings(
    array: Array, item: Input | Output, spec: ModelSpec, what: str = "data"
) -> list[Diagnostic]:
    """What keeps an array from being the data of an input, or the target of an output, whose steps hold grids.

    Of data, another number of steps is left to the caller where it is all that does not fit.
    """
    given, orders = array.axes[1:], _orders(item, spec)
    span = spec.blocks[item.block].span
    if any(axes_fit(given, order) for order in orders):
        return []
    message = (
        f"the {what} of `{item.name}`, {array}, does not fit: the picture has {_taken(item, spec)}"
    )
    if len(given) != len(orders[0]):
        return [Diagnostic("SEQ503", message, span, _axes_hint(array, item, spec))]
    if moved := _moved(given, orders[0]):
        # (100, 3, 4, 16, 16), the channels before the steps: only 4 steps of 16 x 16 x 3 are in the picture
        hint = f"its axes are in another order: `{item.name}.transpose({', '.join(map(str, (0, *moved)))})`"
        return [Diagnostic("SEQ506", message, span, hint)]
    start = int(spec.blocks[item.block].steps is not None)
    if what == "data" and any(axes_fit(given[start:], order[start:]) for order in orders):
        return []
    return [Diagnostic("SEQ513", message, span, _size_hint(given, item, spec))]


def layout_note(array: Array, item: Input | Output, spec: ModelSpec) -> Iterator[str]:
    """Which framework takes an array of images as it is, and how it is transposed for the other."""
    fitting = [axes_fit(array.axes[1:], order) for order in _orders(item, spec)]
    # (4, 3, 3, 3) is the one and the other: nothing can be told.
    if fitting.count(True) != 1 or len(fitting) == 1:
        return
    axes = list(range(len(array.axes)))
    *front, first, middle, last = axes
    # channels last 0 1 2 3 4 -> 0 1 4 2 3 for PyTorch; channels first -> 0 1 3 4 2 for Keras
    is_last = fitting[0]
    turned = (*front, last, first, middle) if is_last else (*front, middle, last, first)
    where, taker, other = ("last", "Keras", "PyTorch") if is_last else ("first", "PyTorch", "Keras")
    yield (
        f"the data of `{item.name}`, {array}, has its channels {where}, as the {taker} model takes it; "
        f"for {other}: `{item.name}.transpose({', '.join(map(str, turned))})`"
    )


def _orders(item: Input | Output, spec: ModelSpec) -> list[Sizes]:
    """The axes that an array may have, without its samples: channels last, and of images channels first."""
    last = [length(spec, size) for size in item.shape]
    if not holds_images(item, spec):
        return [last]
    *steps, height, width, channels = last
    return [last, [*steps, channels, height, width]]


def _moved(given: Sequence[int | None], expected: Sizes) -> tuple[int, ...]:
    """The axes of an array, counted from its samples, in the order in which they fit; empty if they fit in none."""
    if None in given:
        return ()
    # At most four axes: 24 orders, those that move the least first.
    for order in permutations(range(len(given))):
        if axes_fit([given[place] for place in order], expected):
            return tuple(place + 1 for place in order)
    return ()


def _taken(item: Input | Output, spec: ModelSpec) -> str:
    """``(samples, steps, height, width, channels), (4, 16, 16, 3) for each sample``."""
    node = spec.blocks[item.block]
    steps = ("steps",) if node.steps is not None else ()
    has_features = len(item.shape) == len(node.shape)
    places = ("height", "width") if len(node.grid) > 1 else ("places",)
    last = ("channels" if len(node.grid) > 1 else "features",) if has_features else ()
    names = ("samples", *steps, *places, *last)
    kind = "" if has_features else "tokens "
    return f"{kind}({', '.join(names)}), {shape(spec, item.shape)} for each sample"


def _axes_hint(array: Array, item: Input | Output, spec: ModelSpec) -> str:
    given, expected = array.axes[1:], _orders(item, spec)[0]
    if getattr(item, "vocabulary", None) is not None:
        if len(given) == len(expected) + 1:
            return f"one-hot vectors are not token ids: take `{item.name}.argmax(-1)`"
        return f"each step holds {expected[-1]} ids: reshape it to {_as_array(expected)}"
    if axes_fit(given, expected[1:]) and spec.blocks[item.block].steps is not None:
        return f"the data has no steps: stack {expected[0]} of them, {_as_array(expected)}, or draw one node"
    if len(given) == len(expected) - 1:
        # A gray image is often stored without its one channel; a vector of an image has none but its places.
        return f"if each place is one number, add an axis: `{item.name}[..., None]`"
    return f"reshape it to {_as_array(expected)}"


def _as_array(expected: Sizes) -> str:
    return f"(samples, {', '.join(map(str, expected))})"


def _size_hint(given: Sequence[int | None], item: Input | Output, spec: ModelSpec) -> str:
    """What to declare for the places and the features that the data has."""
    node = spec.blocks[item.block]
    each = given[int(node.steps is not None) :]
    vocabulary = getattr(item, "vocabulary", None)
    if vocabulary is not None:
        return f"declare what the data holds: `tokens({length(spec, vocabulary)}, {each[-1]})`"
    channels = length(spec, node.features)
    # (4, 3, 20, 20) with 3 channels in the picture: the first of the three are its channels
    if len(each) > 1 and each[0] == channels and each[-1] != channels:
        each = (*each[1:], each[0])
    declared = f"input({', '.join(map(str, each))})"
    return (
        f"declare what the data holds, with the channels last: `{declared}`"
        if len(node.grid) > 1
        else (f"declare what the data holds: `{declared}`")
    )
