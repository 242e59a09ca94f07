"""SVG: well formed, escaped, small, in every theme; PNG from it."""

from __future__ import annotations

import struct
import sys
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import resvg_py

from seqdsl.api import Model, compile
from seqdsl.draw import FORMS, draw
from seqdsl.draw.layout import lay_out
from seqdsl.draw.png import CannotRender, MissingPackage, to_png
from seqdsl.draw.scene import Group, Label, Node, Point, Scene
from seqdsl.draw.svg import to_svg
from seqdsl.draw.themes import DARK, LIGHT, THEMES, ThemeName
from seqdsl.layers import Look, all_layers

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = "Y\n|\nH-H\n| |\nX X\n\nX = input(3)\nH = gru(2)\nY = dense(4)"
EVIL = "</text><script>alert('1')</script>&\"<!--"
GOLDEN = Path(__file__).parents[1] / "golden" / "svg"


@pytest.fixture(scope="module")
def model() -> Model:
    return compile(PICTURE, "some-model.seq")


def evil_scene() -> Scene:
    """What no file can bring about: every text is hostile."""
    node = Node(Point(9, 9), 8, 8, 2, EVIL)
    return Scene(
        99, 99, EVIL, EVIL, (), (), (Group(Look.DENSE, EVIL, (node,)),), (),
        (Label(Point(1, 1), EVIL, "call", "start", EVIL + "!"),),
    )  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_escaped(theme: ThemeName) -> None:
    root = ET.fromstring(to_svg(evil_scene(), theme))
    assert not list(root.iter(f"{SVG}script"))
    assert [item.text for item in root.iter(f"{SVG}text")] == [EVIL, EVIL]
    assert {item.text for item in root.iter(f"{SVG}title")} == {EVIL, EVIL + "!"}


def test_comments_are_not_in_it() -> None:
    (evil,) = [compile(f"# {EVIL}\nO   dense(2) # {EVIL}\n|\nO   # {EVIL}")]
    for form in FORMS:
        drawn = evil.draw(form)
        assert b"script" not in (drawn.encode() if isinstance(drawn, str) else drawn)


def test_it_says_what_it_is(model: Model) -> None:
    root = ET.fromstring(str(draw(model)))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "some-model"
    assert (root.findtext(f"{SVG}desc") or "").startswith("many-to-one, N = 1.")
    texts = [item.text for item in root.iter(f"{SVG}text")]
    assert {"some-model", "many-to-one · N = 1", "H: gru(2)", "x (2, 3)"} <= set(texts)


def test_it_is_the_same_each_time(model: Model) -> None:
    assert draw(model) == draw(compile(PICTURE, "some-model.seq"))


def test_themes_differ_in_colours_alone(model: Model) -> None:
    light, dark, auto = (str(draw(model, theme=theme)) for theme in ("light", "dark", "auto"))
    assert LIGHT.ground in light and DARK.ground not in light
    assert DARK.ground in dark and LIGHT.state not in dark
    assert LIGHT.ground in auto and "prefers-color-scheme: dark" in auto and DARK.ground in auto
    bodies = {text.partition("</style>")[2] for text in (light, dark, auto)}
    assert len(bodies) == 1


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_contrast(theme: object) -> None:
    """WCAG 2: 4.5 to one for text, 3 to one for what is drawn."""
    assert theme in (LIGHT, DARK)
    found = LIGHT if theme is LIGHT else DARK
    for text in (found.text, found.muted, found.state):
        assert contrast(text, found.ground) >= 4.5
    for line in (found.data, found.state):
        assert contrast(line, found.ground) >= 3
    for ground, border in found.nodes.values():
        assert contrast(found.text, ground) >= 4.5
        assert contrast(border, found.ground) >= 3


def test_every_family_has_its_colours() -> None:
    assert set(LIGHT.nodes) == set(DARK.nodes) == {item.look for item in all_layers().values()}


def test_goldens_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in GOLDEN.glob("*.svg")}
    assert sizes
    assert max(sizes.values()) < 30_000


def test_huge_pictures_stay_small() -> None:
    wires, nodes = " ".join("|" * 300), " ".join("O" * 300)
    huge = compile("\n".join([nodes] + [wires, nodes] * 120))
    assert len(str(draw(huge))) < 150_000
    assert len(str(draw(huge, "mmd"))) < 60_000


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_png_has_two_pixels_for_one(model: Model) -> None:
    scene = lay_out(model)
    width, height = size_of(to_png(scene))
    assert abs(width - 2 * scene.width) <= 1 and abs(height - 2 * scene.height) <= 1


def test_png_has_a_theme(model: Model) -> None:
    assert draw(model, "png") == draw(model, "png", "light") != draw(model, "png", "dark")


def test_huge_png_is_bounded() -> None:
    wide = Scene(1_000_000, 100, "", "", (), (), (), (), ())
    assert max(size_of(to_png(wide))) <= 8192


def test_png_without_its_package(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingPackage, match=r"pip install 'seqdsl\[draw\]'"):
        draw(model, "png")
    assert draw(model, "svg")


def test_png_without_a_font(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = partial(resvg_py.svg_to_bytes, skip_system_fonts=True)
    monkeypatch.setattr(resvg_py, "svg_to_bytes", bare)
    with pytest.raises(CannotRender, match="needs a font"):
        draw(model, "png")


def test_there_is_no_such_form(model: Model) -> None:
    with pytest.raises(ValueError, match="unknown format 'gif': choose from svg, png"):
        draw(model, "gif")
