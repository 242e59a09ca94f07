"""Names of files, models, parameters and layers, and what becomes of them in Python."""

from __future__ import annotations

import keyword
import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqdsl.syntax.names import (
    LONGEST,
    LONGEST_STEM,
    check_name,
    class_name,
    is_reserved,
    model_name,
)
from seqdsl.text.source import Span

STEMS = [
    ("many-to-one", "many-to-one"),
    ("Many_To_One2", "Many_To_One2"),
    ("my model (1)", "my-model-1"),
    ("2nd", "model-2nd"),
    ("_x_", "x"),
    ("-", "model"),
    ("", "model"),
    ("é", "model"),
    ("naïve", "na-ve"),
    ('"""; import os', "import-os"),
    ("x" * 50, "x" * LONGEST_STEM),
    ("x" * 39 + "-y", "x" * 39),
    ("9" * 50, "model-" + "9" * 34),
]


@pytest.mark.parametrize(("stem", "name"), STEMS)
def test_model_names(stem: str, name: str) -> None:
    assert model_name(stem) == name


CLASSES = [
    ("many-to-one", "ManyToOne"),
    ("many_to_many-last_3", "ManyToManyLast3"),
    ("LSTM", "LSTM"),
    ("tensor", "TensorModel"),
    ("module", "ModuleModel"),
    ("none", "NoneModel"),
    ("true", "TrueModel"),
    ("sequential", "SequentialModel"),
    ("f", "FModel"),
]


@pytest.mark.parametrize(("name", "found"), CLASSES)
def test_class_names(name: str, found: str) -> None:
    assert class_name(name) == found


def test_no_model_takes_the_place_of_a_class_of_its_module() -> None:
    # A model `past` of the class `Past` would be called where the module keeps what it has read.
    folder = resources.files("templates").joinpath("torch")
    texts = [item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".j2")]
    defined = {name for text in texts for name in re.findall(r"^class (\w+)", text, re.MULTILINE)}
    assert {"Past", "BothWays"} <= defined
    assert [name for name in sorted(defined) if class_name(name) == name] == []


@given(st.text(max_size=60))
def test_any_stem_becomes_a_class(stem: str) -> None:
    name = model_name(stem)
    assert name.isascii() and 0 < len(name) <= LONGEST_STEM
    found = class_name(name)
    assert found.isidentifier() and not keyword.iskeyword(found)
    assert found not in ("F", "Tensor", "Module")


RESERVED = [
    "self",
    "keras",
    "torch",
    "nn",
    "class",
    "lambda",
    "forward",
    "model",
    "print",
    "compile",
]
FREE = ["units", "n", "features", "encoder", "x", "n_2", "main", "code", "batch", "match", "none"]


@pytest.mark.parametrize(
    ("name", "is_free"), [*((n, False) for n in RESERVED), *((n, True) for n in FREE)]
)
def test_reserved(name: str, is_free: bool) -> None:
    assert is_reserved(name) is not is_free
    assert bool(check_name(name, Span(1, 1, 2), "a parameter")) is not is_free


@pytest.mark.parametrize(
    "name", ["lambda", "a__b", "a__class__b", "a____b", "a___", "import", "self"]
)
def test_the_name_that_is_proposed_can_be_used(name: str) -> None:
    (found,) = check_name(name, Span(1, 1, 2), "a parameter")
    proposed = found.hint.split("`")[1]
    assert proposed != name
    assert check_name(proposed, Span(1, 1, 2), "a parameter") == []


@pytest.mark.parametrize(("size", "count"), [(LONGEST, 0), (LONGEST + 1, 1), (10**6, 1)])
def test_the_longest_name(size: int, count: int) -> None:
    assert len(check_name("n" * size, Span(1, 1, 2), "a layer")) == count
