"""pasted text and shapes of data → diagnosis: what the message means, and both pictures, compiled."""

from __future__ import annotations

from contextlib import suppress
from string import Template
from typing import TYPE_CHECKING

from seqdsl.catalogue.draw import Wanted
from seqdsl.catalogue.fit import candidates
from seqdsl.catalogue.line import layers_line
from seqdsl.catalogue.shapes import LARGEST, Port
from seqdsl.catalogue.stretch import TooShort
from seqdsl.diagnosis.draw import draw
from seqdsl.diagnosis.find import find, nearest, own_groups
from seqdsl.diagnosis.kind import DEFAULTS
from seqdsl.diagnosis.sizes import BOTH, right_sizes, wrong_sizes
from seqdsl.explain.data import data_findings, data_notes
from seqdsl.pipeline import analyze
from seqdsl.records import record
from seqdsl.targets import TARGETS
from seqdsl.targets import find as find_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.catalogue.fit import Candidate
    from seqdsl.diagnosis.find import Found
    from seqdsl.diagnosis.kind import Drawn, Kind
    from seqdsl.diagnosis.sizes import Sizes
    from seqdsl.explain.arrays import Array
    from seqdsl.lowering.compiled import CompiledModel

_LENGTHS = {name: DEFAULTS[name] for name in ("steps", "out_steps")}
_TARGETS = {item.title: item.name for item in map(find_target, TARGETS) if item.trains}
"""What messages are of: frameworks in which models are trained, by what they are called."""


@record(frozen=True)
class Instead:
    """A picture of the catalog for data that does not fit the right picture."""

    name: str
    text: str


@record(frozen=True)
class Explanation:
    """One meaning of a message.

    Attributes:
        found: its kind, and what it was recognized by.
        meaning: two sentences about the topology.
        fix: what to change in the code.
        wrong: the text of the picture of the code that fails; empty where the picture is right and its call is wrong.
        right: the text of the picture to draw.
        lines: the layers of the right picture in a line, by framework.
        fits: whether the data fits the right picture; ``None`` if no data is given.
        notes: how the data does not fit, or what to know of it where it does.
        instead: the first picture of the catalog for the data, where it does not fit.
    """

    found: Found
    meaning: str
    fix: str
    wrong: str
    right: str
    lines: dict[str, str]
    fits: bool | None
    notes: tuple[str, ...]
    instead: Instead | None


@record(frozen=True)
class Diagnosis:
    """What a pasted text comes to.

    Attributes:
        known: whether its message is known; else the explanation is that of the nearest one.
        explanations: the most likely meaning first; empty if nothing is near.
    """

    known: bool
    explanations: tuple[Explanation, ...]


def diagnose(text: str, data: Sequence[Array] = (), targets: Sequence[Array] = ()) -> Diagnosis:
    """Explain the last message of a text that Keras or PyTorch printed.

    Args:
        text: the message, or all of a traceback.
        data: the shapes of the model's inputs, samples first.
        targets: the shapes of its outputs' targets.

    >>> diagnose("IndexError: index out of range in self").known
    True
    """
    found = find(text)
    near = nearest(text) if not found else None
    items = found or ([near] if near else [])
    return Diagnosis(bool(found), tuple(_explanation(item, data, targets) for item in items))


def _explanation(found: Found, data: Sequence[Array], targets: Sequence[Array]) -> Explanation:
    kind = found.kind
    right, model = _right(kind, right_sizes(found, data, targets))
    wrong = _wrong(kind.wrong, wrong_sizes(found, data, targets)) if kind.wrong else ""
    words = _groups(found)
    meaning, fix = (Template(text).safe_substitute(words) for text in (kind.meaning, kind.fix))
    lines = {name: layers_line(model, target) for name, target in _TARGETS.items()}
    if not data and not targets:
        return Explanation(found, meaning, fix, wrong, right, lines, None, (), None)
    findings = data_findings(model.spec, data, targets)
    if not findings:
        notes = tuple(data_notes(model.spec, data, targets))
        return Explanation(found, meaning, fix, wrong, right, lines, True, notes, None)
    notes = tuple(f"{item.message}\n{item.hint}".strip() for item in findings)
    return Explanation(
        found, meaning, fix, wrong, right, lines, False, notes, _instead(data, targets)
    )


def _groups(found: Found) -> dict[str, str]:
    """The words of a message by the names that sentences call them."""
    # `steps__wrong_features` is one number of the message, and a size of both pictures.
    groups = own_groups(found.kind) | dict(found.groups)
    return {name: value for group, value in groups.items() for name in group.split(BOTH)}


def _right(kind: Kind, sizes: Sizes) -> tuple[str, CompiledModel]:
    """The right picture in these sizes, and its model; in its own sizes where it cannot have them."""
    # Data of one step is no sequence, an output of any length needs an input of any length, and a width of 7 is not
    # divided by 2 heads: then the picture is shown all the same, and the data is said not to fit it.
    own = {name: size for name, size in kind.sizes.items() if name in DEFAULTS}
    attempts = (
        sizes,
        sizes | {"out_steps": DEFAULTS["out_steps"]},
        sizes | _LENGTHS,
        DEFAULTS | own,
    )
    for attempt in attempts:
        with suppress(TooShort):
            text = draw(kind.right, attempt)
            if models := analyze(text, "right.seq").models:
                return text, models[-1]
    raise AssertionError(f"the right picture of {kind.name} does not compile")


def _wrong(drawn: Drawn, sizes: Sizes) -> str:
    """The wrong picture, which need not compile."""
    try:
        return draw(drawn, sizes)
    except TooShort:
        return draw(drawn, sizes | _LENGTHS)


def _instead(data: Sequence[Array], targets: Sequence[Array]) -> Instead | None:
    """The first picture of the catalog that has the shapes of data; both sides have to be given."""
    if not data or not targets:
        return None
    ports = [tuple(map(_port, arrays)) for arrays in (data, targets)]
    if any(port is None for side in ports for port in side):
        return None
    inputs, outputs = (tuple(port for port in side if port is not None) for side in ports)
    fitting: list[Candidate] = candidates(Wanted(inputs, outputs))
    return Instead(fitting[0].entry.name, fitting[0].text) if fitting else None


def _port(array: Array) -> Port | None:
    """The shape of an array without its samples; ``None`` for what the catalog has no pictures of."""
    axes = array.axes[1:] or (1,)
    features = axes[-1]
    if features is None or any(size is not None and not 0 < size <= LARGEST for size in axes):
        return None
    if len(axes) == 1:
        return Port(features)
    return Port(features, axes[0], is_sequence=True) if len(axes) == 2 else None
