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
from seqdsl.draw.errors import CannotRender, MissingPackage, UnfitOption
from seqdsl.draw.layout import lay_out
from seqdsl.draw.options import Options
from seqdsl.draw.png import to_png
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
        99, 99, EVIL, EVIL, (), (Group(Look.DENSE, EVIL, (node,)),), (),
        (Label(Point(1, 1), EVIL, "call", "start", EVIL + "!"),),
    )  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_escaped(theme: ThemeName) -> None:
    root = ET.fromstring(to_svg(evil_scene(), Options(theme)))
    assert not list(root.iter(f"{SVG}script"))
    assert [item.text for item in root.iter(f"{SVG}text")] == [EVIL, EVIL]
    assert {item.text for item in root.iter(f"{SVG}title")} == {EVIL, EVIL + "!"}


def test_comments_are_not_in_it() -> None:
    (evil,) = [compile(f"# {EVIL}\nO   dense(2) # {EVIL}\n|\nO   # {EVIL}")]
    for form in FORMS:
        drawn = evil.draw(form)
        # A font of PDF has a descriptor.
        assert b"<script" not in (drawn.encode() if isinstance(drawn, str) else drawn)


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
    auto, light, dark = (str(draw(model, "svg", Options(theme))) for theme in THEMES)
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
    for line in (found.data, found.window, found.state, found.feedback):
        assert contrast(line, found.ground) >= 3
    for ground, border in found.nodes.values():
        assert contrast(found.text, ground) >= 4.5
        assert contrast(border, found.ground) >= 3


def test_every_family_has_its_colours() -> None:
    looks = {item.look for item in all_layers().values()} | {Look.DELAYED}
    assert set(LIGHT.nodes) == set(DARK.nodes) == looks


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


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_scale(model: Model, scale: float) -> None:
    scene = lay_out(model)
    width, height = size_of(to_png(scene, Options(scale=scale)))
    assert abs(width - scale * scene.width) <= 1 and abs(height - scale * scene.height) <= 1
    root = ET.fromstring(str(model.draw(scale=scale)))
    assert float(root.get("width", 0)) == pytest.approx(scale * scene.width, abs=0.05)
    # What is drawn is the same.
    assert root.get("viewBox") == ET.fromstring(str(model.draw())).get("viewBox")


@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf"), 1e9])
def test_no_such_scale(model: Model, scale: float) -> None:
    with pytest.raises(UnfitOption, match="scale must be more than 0 and at most 100"):
        model.draw(scale=scale)


def test_a_scale_that_is_too_large_for_pixels(model: Model) -> None:
    with pytest.raises(CannotRender, match="take a scale of at most"):
        model.draw("png", scale=90)


def test_title(model: Model) -> None:
    other, none, usual = (
        ET.fromstring(str(model.draw(title=title))) for title in ("<Fig. 1>", "", None)
    )
    assert other.findtext(f"{SVG}title") == "<Fig. 1>"
    assert none.findtext(f"{SVG}title") == "some-model"
    classes = {item.get("class") for item in none.iter(f"{SVG}text")}
    assert "title" not in classes and "subtitle" not in classes
    assert float(none.get("height", 0)) < float(usual.get("height", 0)) - 40


@pytest.mark.parametrize("form", ["dot", "mmd"])
def test_title_of_diagrams(model: Model, form: str) -> None:
    assert "Figure 1" in str(model.draw(form, title="Figure 1"))
    assert "some-model" in str(model.draw(form))
    assert "title: " not in str(model.draw(form, title=""))
    assert "\n  label=" not in str(model.draw(form, title=""))


def test_a_transparent_drawing_has_no_ground() -> None:
    """Not even behind crossings: lines are interrupted there."""
    crossed = compile("  C\n /|\\\nH-|-H\n| | |\nX Z X\n\nH = gru(2)\nC = concat\nX = input(2)")
    solid, clear = (ET.fromstring(str(crossed.draw(transparent=on))) for on in (False, True))
    assert [item.get("class") for item in solid.iter(f"{SVG}rect")].count("ground") == 1
    assert not any(item.get("class") == "ground" for item in clear.iter())
    painted = [item.tag for item in clear.iter() if item.get("class") in {"bridge", "ground"}]
    assert painted == []
    transparent, opaque = (crossed.draw("png", transparent=on) for on in (True, False))
    assert transparent != opaque


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("txt", {"title": "a"}),
        ("dot", {"scale": 2.0}),
        ("mmd", {"transparent": True}),
        ("txt", {"scale": 2.0}),
        ("dot", {"fit": "page"}),
        ("txt", {"expand": True}),
    ],
)
def test_options_that_would_change_nothing(
    model: Model, form: str, options: dict[str, object]
) -> None:
    (name,) = options
    with pytest.raises(UnfitOption, match=f"{name} is not for {form}, but for svg"):
        draw(model, form, Options(**options))  # type: ignore[arg-type]


def test_png_has_a_theme(model: Model) -> None:
    light, dark = (draw(model, "png", Options(theme)) for theme in ("light", "dark"))
    assert draw(model, "png") == light != dark


def test_huge_png_is_bounded() -> None:
    wide = Scene(1_000_000, 100, "", "", (), (), (), ())
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
