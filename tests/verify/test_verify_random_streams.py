"""Random pictures with delayed nodes and state from call to call: cut anywhere, they give what the whole gives."""

from __future__ import annotations

from seqdsl.api import analyze
from seqdsl.formatter.format import format_text
from seqdsl.ir import parse
from seqdsl.ir.json import from_json, to_json
from seqdsl.ir.text.printer import graph_text
from seqdsl.ir.verifier import verify as check
from seqdsl.targets import TARGETS
from seqdsl.verify.pool import verify
from tests.random_pictures.streams import random_stream
from tests.unsaved import UNSAVED

COMPILED, VERIFIED = 40, (3, 12, 21)


def test_they_compile_and_are_graphs() -> None:
    fed = 0
    for seed in range(COMPILED):
        text = random_stream(seed)
        (model,) = analyze(text, f"stream-{seed}.seq").models
        assert check(model.spec) == (), text
        printed = graph_text(model.spec)
        assert graph_text(parse(printed)) == printed
        assert graph_text(from_json(to_json(model.spec))) == printed
        (again,) = analyze(format_text(text).text, f"stream-{seed}.seq").models
        assert graph_text(again.spec) == printed
        fed += "holds=value" in printed
    # Some have what only delayed nodes need.
    assert fed > COMPILED // 4


def test_they_pass_every_check() -> None:
    models = [analyze(random_stream(s), f"stream-{s}.seq").models[0] for s in VERIFIED]
    report = verify(models, TARGETS, checks=UNSAVED)
    failed = [f"{item.file}, {item.target}, {item.check}" for item in report.failures]
    assert not failed
