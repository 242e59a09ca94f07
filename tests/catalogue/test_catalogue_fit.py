"""Which pictures fit which shapes, the likeliest first; what is said where none does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.api import analyze
from seqdsl.catalogue.draw import Wanted
from seqdsl.catalogue.entries import BY_NAME, CATALOGUE
from seqdsl.catalogue.fit import NoFit, candidate, candidates, nearest, reasons
from seqdsl.catalogue.listing import listing, nothing
from seqdsl.catalogue.page import page
from seqdsl.catalogue.shapes import parse

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def wanted(text: str) -> Wanted:
    """Inputs and outputs with a slash between them; without one, the last shape is the output."""
    before, slash, after = text.rpartition(" / ")
    if not slash:
        before, _, after = text.rpartition(" ")
    inputs, outputs = (tuple(map(parse, side.split())) for side in (before, after))
    return Wanted(inputs, outputs)


@pytest.mark.parametrize(
    "text",
    [
        "20,4 25,1",
        "10,3 1",
        "5 8,2",
        "20,4 20,4",
        "20,tokens:50 20,50",
        "4 / 3 5",
        "9,4 / 1 3",
        "20,4 / 20,5 3",
        "9,4 / 9,1 9,3",
        "28,28,1 10",
        "20x28,28,1 5",
        "20x28,10,1 20,30",
        "32,80,1 20,30",
        "9x12,tokens:50 3",
        "20,tokens:50 3",
    ],
)
def test_listing(golden: Callable[[Path, str], None], text: str) -> None:
    shapes = wanted(text)
    name = text.replace(" / ", "-to-both-").replace(" ", "-to-", "/" not in text)
    name = name.replace(" ", "-and-").replace(",", "x").replace("tokens:", "")
    golden(HERE / "golden" / f"{name}.txt", f"{listing(shapes, candidates(shapes))}\n")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("4 2", "one-to-one"),
        ("8,4 3", "many-to-one many-to-one-bidirectional stacked conv-pool-recurrent"),
        ("7,4 3", "many-to-one many-to-one-bidirectional stacked"),
        (
            "*,4 *,2",
            "many-to-many bidirectional-tagger stacked-tagger causal-convolution streaming-tagger self-attention",
        ),
        (
            "*,4 3,2",
            "encoder-decoder vector-forecast encoder-decoder-state encoder-decoder-attention "
            "last-n padded",
        ),
        ("9,4 5,3 5,1", "teacher-forcing attention-decoder"),
        ("9,tokens:50 5,tokens:60 5,60", "translation translation-attention attention-decoder"),
        (
            "*,tokens:50 *,50",
            "char-rnn decoder-only-transformer many-to-many bidirectional-tagger stacked-tagger causal-convolution "
            "streaming-tagger self-attention gpt",
        ),
        ("7 5,tokens:60 5,60", "captioning tags-with-vector forecast-with-vector"),
        ("8,4 5 2", "series-and-vector series-from-vector vector-at-every-step"),
        ("5 8,4 2", "series-and-vector series-from-vector vector-at-every-step"),
        ("8,4 5 8,2", "captioning tags-with-vector forecast-with-vector"),
        ("8,4 5 3,2", "forecast-with-vector"),
        (
            "tokens:9 5,2",
            "one-to-many one-to-many-first-step one-to-many-initial-state one-to-many-split",
        ),
        ("8,4 5,4 2", "two-encoders siamese"),
        ("8,4 5,3 2", "two-encoders"),
        ("8,tokens:9 5,tokens:9 2", "two-encoders"),
        ("8,4 5,3 9,2 2", "three-encoders"),
        ("8,4 3 5,4 2", "two-encoders-and-vector"),
        ("8,4 3 5,4 5,2", "forecast-with-known-future"),
        ("4 / 3 5", "two-answers"),
        ("8,4 / 1 8,3", "tags-and-label"),
        ("8,4 / 3 1", "two-heads"),
        ("8,tokens:50 / 8,3 1", "tags-and-label"),
        ("8,4 / 8,3 8,1", "two-tags two-decoders"),
        ("*,4 / 5,3 8,1", "two-decoders"),
        ("*,4 / *,3 *,1", "two-tags"),
        (
            "9,tokens:50 3",
            "many-to-one many-to-one-bidirectional stacked transformer-classifier",
        ),
        ("9,6,1 2", "image-classifier"),
        ("*x9,6,1 2", "video-classifier"),
        ("4x3,3,1 4,2", "image-to-text"),
        ("6,8,1 4,9", "ocr"),
    ],
)
def test_candidates(text: str, names: str) -> None:
    assert [item.entry.name for item in candidates(wanted(text))] == names.split()


def test_the_golden_listings_are_all_of_the_catalogue_but_those_of_two_inputs() -> None:
    shown = "".join(path.read_text("utf-8") for path in (HERE / "golden").glob("*.txt"))
    alone = [entry.name for entry in CATALOGUE if len(entry.inputs) == 1]
    missing = {"one-to-one", "last-n"}
    assert {name for name in alone if f"\n{name}\n" in shown or f"\n{name}: " in shown} == {
        name for name in alone if name not in missing
    }


@pytest.mark.parametrize(
    ("text", "reason", "near"),
    [
        ("1,4 1", "one step is a vector", ["4 → 1", "*,4 → 1"]),
        ("20,4 1,2", "one step is a vector", ["20,4 → 2", "20,4 → 20,2"]),
        ("5 *,2", "needs an input of any length", ["5 → 2", "*,5 → *,2"]),
        ("5 6 2", "no topology", ["5 → 2", "6 → 2"]),
        ("1,tokens:9 3", "one step is a vector", ["tokens:9 → 3", "*,tokens:9 → 3"]),
        (
            "3,3 4,4 5,5 6 2",
            "one, two and three inputs",
            ["3,3 + 4,4 + 5,5 → 2", "3,3 + 4,4 + 6 → 2", "3,3 + 5,5 + 6 → 2"],
        ),
        ("20x12,3 2", "no topology", ["20,36 → 2", "12,3 → 2"]),
        ("4x9,6,1 4x9,6,1", "not grids", ["4,54 → 4,54"]),
        ("1x9,6,1 2", "one step is a vector", ["9,6,1 → 2", "*x9,6,1 → 2"]),
        ("3,3 4 5 2", "no topology", ["3,3 + 4 → 2", "3,3 + 5 → 2", "3,3 + 3,4 + 5 → 2"]),
    ],
)
def test_nothing_fits(text: str, reason: str, near: list[str]) -> None:
    shapes = wanted(text)
    assert not candidates(shapes)
    assert reason in " ".join(reasons(shapes))
    assert [str(item) for item in nearest(shapes)] == near
    said = nothing(shapes)
    assert all(part in said for part in [reason, *near])


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("many-to-one", "4 1", "takes a sequence to a vector"),
        ("translation", "5,3 5,3 5,3", "a sequence of tokens and a sequence of tokens"),
        ("many-to-many", "5,3 6,1", "turns 5,3 → 5,1, not 5,3 → 6,1"),
        ("autoencoder", "5,3 5,2", "turns 5,3 → 5,3"),
        ("last-n", "5,3 5,1", "at least 6 steps"),
        ("video-classifier", "5,3 1", "takes a sequence of images to a vector"),
        ("image-classifier", "5x8,8,1 1", "takes an image to a vector"),
        ("hierarchical-text", "5,tokens:9 1", "takes a sequence of several tokens at each step"),
        ("image-to-text", "4x9,6,1 5,2", "turns 4x9,6,1 → 4,2, not 4x9,6,1 → 5,2"),
        ("video-classifier", "5x3,3,1 1", "leaves nothing of a grid of 1×1"),
    ],
)
def test_why_a_picture_does_not_fit(name: str, text: str, reason: str) -> None:
    with pytest.raises(NoFit, match=reason):
        candidate(BY_NAME[name], wanted(text))


def test_the_order_of_the_picture() -> None:
    """What is given in another order is drawn, and says so; where both orders can be drawn, the given one is."""
    shapes = wanted("8,4 / 1 8,3")
    (found,) = candidates(shapes)
    assert str(found.wanted) == "8,4 → 8,3 + 1"
    assert "  In this order: 8,4 → 8,3 + 1\n" in listing(shapes, [found])
    right = wanted("8,4 / 8,3 1")
    assert "In this order" not in listing(right, candidates(right))
    assert candidates(wanted("5,3 9,4 2"))[0].wanted == wanted("5,3 9,4 2")


def test_units_are_not_time_steps() -> None:
    assert wanted("20,4 1").width == 32
    assert wanted("32,4 64,1").width == 128


def test_the_page_is_current(golden: Callable[[Path, str], None]) -> None:
    golden(ROOT / "docs" / "topologies.md", page())


def test_the_pictures_of_the_page_compile() -> None:
    pictures = page().split("```seq\n")[1:]
    assert len(pictures) == len(CATALOGUE)
    for text in pictures:
        assert not analyze(text.partition("```")[0]).diagnostics
