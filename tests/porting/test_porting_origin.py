"""What somebody types is a function or a file; what is not read is refused with what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqdsl.layout.wiring import Wirings
from seqdsl.porting.importing import compiled
from seqdsl.porting.naming import name_for, named_in
from seqdsl.porting.origin import (
    CannotRead,
    GivenInput,
    Origin,
    OriginKind,
    input_of,
    is_origin,
    origin_from_json,
    origin_of,
    origin_to_json,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20,4", GivenInput((20, 4))),
        ("x=n,8", GivenInput(("n", 8), name="x")),
        ("words=*:int64", GivenInput(("",), "int64", "words")),
        ("*,B,8", GivenInput(("", 8), samples=1)),
    ],
)
def test_inputs(text: str, expected: GivenInput) -> None:
    assert input_of(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not [NAME=]SHAPE"),
        ("0,4", "not a length"),
        ("4x,2", "not a length"),
        ("1,2,3,4,5,6", "6 axes"),
        ("3:bool", "unknown type"),
        ("1000000", "not a length"),
    ],
)
def test_what_is_no_input(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("[", r"\[")):
        input_of(text)


def test_origins(tmp_path: Path) -> None:
    file = tmp_path / "a.keras"
    file.touch()
    function = origin_of("my.models:build", (GivenInput(("", 3)),))
    assert function.kind is OriginKind.FUNCTION
    assert origin_from_json(origin_to_json(function)) == function
    assert origin_of(str(file)).kind is OriginKind.KERAS_FILE


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("a.keras", "no such file"),
        ("a.h5", "save('model.keras')"),
        ("a.hdf5", "save('model.keras')"),
        ("a.onnx", "not read yet"),
        ("a.pt2", "can run code"),
        ("a.PT", "MODULE:FUNCTION"),
        ("a.pth", "weights_only=True"),
        ("a.safetensors", "weights_only=True"),
        ("models", "MODULE:FUNCTION"),
        ("a b:c", "MODULE:FUNCTION"),
    ],
)
def test_what_is_not_read(text: str, way: str) -> None:
    with pytest.raises(CannotRead) as caught:
        origin_of(text)
    assert way in str(caught.value)


def test_what_a_command_takes_for_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_origin("my.models:build")
    assert is_origin("a.keras")
    assert is_origin("my/models.py:build")
    assert not is_origin("a.seq")
    # A file of that name is a file of pictures.
    (tmp_path / "models:build").touch()
    assert not is_origin("models:build")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my_models:build", ""),
        ("my_models:build_speaker", "speaker"),
        ("shop.translator.model:build", "translator"),
        ("models:BigTranslator.build", "big-translator"),
        ("models:create_lstm_model", "lstm-model"),
        ("models:run_3", ""),
        ("saved/speaker_v2.keras", "speaker-v2"),
        ("speaker/best_model.keras", ""),
        ("01-best.keras", ""),
        ("être.keras", ""),
    ],
)
def test_what_tells_a_model_from_others(text: str, expected: str) -> None:
    kind = OriginKind.KERAS_FILE if text.endswith(".keras") else OriginKind.FUNCTION
    assert named_in(Origin(text, kind)) == expected


@pytest.mark.parametrize(
    ("given", "target", "wanted", "expected"),
    [
        ("functional", "keras", "speaker", "speaker"),
        ("sequential", "torch", "", "many-to-one"),
        ("lstm", "torch", "speaker", "lstm-model"),
        ("sequential", "keras", "peephole", "peephole-model"),
        ("sequential", "keras", "words", "words-model"),
        ("model", "torch", "speaker", "model"),
        ("chosen", "keras", "speaker", "chosen"),
    ],
)
def test_only_what_nobody_named_gets_a_name(
    given: str, target: str, wanted: str, expected: str
) -> None:
    model = compiled("  Y   lstm(2)\n  |\nH-H   gru(3)\n| |\nX X   input(3)", "x.seq")
    wirings = Wirings(given, (), cells=("cell peephole(units):",), called=("model words\n",))
    assert name_for(model, wirings, target, wanted) == expected
