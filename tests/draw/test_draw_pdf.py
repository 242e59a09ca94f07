"""PDF: one page as large as the drawing, with all texts as texts, in fonts that are in the file."""

from __future__ import annotations

import base64
import re
import zlib
from pathlib import Path

import pytest

from seqdsl.api import Model, compile
from seqdsl.draw.errors import CannotRender
from seqdsl.draw.layout import lay_out
from seqdsl.draw.themes import DARK, LIGHT
from tests.compiled import compiled

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {model.name: model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)}
PICTURE = "Y\n|\nH-H\n| |\nX X\n\nX = input(3)\nH = gru(2)\nY = dense(4)"


@pytest.fixture(scope="module")
def model() -> Model:
    return compile(PICTURE, "some-model.seq")


def pdf(model: Model, **options: object) -> bytes:
    drawn = model.draw("pdf", **options)  # type: ignore[arg-type]
    assert isinstance(drawn, bytes)
    return drawn


def content(drawn: bytes) -> str:
    """What the page draws: the one stream that is in ASCII 85; fonts are not."""
    start = rb"/ASCII85Decode /FlateDecode \] /Length \d+\s*>>\s*stream\s*"
    (page,) = re.findall(start + rb"(.*?)~>", drawn, re.DOTALL)
    return zlib.decompress(base64.a85decode(page)).decode("latin-1")


def shares(text: str) -> set[str]:
    """All colors that are filled with, to two digits."""
    found = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) rg", text)
    return {" ".join(f"{float(part):.2f}" for part in parts) for parts in found}


def share(code: str) -> str:
    return " ".join(f"{int(code[at : at + 2], 16) / 255:.2f}" for at in (1, 3, 5))


def test_it_is_the_same_each_time(model: Model) -> None:
    assert pdf(model) == pdf(compile(PICTURE, "some-model.seq"))


def test_the_page_is_as_large_as_the_drawing(model: Model) -> None:
    scene = lay_out(model)
    for scale in (None, 2.0):
        box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf(model, scale=scale))
        assert box is not None
        width, height = (float(part) for part in box.groups())
        assert width == pytest.approx(scene.width * 0.75 * (scale or 1), abs=0.01)
        assert height == pytest.approx(scene.height * 0.75 * (scale or 1), abs=0.01)


def test_all_fonts_are_in_it(model: Model) -> None:
    drawn = pdf(model)
    fonts = re.findall(rb"/BaseFont /(\S+)", drawn)
    assert fonts and all(b"+BitstreamVera" in font for font in fonts)
    assert drawn.count(b"/FontFile2") == len(set(fonts))


@pytest.mark.parametrize("name", ["attention-decoder", "transformer-decoder", "named-length"])
def test_every_text_is_a_text(name: str) -> None:
    scene = lay_out(MODELS[name])
    texts = [label.text for label in scene.labels]
    texts += [node.text for group in scene.groups for node in group.nodes]
    # Arrows are drawn, as the fonts have none.
    parts = [part for text in texts for part in re.split("→", text) if part]
    assert content(pdf(MODELS[name])).count(" Tj") == len(parts)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_example_has_its_letters(name: str) -> None:
    assert pdf(MODELS[name]).startswith(b"%PDF-")


def test_themes(model: Model) -> None:
    light, dark = (shares(content(pdf(model, theme=theme))) for theme in ("light", "dark"))
    assert {share(LIGHT.ground), share(LIGHT.text), share(LIGHT.state)} <= light
    assert {share(DARK.ground), share(DARK.text), share(DARK.state)} <= dark
    assert pdf(model, theme="auto") == pdf(model, theme="light")


def test_a_transparent_page_has_no_ground(model: Model) -> None:
    with_ground, without = (content(pdf(model, transparent=on)) for on in (False, True))
    assert with_ground.count(" re f") == without.count(" re f") + 1


def test_no_title(model: Model) -> None:
    texts = content(pdf(model)).count(" Tj")
    assert content(pdf(model, title="")).count(" Tj") == texts - 2


def test_letters_that_the_fonts_do_not_have(model: Model) -> None:
    with pytest.raises(CannotRender, match="have no '漢'"):
        pdf(model, title="a 漢")
