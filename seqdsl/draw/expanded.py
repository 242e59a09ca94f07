"""model → one scene of its picture and of those that it calls: what a box of a drawing holds, shown once.

::

    hierarchical-attention      S: sentence
    ...
    sentence                    below it, under its name, what each S is
    ...
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from seqdsl.draw.layout import lay_out
from seqdsl.lowering.called import DrawnKind
from seqdsl.lowering.compiled import CompiledModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.draw.density import Fit
    from seqdsl.draw.scene import Group, Node, Point, Scene, Wire
    from seqdsl.lowering.drawing import CalledPicture


def lay_out_expanded(
    model: CompiledModel,
    title: str | None = None,
    fit: Fit = "column",
    highlighted: frozenset[tuple[int, int]] = frozenset(),
) -> Scene:
    """Arrange a model for drawing, and below it each picture that it calls.

    Args:
        model: what is drawn.
        title: what stands above it instead of its name; nothing if empty. The called ones keep theirs.
        fit: where the labels are to be large enough to read.
        highlighted: lines and columns of nodes that are to stand out, in any of the pictures.
    """
    # One that calls nothing is drawn as ever.
    called = (lay_out(item, fit=fit, highlighted=highlighted) for item in called_models(model))
    return _stacked([lay_out(model, title, fit, highlighted), *called])


def called_models(model: CompiledModel) -> tuple[CompiledModel, ...]:
    """The pictures that a model calls, and those that these call: each once, behind one that calls it.

    A picture has the sizes that its calls give it. Where they give it different ones, it has those of its own: of
    ``R = block`` and ``S = block(heads=4)`` there is one drawing, and the notes on R and S say what they change.
    """
    known: dict[str, list[CompiledModel]] = {}
    own: dict[str, CompiledModel] = {}
    seen = {id(model.drawing)}
    waiting = [model]
    for caller in waiting:
        for index, called in caller.drawing.called.items():
            # Blocks of one letter share what they call, and so do all calls without arguments.
            if id(called.drawing) in seen:
                continue
            seen.add(id(called.drawing))
            given = _as_called(called, model.file)
            kind = caller.drawing.settings[index].kind
            assert isinstance(kind, DrawnKind), "what is called is a picture"
            own.setdefault(given.name, kind.model)
            known.setdefault(given.name, []).append(given)
            waiting.append(given)
    return tuple(
        variants[0] if _are_alike(variants) else own[name] for name, variants in known.items()
    )


def _as_called(called: CalledPicture, file: str) -> CompiledModel:
    return CompiledModel(called.given, called.drawing, file)


def _are_alike(variants: Sequence[CompiledModel]) -> bool:
    """Whether all calls of a picture give its parameters the same values."""
    first, *others = (item.drawing for item in variants)
    return all(item.values == first.values and item.numbers == first.numbers for item in others)


def _stacked(scenes: Sequence[Scene]) -> Scene:
    """Scenes below each other as one, which is described as all of them."""
    first, *others = scenes
    placed, height = [first], first.height
    for scene in others:
        placed.append(_lowered(scene, height))
        height += scene.height
    # Of those below, the names are in no title, so the description tells them.
    words = [first.description, *(f"{item.title}: {item.description}" for item in others)]
    return replace(
        first,
        width=max(item.width for item in placed),
        height=height,
        description=" ".join(words),
        wires=tuple(chain.from_iterable(item.wires for item in placed)),
        groups=tuple(chain.from_iterable(item.groups for item in placed)),
        dots=tuple(chain.from_iterable(item.dots for item in placed)),
        labels=tuple(chain.from_iterable(item.labels for item in placed)),
        joints=tuple(chain.from_iterable(item.joints for item in placed)),
        highlights=tuple(chain.from_iterable(item.highlights for item in placed)),
    )


def _lowered(scene: Scene, down: float) -> Scene:
    """The same marks, so many pixels farther down."""

    def at(point: Point) -> Point:
        return point._replace(y=point.y + down)

    def wire(item: Wire) -> Wire:
        return replace(item, points=tuple(map(at, item.points)))

    def lowered(nodes: Iterable[Node]) -> tuple[Node, ...]:
        return tuple(replace(node, center=at(node.center)) for node in nodes)

    def group(item: Group) -> Group:
        return replace(item, nodes=lowered(item.nodes))

    return replace(
        scene,
        wires=tuple(map(wire, scene.wires)),
        groups=tuple(map(group, scene.groups)),
        dots=tuple((at(point), upright) for point, upright in scene.dots),
        labels=tuple(replace(item, at=at(item.at)) for item in scene.labels),
        joints=tuple((at(point), line) for point, line in scene.joints),
        highlights=lowered(scene.highlights),
    )
