"""the command line's results → a file of what the playground has to show: commands are run, nothing is computed."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from seqdsl.api import analyze
from seqdsl.cli.main import cli
from seqdsl.text.codes import CODES

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TARGETS = ("keras", "torch", "numpy")
TYPED = (
    "many-to-many-last-3",
    "attention-decoder",
    "bidirectional-tagger",
    "conv-drawn-stride",
    "encoder-decoder",
    "lstm-peephole",
    "named-length",
    "residual",
    "siamese",
    "state-in-and-out",
)
SHAPES = (
    (("20,4",), ("25,1",)),
    (("*,tokens:5000",), ("2",)),
    (("20,4", "3"), ("1",)),
    (("1,5",), ("9,9,9",)),
)


MESSAGES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "ValueError: Input 0 with name 'None' of layer 'lstm_1' is incompatible with the layer: expected ndim=3, found "
        "ndim=2. Full shape received: (None, 32)",
        (),
        (),
    ),
    (
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x64 and 128x10)",
        ("1000,20,4",),
        ("1000,5",),
    ),
    ("zebra", (), ()),
)


def run(*arguments: str, text: str | None = None) -> tuple[int, str, str]:
    """What a command prints, and its exit code."""
    done = CliRunner().invoke(cli, list(arguments), input=text)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def example(path: Path) -> list[dict[str, Any]]:
    """For each model of an example, what `generate`, `draw` and `explain` print of it."""
    names = [model.name for model in analyze(path.read_text("utf-8"), path.name).models]
    found = []
    for name in names:
        sources = {}
        for target in TARGETS:
            status, source, told = run("generate", str(path), "--to", target, "--model", name)
            sources[target] = {"text": source if status == 0 else "", "told": told}
        drawing = run("draw", str(path), "--theme", "light", "--model", name)[1]
        found.append({"model": name, "sources": sources, "drawing": drawing})
    # `explain` is about all models of a file, with a line between two of them.
    return [{**item, "explanation": run("explain", str(path))[1]} for item in found]


def findings(text: str, *options: str) -> list[dict[str, Any]]:
    """What `check --format json` says of a text."""
    Path("picture.seq").write_bytes(text.encode("utf-8", "surrogateescape"))
    listed: list[dict[str, Any]] = json.loads(
        run("check", "picture.seq", "--format", "json", *options)[1]
    )["diagnostics"]
    keys = ("code", "severity", "line", "column", "message", "hint")
    return [{key: item[key] for key in keys} for item in listed]


def wrong() -> list[dict[str, Any]]:
    """The wrong picture of each code, with the data that it needs."""
    found = []
    for name, code in CODES.items():
        options = [
            item
            for pair in (("--data", code.data), ("--target", code.target))
            for one in pair[1]
            for item in (pair[0], one)
        ]
        found.append(
            {
                "code": name,
                "text": code.wrong,
                "findings": findings(code.wrong),
                "data": list(code.data),
                "targets": list(code.target),
                "with_data": findings(code.wrong, *options) if options else [],
                "explanation": run("explain", name)[1],
            }
        )
    return found


def typed(name: str) -> dict[str, Any]:
    """A picture, and the codes of what is wrong with each of its beginnings."""
    text = (EXAMPLES / f"{name}.seq").read_text("utf-8")
    codes = [
        [item.code for item in analyze(text[:end], "picture.seq").diagnostics]
        for end in range(len(text) + 1)
    ]
    return {"name": name, "text": text, "codes": codes}


def new(inputs: tuple[str, ...], outputs: tuple[str, ...]) -> dict[str, Any]:
    """What `new` lists for shapes, and the file that it writes of the first picture."""
    shapes = [item for shape in inputs for item in ("--input", shape)]
    shapes += [item for shape in outputs for item in ("--output", shape)]
    status, listed, _ = run("new", *shapes)
    found = {"inputs": inputs, "outputs": outputs, "listed": listed, "first": "", "text": ""}
    if status == 0:
        name = listed.split("\n\n")[1].split(":")[0].strip().split("\n")[0]
        found |= {"first": name, "text": run("new", name, *shapes, "-o", "-")[1]}
    return found


def explained(
    message: str, data: tuple[str, ...] = (), targets: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What `explain --error` prints of a message, and the picture that it shows as the right one."""
    options = [item for shape in data for item in ("--data", shape)]
    options += [item for shape in targets for item in ("--target", shape)]
    words = run("explain", "--error", "-", *options, text=message)[1]
    parsed = json.loads(
        run("explain", "--error", "-", *options, "--format", "json", text=message)[1]
    )
    right = parsed["explanations"][0]["right"] if parsed["explanations"] else ""
    return {"message": message, "data": data, "targets": targets, "words": words, "right": right}


def fixed(text: str) -> str:
    """The text that `format --fix` writes."""
    return run("format", "--fix", "-", text=text)[1]


def main() -> None:
    """Write all of it to the file that is named."""
    target = Path(sys.argv[1]).resolve()
    paths = sorted(EXAMPLES.glob("*.seq"))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        misdrawn = "Y Y Y   dense(2)\n| |  |\nX X X   input(8)\n"
        loose = " O    O O lstm( 16 )\n |    | |\n |    | |\n o    o o\n"
        expected = {
            "examples": {path.stem: example(path) for path in paths},
            "texts": {path.stem: path.read_text("utf-8") for path in paths},
            "wrong": wrong(),
            "typed": [typed(name) for name in TYPED],
            "new": [new(*shapes) for shapes in SHAPES],
            "errors": [explained(*item) for item in MESSAGES],
            "fix": {"text": misdrawn, "fixed": fixed(misdrawn)},
            "format": {"text": loose, "formatted": run("format", "-", text=loose)[1]},
        }
        os.chdir("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(expected), "utf-8")


if __name__ == "__main__":
    main()
