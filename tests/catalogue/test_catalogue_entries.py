"""Every entry, drawn for many lengths, is the topology that it names; its models are what was inferred."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seqdsl.api import Model
from seqdsl.catalogue.draw import Wanted, picture
from seqdsl.catalogue.entries import BY_NAME, CATALOGUE
from seqdsl.catalogue.entry import Entry
from seqdsl.catalogue.fit import Candidate, NoFit, candidate
from seqdsl.catalogue.line import layers_line
from seqdsl.catalogue.named import STEPS, by_steps
from seqdsl.catalogue.shapes import parse
from seqdsl.targets import TARGETS
from seqdsl.verify.check_names import CHECKS, checks_of
from seqdsl.verify.pool import verify
from seqdsl.verify.report import Report
from tests.unsaved import UNTRAINED

LENGTHS = (*range(1, 13), 20, 100)
MANY = [f"{n},{m}" for n in LENGTHS for m in LENGTHS]
# All threes of a few lengths: two outputs, or three inputs, may each have a length of their own.
THREE = [f"{n},{m},{k}" for n in (1, 2, 9) for m in (1, 3, 20) for k in (1, 2, 10, 100)]
GRIDS = {0: (), 1: (3,), 2: (4, 5)}
# Of the models that are verified: no row is as long, and 100 steps of 32 units say no more.
UNITS = 14
ONE = [str(n) for n in LENGTHS]


def letters(entry: Entry) -> str:
    return "".join(letter for letter in STEPS if letter in entry.ruler)


def all_steps(entry: Entry) -> list[str]:
    return {0: [""], 1: ONE, 2: MANY, 3: THREE}[len(letters(entry))]


def wanted(entry: Entry, steps: str) -> Wanted:
    """Shapes as a user gives them: also those of the autoencoder, whose output is its input."""
    shapes = by_steps(entry, steps, 3, None)
    # An image of 28 by 28, a hundred times, says no more than a small one.
    small = [
        port if entry.columns else replace(port, grid=GRIDS[len(port.grid)])
        for port in shapes.inputs
    ]
    shapes = replace(shapes, inputs=tuple(small))
    return replace(shapes, outputs=shapes.inputs) if entry.name == "autoencoder" else shapes


def is_drawn(entry: Entry, steps: str) -> bool:
    """Worked out by hand: what has one step is a vector, and a few pictures need more."""
    lengths = dict(zip(letters(entry), map(int, filter(None, steps.split(","))), strict=True))
    n, m = (lengths.get(letter, 2) for letter in "nm")
    if entry.name == "last-n":
        return n > m > 1
    if entry.name == "conv-pool-recurrent":
        return n % 2 == 0 and n >= 4
    return all(length > 1 for length in lengths.values())


def longest(entry: Entry) -> str:
    return [steps for steps in all_steps(entry) if is_drawn(entry, steps)][-1]


def drawn(entry: Entry, steps: str) -> Candidate:
    return candidate(entry, wanted(entry, steps))


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_many_lengths(entry: Entry) -> None:
    for steps in all_steps(entry):
        if not is_drawn(entry, steps):
            with pytest.raises(NoFit, match=entry.name):
                drawn(entry, steps)
            continue
        # `candidate` holds the shapes, and that there are no findings.
        model = drawn(entry, steps).model
        assert model.topology == entry.topology, steps
        assert "variable length" not in model.qualifiers


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_a_long_picture_stays_small(entry: Entry) -> None:
    text = drawn(entry, longest(entry)).text
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(len(row) < 80 for row in rows)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_a_file_says_what_it_is_and_is_always_the_same(entry: Entry) -> None:
    text = drawn(entry, longest(entry)).text
    assert text.startswith(f"# {entry.name}: {entry.when[:20]}")
    assert text == drawn(entry, longest(entry)).text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_a_picture_is_drawn_as_generated_code_shows_it(entry: Entry) -> None:
    for steps in (longest(entry), next(item for item in all_steps(entry) if is_drawn(entry, item))):
        found = drawn(entry, steps)
        assert "\n".join(picture(entry, wanted(entry, steps))) == found.model.spec.picture


FREE = {
    "many-to-one": ("*,4", "1", ("variable length",)),
    "many-to-one-bidirectional": ("*,4", "2", ("bidirectional", "variable length")),
    "stacked": ("*,4", "1", ("stacked 2", "variable length")),
    "many-to-many": ("*,4", "*,2", ("variable length",)),
    "self-attention": ("*,4", "*,2", ("attention", "variable length")),
    "streaming-tagger": ("*,4", "*,2", ("stateful", "variable length")),
    "causal-convolution": ("*,tokens:9", "*,2", ("convolutional", "variable length")),
    "encoder-decoder": ("*,4", "25,2", ("variable length",)),
    "last-n": ("*,4", "12,2", ("variable length",)),
    "padded": ("*,4", "12,2", ("variable length",)),
    "char-rnn": ("*,tokens:30", "*,30", ("feedback", "variable length")),
    "decoder-only-transformer": (
        "*,tokens:9",
        "*,9",
        ("residual", "attention", "feedback", "variable length"),
    ),
    "gpt": ("*,tokens:9", "*,9", ("feedback", "variable length")),
    "autoregressive-forecast": ("*,4", "*,4", ("feedback", "variable length")),
    "captioning": ("4 *,tokens:30", "*,30", ("feedback", "variable length")),
    "teacher-forcing": ("*,4 *,3", "*,2", ("state handoff", "variable length")),
    "attention-decoder": ("*,4 9,3", "9,2", ("attention", "state handoff", "variable length")),
    "translation": (
        "*,tokens:40 *,tokens:50",
        "*,50",
        ("state handoff", "feedback", "variable length"),
    ),
    "translation-attention": (
        "*,tokens:40 *,tokens:50",
        "*,50",
        ("attention", "state handoff", "feedback", "variable length"),
    ),
    "series-and-vector": ("*,4 3", "2", ("variable length",)),
    "series-from-vector": ("3 *,4", "2", ("variable length",)),
    "vector-at-every-step": ("3 *,4", "2", ("variable length",)),
    "tags-with-vector": ("3 *,4", "*,2", ("variable length",)),
    "forecast-with-vector": ("*,4 3", "25,2", ("variable length",)),
    "two-encoders": ("*,4 *,3", "2", ("variable length",)),
    "siamese": ("*,4 *,4", "2", ("shared weights", "variable length")),
    "three-encoders": ("*,4 9,3 *,2", "2", ("variable length",)),
    "two-encoders-and-vector": ("20,4 *,3 5", "2", ("variable length",)),
    "forecast-with-known-future": ("*,4 5 *,3", "*,2", ("state handoff", "variable length")),
    "two-heads": ("*,4", "1 3", ("variable length",)),
    "tags-and-label": ("*,4", "*,2 3", ("variable length",)),
    "two-tags": ("*,4", "*,2 *,3", ("variable length",)),
    "two-decoders": ("*,4", "25,2 9,3", ("variable length",)),
    "video-classifier": ("*x5,4,3", "2", ("variable length",)),
    "image-to-text": ("*x4,3,1", "*,5", ("bidirectional", "variable length")),
    "transformer-classifier": ("*,tokens:50", "2", ("variable length",)),
    "hierarchical-text": ("*x3,tokens:50", "2", ("variable length",)),
}


@pytest.mark.parametrize("name", FREE)
def test_free_lengths(name: str) -> None:
    inputs, output, qualifiers = FREE[name]
    shapes = Wanted(tuple(map(parse, inputs.split())), tuple(map(parse, output.split())))
    model = candidate(BY_NAME[name], shapes).model
    assert (model.topology, model.qualifiers) == (BY_NAME[name].topology, qualifiers)


def test_siamese_sequences_are_two_runs_of_one_layer() -> None:
    """A row of one letter without wires would run on from the first sequence into the second."""
    line = layers_line(
        candidate(BY_NAME["siamese"], by_steps(BY_NAME["siamese"], "5,5", 3, 32)).model, "keras"
    )
    assert line == "LSTM(32) → Concatenate() → Dense(1)"


TOKENS = {
    "many-to-one": ("12,tokens:50", "2"),
    "many-to-many": ("3,tokens:50", "3,5"),
    "conv-pool-recurrent": ("20,tokens:50", "1"),
    "encoder-decoder": ("*,tokens:50", "4,2"),
    "attention-decoder": ("9,tokens:50 3,2", "3,5"),
    "captioning": ("7 9,tokens:50", "9,50"),
    "one-to-one": ("tokens:50", "2"),
    "one-to-many": ("tokens:50", "9,2"),
    "one-to-many-initial-state": ("tokens:50", "3,2"),
    "series-and-vector": ("9,tokens:50 tokens:7", "2"),
    "tags-with-vector": ("tokens:7 9,tokens:50", "9,2"),
    "two-encoders": ("9,tokens:50 3,tokens:60", "2"),
    "three-encoders": ("9,tokens:50 3,4 3,tokens:60", "2"),
    "forecast-with-known-future": ("9,4 tokens:7 5,3", "5,2"),
    "tags-and-label": ("9,tokens:50", "9,4 2"),
    "two-tags": ("3,tokens:50", "3,4 3,2"),
}


def is_elided(steps: str) -> bool:
    """Whether all rows are long enough for an ellipsis, and none of a length that only takes longer to verify."""
    lengths = [int(length) for length in steps.split(",") if length]
    # Different ones, where there are several: a model that takes one for the other is wrong then.
    return (
        bool(lengths)
        and min(lengths) >= 9
        and max(lengths) <= 20
        and len(set(lengths)) == len(lengths)
    )


def long_ones() -> list[Model]:
    """One of each entry, with an ellipsis if it can have one."""
    return [
        verified(entry, next(filter(is_elided, steps), steps[-1]), "long")
        for entry, steps in drawn_steps()
    ]


def others() -> list[Model]:
    """The shortest of each entry, and those of a free length and of token ids."""
    shortest = [
        verified(entry, steps[0], "short") for entry, steps in drawn_steps() if len(steps) > 1
    ]
    given = [
        renamed(candidate(BY_NAME[name], shapes(inputs, output)), kind)
        for kind, items in (("free", FREE), ("ids", TOKENS))
        for name, (inputs, output, *_) in items.items()
    ]
    return [*shortest, *given]


def drawn_steps() -> list[tuple[Entry, list[str]]]:
    return [
        (entry, [item for item in all_steps(entry) if is_drawn(entry, item)]) for entry in CATALOGUE
    ]


def verified(entry: Entry, steps: str, kind: str) -> Model:
    return renamed(candidate(entry, replace(wanted(entry, steps), units=UNITS)), kind)


def shapes(inputs: str, output: str) -> Wanted:
    return Wanted(tuple(map(parse, inputs.split())), tuple(map(parse, output.split())), UNITS)


def renamed(item: Candidate, kind: str) -> Model:
    return replace(item.model, spec=replace(item.model.spec, name=f"{item.entry.name}-{kind}"))


LONG, OTHERS = long_ones(), others()


@pytest.fixture(scope="session")
def reports() -> tuple[Report, ...]:
    """Of all of them: each framework is imported once.

    What differs from another one in its lengths alone is trained, saved and exported as that.
    """
    return verify(LONG, TARGETS), verify(OTHERS, TARGETS, checks=UNTRAINED)


@pytest.mark.xdist_group("catalogue")
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("model", [*LONG, *OTHERS], ids=lambda model: model.name)
def test_a_generated_model_is_what_was_inferred(
    reports: tuple[Report, ...], model: Model, target: str
) -> None:
    results = [item for report in reports for item in report.of(model.name, target)]
    failed = [f"{item.check}: {item.message}" for item in results if not item.passed]
    assert not failed, "\n".join(failed)
    checks = UNTRAINED if model in OTHERS else CHECKS
    assert {item.check for item in results} == {"build", *checks_of(target, checks)}
