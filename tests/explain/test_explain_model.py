"""Explanations of pictures: golden over a choice of them, and what must hold for all."""

from __future__ import annotations

import ast
import operator
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.analysis.parameter_counts import layer_counts
from seqdsl.api import Model, analyze
from seqdsl.explain.formulas import formula
from seqdsl.explain.idioms import Fact, find_facts, idioms, sentence_of
from seqdsl.explain.model import explain
from seqdsl.explain.reasons import reasons
from seqdsl.explain.rows import rows
from seqdsl.ir.called import held_layers
from seqdsl.ir.expressions import walk
from seqdsl.ir.operations import read_by
from seqdsl.layers import is_source
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.targets import TRAINED, write
from seqdsl.targets.notes import Idiom, Module
from tests.compiled import compiled
from tests.random_pictures import random_picture

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
MODELS: dict[str, Model] = {
    model.name: model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)
}
GOLDEN = (
    "many-to-many-last-3",
    "many-to-many-padded",
    "one-to-many",
    "autoencoder",
    "translation",
    "attention-decoder",
    "bidirectional-final-state",
    "masked-last-step",
    "free-length-last-3",
    "caption-initial-state",
    "every-second-step",
    "siamese",
    "text-cnn",
    "autoencoder-reversed-state",
)


def modules(model: Model) -> dict[str, Module]:
    return {target: write(model.spec, target) for target in TRAINED}


@pytest.mark.parametrize("name", GOLDEN)
def test_explanation(golden: Callable[[Path, str], None], name: str) -> None:
    model = MODELS[name]
    golden(HERE / "golden" / f"{name}.txt", explain(model.spec, modules(model)))


def test_golden_explanations_are_exactly_those() -> None:
    assert {path.stem for path in (HERE / "golden").glob("*")} == set(GOLDEN)


@pytest.mark.parametrize("name", MODELS)
def test_every_row_and_pair_is_spoken_of(name: str) -> None:
    spec = MODELS[name].spec
    computing = [block for block in spec.blocks if not is_source(block.kind)]
    # And one for each row whose state passes from call to call.
    carried = {item.block for item in spec.states}
    assert len(rows(spec)) == len(spec.inputs) + len(computing) + len(carried)
    told = reasons(spec)
    assert all(
        any(f"`{pair.input}` to `{pair.output}`" in text for text in told) for pair in spec.pairs
    )
    sentences = "\n".join([*rows(spec), *told, *idioms(spec, {})])
    assert not re.search(r"None|Size|Fraction|  |\(\)|\b_", sentences)


@pytest.mark.parametrize("name", MODELS)
def test_words_of_a_framework_are_in_its_source(name: str) -> None:
    model = MODELS[name]
    without = idioms(model.spec, {})
    assert not any("Keras" in text or "PyTorch" in text for text in without)
    for text in idioms(model.spec, modules(model)):
        for word in re.findall(r"Keras `([A-Za-z]\w+)", text):
            assert word in model.source("keras")
        for word in re.findall(r"PyTorch `([A-Za-z][\w.]+)", text):
            assert word in model.source("torch") or word == "h_n"


OPERATORS = {ast.Add: operator.add, ast.Mult: operator.mul}


def value(node: ast.expr) -> int:
    """The value of an expression of whole numbers, `+` and `*`."""
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](value(node.left), value(node.right))  # type: ignore[no-any-return]
    assert isinstance(node, ast.Constant)
    assert isinstance(node.value, int)
    return node.value


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("target", TRAINED)
def test_formulas_give_the_predicted_numbers(name: str, target: str) -> None:
    spec = MODELS[name].spec
    total = 0
    for layer in held_layers(spec):
        known = formula(layer, spec, target)
        if known is None:
            assert layer_counts(layer)[target].value(spec.defaults) == 0
            continue
        count = value(ast.parse(known.numbers, mode="eval").body)
        assert count == layer_counts(layer)[target].value(spec.defaults)
        total += count
    assert total == spec.counts[target]


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("joint", ["-", "="])
@pytest.mark.parametrize("bias", ["", ", bias=false"])
@pytest.mark.parametrize("target", TRAINED)
def test_formulas_of_cells(cell: str, joint: str, bias: str, target: str) -> None:
    text = f"H{joint}H   {cell}(5{bias})\n| |\nX X   input(3)\n"
    (model,) = analyze(text).models
    (layer,) = model.spec.layers
    known = formula(layer, model.spec, target)
    assert known is not None
    assert value(ast.parse(known.numbers, mode="eval").body) == model.parameters[target]


RANDOM = 300


@pytest.fixture(scope="module")
def everything() -> list[Model]:
    """The examples and random pictures."""
    drawn = [analyze(random_picture(seed), f"random-{seed}.seq") for seed in range(RANDOM)]
    return [*MODELS.values(), *(model for analysis in drawn for model in analysis.models)]


def keras_layers(source: str) -> dict[str, tuple[str, dict[str, object]]]:
    """The class and the keywords of every named layer, and of what `Bidirectional` wraps."""
    found: dict[str, tuple[str, dict[str, object]]] = {}
    tree = ast.parse(source)
    # What a picture calls is spoken of where that is explained itself.
    tree.body = [
        item
        for item in tree.body
        if not isinstance(item, ast.FunctionDef)
        or item.name == "build_model"
        or not item.name.startswith("build_")
    ]
    for node in ast.walk(tree):
        # layers.LSTM(...), or a class of the module's own: CellRNN(...)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        keywords = {
            str(item.arg): item.value.value
            for item in node.keywords
            if isinstance(item.value, ast.Constant)
        }
        if "name" not in keywords:
            continue
        inner = node.args[0] if node.args and isinstance(node.args[0], ast.Call) else node
        keywords |= {
            str(item.arg): item.value.value
            for item in inner.keywords
            if isinstance(item.value, ast.Constant)
        }
        # Of a model that can keep its states the layers are made twice, first as they are spoken of.
        kind = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        found.setdefault(str(keywords["name"]), (kind, keywords))
    return found


def torch_attributes(source: str) -> dict[str, str]:
    """What each attribute of a module is made by."""
    return {
        node.targets[0].attr: ast.unparse(node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
    }


SAID = {
    Idiom.SEQUENCE: ("return_sequences", True),
    Idiom.STATE: ("return_state", True),
    Idiom.BACKWARD: ("go_backwards", True),
}
"""What is said of a layer, and the keyword that makes it true."""


def layer_of(fact: Fact, model: Model) -> str:
    """The name of the layer that a fact is about."""
    assert isinstance(fact.subject, int)
    layer = batch_chains(model.spec).blocks[fact.subject].layer
    assert layer is not None
    return layer.name


def test_what_is_said_of_a_layer_is_true_of_its_constructor(everything: list[Model]) -> None:
    """In Keras by the keywords of the layer itself, in PyTorch by what its attribute is."""
    checked: Counter[Idiom] = Counter()
    for model in everything:
        layers, made = keras_layers(model.source("keras")), torch_attributes(model.source("torch"))
        written = modules(model)
        for fact in find_facts(model.spec):
            sentence = sentence_of(fact, written)
            if fact.idiom in SAID and "Keras" in sentence:
                _, keywords = layers[layer_of(fact, model)]
                name, value = SAID[fact.idiom]
                assert keywords.get(name) == value, f"{model.file}: {sentence}"
            elif fact.idiom is Idiom.FINAL and "Keras" in sentence:
                _, keywords = layers[layer_of(fact, model)]
                is_alone = "Keras no `return_sequences`" in sentence
                assert keywords.get("return_sequences") == (None if is_alone else True), sentence
            elif fact.idiom is Idiom.BIDIRECTIONAL:
                layer = layer_of(fact, model)
                assert layers[layer][0] == "Bidirectional", f"{model.file}: {sentence}"
                # Two cells that the module has a class for; else one layer of PyTorch.
                own = made.get(layer, "").startswith("BothWays(")
                assert own or "bidirectional=True" in made.get(layer, "bidirectional=True")
                word = "BothWays" if own else "bidirectional=True"
                assert f"PyTorch `{word}`" in sentence, f"{model.file}: {sentence}"
            if fact.idiom is not None:
                checked[fact.idiom] += 1
    assert all(checked[idiom] > 5 for idiom in (*SAID, Idiom.FINAL, Idiom.BIDIRECTIONAL)), checked


def test_what_a_layer_does_is_said(everything: list[Model]) -> None:
    """The other way round: nothing that its constructor holds is kept back."""
    for model in everything:
        said: dict[str, set[Idiom]] = {}
        written = modules(model)
        for fact in find_facts(model.spec):
            if isinstance(fact.subject, int) and "Keras" in sentence_of(fact, written):
                assert fact.idiom is not None
                said.setdefault(layer_of(fact, model), set()).add(fact.idiom)
        for name, (kind, keywords) in keras_layers(model.source("keras")).items():
            if keywords.get("return_sequences"):
                assert said[name] & {Idiom.SEQUENCE, Idiom.FINAL}, f"{model.file}: {name}"
            if kind == "Bidirectional":
                assert Idiom.BIDIRECTIONAL in said[name], f"{model.file}: {name}"


WORD = re.compile(r"(Keras|PyTorch) ((?:`[^`]+`(?: and )?)+)")
CODE = re.compile(r"`([^`]+)`")


def test_every_word_is_in_the_code(everything: list[Model]) -> None:
    """Letter by letter: what is in backquotes was written, but for the name of a variable and an ellipsis."""
    checked = 0
    for model in everything:
        written = modules(model)
        bare = {target: _statements(module.source) for target, module in written.items()}
        for text in idioms(model.spec, written):
            for framework, words in WORD.findall(text):
                for word in CODE.findall(words):
                    target = {"Keras": "keras", "PyTorch": "torch"}[framework]
                    sought = _sought(word)
                    assert re.search(sought, bare[target]), f"{model.file}: {text}\n{bare[target]}"
                    checked += 1
    assert checked > 1000


def _sought(word: str) -> str:
    """A pattern for a word in the code without blanks: where there are several `h_n`, each is called by its row."""
    if word.startswith("h_n"):
        return r"\b(h_n|\w+_hidden)(_\d+)?" + (r"\[-1\]" if word.endswith("[-1]") else r"\b")
    return re.escape(word.replace(" ", "")).replace(r"\.\.\.", ".*")


def _statements(source: str) -> str:
    """A module without docstrings and blanks; where parameters are attributes, they go by their names."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
    return ast.unparse(tree).replace("'", '"').replace("self.", "").replace(" ", "")


def test_notes_are_about_what_is_in_the_specification(everything: list[Model]) -> None:
    """What nobody asks for would be a note under another name, such as that of an attribute."""
    for model in everything:
        spec = batch_chains(model.spec)
        read = {
            item
            for block in spec.blocks
            for view in read_by(block.operation)
            for item in walk(view)
        }
        for module in modules(model).values():
            for note in module.notes:
                if note.idiom is Idiom.READ:
                    assert note.subject in read, f"{model.file}: {note}"


def test_everything_that_is_said_of_the_code_names_a_piece_of_it(everything: list[Model]) -> None:
    """What names neither framework is about a picture, not about its code."""
    for model in everything:
        for text in idioms(model.spec, modules(model)):
            named = "Keras " in text or "PyTorch " in text
            assert named or text.startswith("One letter is one layer"), f"{model.file}: {text}"


def test_chains_in_a_batch_are_not_said_to_be_cut_or_joined() -> None:
    for name in ("words-to-sentences", "words-to-sentences-bidirectional", "broken-chains"):
        text = " ".join(idioms(MODELS[name].spec, modules(MODELS[name])))
        assert "run as one batch: Keras `ops.reshape`, PyTorch `.reshape`" in text
        assert "concatenated" not in text
        assert "Only the first" not in text


def test_a_layer_that_works_on_single_steps_is_not_said_to_see_all(everything: list[Model]) -> None:
    """A dense layer of "all 4 steps" would be one over their concatenation."""
    for model in everything:
        for text in rows(model.spec):
            if re.search(r"is a dense layer|is a convolution|drops features|applies `", text):
                assert "sees all" not in text or "side by side" in text, f"{model.file}: {text}"


ODD = re.compile(
    r"\bany\b(?! (?:number|length)\b)|\ball [12] \w|(?<![-+*`\d] )\b1 (?:steps|places|tokens|heads|features|units)\b|"
    r"^Only every .* are read|applied, applied"
)
"""A number in the wrong place, and nouns and verbs that do not agree with their numbers."""


def test_numbers_and_verbs_agree(everything: list[Model]) -> None:
    for model in everything:
        for text in [*rows(model.spec), *(fact.text for fact in find_facts(model.spec))]:
            # The shape of an output is (any, 4).
            assert not ODD.search(re.sub(r"shape \(.*\)", "", text)), f"{model.file}: {text}"


def _number(size: ast.expr, model: Model) -> int:
    """A number of generated source, which may be arithmetic with parameters: at their defaults."""
    return int(eval(ast.unparse(size), {"__builtins__": {}}, dict(model.spec.defaults)))


def test_windows_are_those_of_the_code(everything: list[Model]) -> None:
    checked = 0
    for model in everything:
        source = model.source("keras")
        for text in rows(model.spec):
            found = re.search(r"\(`(\w+)`\) is a convolution .* over a window of (\d+) step", text)
            if found:
                name, kernel = found.groups()
                calls = [
                    call
                    for call in ast.walk(ast.parse(source))
                    if isinstance(call, ast.Call)
                    and ast.unparse(call.func) == "layers.Conv1D"
                    and any(ast.unparse(item) == f"name={name!r}" for item in call.keywords)
                ]
                assert calls, source
                assert all(_number(call.args[1], model) == int(kernel) for call in calls), source
                checked += 1
    assert checked > 20


DIVIDED = "Y    ...  Y\n|\\        |\\\nX X  ...  X X\n\nX = input(2)\nY = gru(4)\n"


def test_lengths_that_rows_divide_are_said() -> None:
    def said(text: str) -> str:
        spec = analyze(text, "a.seq").models[0].spec
        return next(item for item in reasons(spec) if item.startswith("Variable length"))

    assert said(DIVIDED).endswith(
        "`x` must have 4, 6, 8, ... steps, because rows above divide them."
    )
    named = DIVIDED.replace("X X  ...  X X", "X X ..n.. X X")
    assert said(named).endswith("`x` must have 4, 6, 8, ... steps, because rows above divide them.")
    assert said("Y ... Y\n|     |\nX ... X\n\nX = input(2)\nY = gru(4)\n").endswith(
        "accepts any length."
    )


def test_a_layer_that_is_drawn_in_several_places_is_one_of_a_stack() -> None:
    model = MODELS["sentences-as-inputs"]
    text = " ".join(explain(model.spec, modules(model)).split())
    assert "2 stacked recurrent layers: `H` and `S`." in text
    assert "is used as a step of a sequence, so it returns all steps" in text
    assert "More than the final output" not in text


def test_a_matrix_that_is_another_layers_is_counted_once() -> None:
    text = "Y Y\n| |\nE E\n| |\nX X\n\nX = tokens(9)\nE = embedding(4)\nY = dense(tied=E)\n"
    (model,) = analyze(text).models
    (said,) = (line for line in rows(model.spec) if "transposed" in line)
    assert "the matrix of `embedding_e`, transposed (shared, so counted once)" in said


def test_the_largest_of_a_bus_and_of_a_wire_concatenates_nothing():
    # Where the bus is masked, the code has a maximum of two values in the place of the layer.
    (model,) = analyze("""
        Y   Y    dense(2)
        |   |
        M   M    max
       /|  /|
      Z | Z |    input(3)
        |   |
    +-+-+---+
    | |
    X X          input(3, mask=0)
    """).models
    told = " ".join(rows(model.spec))
    assert "(`max_m`) is the maximum of both steps of `Z` and the maximum of" in told
