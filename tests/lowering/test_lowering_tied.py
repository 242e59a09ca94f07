"""`dense(tied=M)`: units and weights of an embedding, and what is refused."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.json import from_json, to_json
from seqdsl.ir.verifier import check

PICTURE = """
Y Y Y   CALL
| | |
H H H   gru(8)
| | |
M M M   embedding(8)
| | |
X X X   tokens(20)
"""


def _drawn(call: str, picture: str = PICTURE) -> str:
    return picture.replace("CALL", call)


@pytest.mark.parametrize(("call", "own"), [("dense(tied=M)", 20), ("dense(tied=M, bias=false)", 0)])
def test_the_matrix_is_counted_once(call: str, own: int) -> None:
    counts = seqdsl.compile(_drawn(call)).spec.counts
    # The table 20 * 8, and a GRU of 3 * 8 * (8 + 8 + 2) numbers.
    assert counts == {"keras": 160 + 432 + own, "torch": 160 + 432 + own}


def test_activation_needs_no_keyword() -> None:
    (layer,) = [x for x in seqdsl.compile(_drawn("dense(tied=M, relu)")).ir.layers if x.tied]
    assert (layer.tied, str(layer.units), layer.arguments["activation"]) == (
        "embedding_m",
        "20",
        "relu",
    )


def test_text_and_json_keep_the_tie() -> None:
    graph = seqdsl.compile(_drawn("dense(tied=M)")).ir
    assert "tied=embedding_m" in str(graph)
    assert parse(str(graph)) == graph == from_json(to_json(graph))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gru_h", "`tied` is not an embedding: gru_h"),
        ("nothing", "`tied` is not an embedding: nothing"),
    ],
)
def test_verifier_refuses_what_is_no_embedding(name: str, message: str) -> None:
    text = str(seqdsl.compile(_drawn("dense(tied=M)")).ir)
    with pytest.raises(ValueError, match=message):
        check(parse(text.replace("tied=embedding_m", f"tied={name}")))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("dense(tied=Z)", "SEQ318"),
        ("dense(tied=H)", "SEQ318"),
        ("dense(20, tied=M)", "SEQ302"),
        ("dense(tied=M, units=20)", "SEQ302"),
        ("dense(tied=20)", "SEQ304"),
        ("dense()", "SEQ303"),
    ],
)
def test_what_cannot_be_tied(call: str, code: str) -> None:
    with pytest.raises(seqdsl.SeqError) as error:
        seqdsl.compile(_drawn(call))
    assert code in str(error.value)


def test_features_must_be_those_of_the_embedding() -> None:
    with pytest.raises(seqdsl.SeqError, match="`Y` reads 4 features, the embedding `M` has 8"):
        seqdsl.compile(_drawn("dense(tied=M)").replace("gru(8)", "gru(4)"))
