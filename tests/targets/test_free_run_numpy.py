"""``generate`` of a numpy module gives what PyTorch's gives with the same weights, and draws by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import seqdsl
from tests.targets.called_runs import CALLED
from tests.targets.free_runs import NAMED, PICTURES, case_of
from tests.targets.loop_runs import BEGUN, LOOPS
from tests.targets.past_runs import PAST

STEPS = 5


def _modules(text: str) -> tuple[Any, Any]:
    """A PyTorch module and a numpy model with its weights."""
    model = seqdsl.compile(text)
    torch.manual_seed(0)
    spaces: dict[str, dict[str, Any]] = {name: {"__name__": "made"} for name in ("torch", "numpy")}
    for name, space in spaces.items():
        exec(model.source(name), space)
    module = spaces["torch"]["build_model"]().double().eval()
    for weight in module.parameters():
        weight.data.uniform_(-1, 1)
    weights = {name: value.numpy() for name, value in module.state_dict().items()}
    # The pictures that it calls are classes in front of it.
    *_, made = (item for item in spaces["numpy"].values() if hasattr(item, "predict"))
    return module, made(weights)


@pytest.mark.parametrize("length", [1, 3])
@pytest.mark.parametrize("name", [*PICTURES, *NAMED])
def test_the_same_is_generated(name: str, length: int) -> None:
    text = {**PICTURES, **NAMED}[name]
    case, (module, model) = case_of(text, length), _modules(text)
    others = [item for item in case.arrays if item is not None]
    expected = module.generate(
        *map(torch.from_numpy, others), start=torch.from_numpy(case.prompt), steps=STEPS
    )
    made = model.generate(*others, start=case.prompt, steps=STEPS)
    assert made.shape == expected.shape
    assert np.allclose(made, expected.numpy())


@pytest.mark.parametrize("name", [*PAST, *CALLED, *LOOPS, "begun"])
def test_what_is_kept_gives_the_same(name: str) -> None:
    """Attention to what was there before, and loops with delayed nodes, step by step behind a prompt."""
    text = {**PAST, **CALLED, **LOOPS, "begun": BEGUN}[name]
    case, (module, model) = case_of(text, 2), _modules(text)
    if case.is_id and not case.is_one_hot:
        # Padding within the prompt is skipped, where the picture says so.
        case.prompt[0, 0] = 0
    others = [item for item in case.arrays if item is not None]
    made = model.generate(*others, start=case.prompt, steps=STEPS)
    given = map(torch.from_numpy, others)
    expected = module.generate(*given, start=torch.from_numpy(case.prompt), steps=STEPS)
    assert made.shape == expected.shape
    assert np.allclose(made, expected.numpy())


def test_a_loop_may_begin_without_a_prompt() -> None:
    module, model = _modules(BEGUN)
    image = np.random.default_rng(0).standard_normal((3, 3))
    expected = module.generate(torch.from_numpy(image), steps=STEPS)
    assert np.array_equal(model.generate(image, steps=STEPS), expected.numpy())


def test_a_loop_beside_what_is_known_reads_its_whole_prompt() -> None:
    """Between the prompt and its steps there are the checks of what is known."""
    module, model = _modules("""
Y    Y      Y      Y   dense(9)
|    |      |      |
I    D      D      D
|   /|\\    /|\\    /|\\
X  d Z |  d Z |  d Z |
       |      |      |
       K      K      K

X = input(3)
Z = input(9, feedback=Y, choose=true)
K = input(2)
I = dense(4)
D = dense(4, tanh)
""")
    random = np.random.default_rng(0)
    known, image = random.standard_normal((2, 9, 2)), random.standard_normal((2, 3))
    given = [torch.from_numpy(item) for item in (image, known)]
    made = []
    for start in (None, np.array([[1], [2]]), np.array([[1, 2, 3], [2, 5, 6]])):
        prompt = None if start is None else torch.from_numpy(start)
        expected = module.generate(*given, start=prompt, steps=STEPS)
        made.append(model.generate(image, known, start=start, steps=STEPS))
        assert np.array_equal(made[-1], expected.numpy())
    assert len({item.tobytes() for item in made}) == 3
    with pytest.raises(ValueError, match="k has 9 steps, 10 are needed"):
        model.generate(image, known, start=start, steps=8)


def test_an_image_needs_no_first_word() -> None:
    module, model = _modules(PICTURES["caption"])
    image = np.random.default_rng(0).standard_normal((3, 12))
    expected = module.generate(torch.from_numpy(image), steps=STEPS)
    assert np.array_equal(model.generate(image, steps=STEPS), expected.numpy())


@pytest.mark.parametrize("name", ["char-rnn", "one-hot"])
def test_stopped_samples_are_filled(name: str) -> None:
    case, (module, model) = case_of(PICTURES[name], 2), _modules(PICTURES[name])
    stop = int(model.generate(start=case.prompt, steps=2)[0, 1])
    expected = module.generate(start=torch.from_numpy(case.prompt), steps=STEPS, stop=stop)
    made = model.generate(start=case.prompt, steps=STEPS, stop=stop)
    assert np.array_equal(made, expected.numpy()) and (made[0, 1:] == stop).all()
    alone = model.generate(start=case.prompt[:1], steps=9, stop=stop)
    assert alone.shape == (1, 9) and (alone[0, 1:] == stop).all()


@pytest.mark.parametrize("name", ["char-rnn", "one-hot", "translation"])
def test_what_is_drawn_has_the_distribution_of_its_temperature(name: str) -> None:
    case, (module, model) = case_of(PICTURES[name], 1), _modules(PICTURES[name])
    many = 20_000
    others = [item[:1] for item in case.arrays if item is not None]
    prompt = case.prompt[:1]
    fed = np.eye(case.width)[prompt] if case.is_one_hot else prompt
    with torch.no_grad():
        given = module(*map(torch.from_numpy, (*others, fed)))[0, -1]
    expected = torch.softmax((given.log() if name == "one-hot" else given) / 2.0, -1).numpy()
    copies = [item.repeat(many, 0) for item in others]
    drawn = [
        model.generate(*copies, start=prompt.repeat(many, 0), steps=1, temperature=2.0, seed=seed)
        for seed in (1, 1, 2)
    ]
    counted = np.bincount(drawn[0][:, 0], minlength=case.width) / many
    assert np.abs(counted - expected).max() < 4 * (0.25 / many) ** 0.5
    assert np.array_equal(drawn[0], drawn[1]) and not np.array_equal(drawn[0], drawn[2])


def test_what_does_not_fit_is_refused() -> None:
    _, model = _modules(PICTURES["translation"])
    words, start = np.ones((2, 3), int), np.ones(2, int)
    for arguments, told in (
        ({"start": start, "steps": 0}, "steps should be at least 1, it is 0"),
        ({"start": start + 49, "steps": 1}, "start should be ids from 0 to 49, it is 50 to 50"),
        ({"start": start[:, None, None], "steps": 1}, r"start should have the shape"),
    ):
        with pytest.raises(ValueError, match=told):
            model.generate(words, **arguments)
    with pytest.raises(ValueError, match="source should be ids from 0 to 39"):
        model.generate(words + 39, start=start, steps=1)


def _counted(steps: int, code: str) -> str:
    """A calendar with a code of each step's number beside what is fed, of a set length."""
    rows = (
        "  Y   ",
        "  |   ",
        "--H---",
        " /|   ",
        "Z |   ",
        "--G---",
        "  |   ",
        "  A   ",
        "  |\\  ",
        "  | P ",
        "  |   ",
        "  C   ",
    )
    # A state wire is drawn from the first node to the last.
    lines = ((row * steps).rstrip(" -") for row in rows)
    drawn = "\n".join("  " + line[2:] if line[:1] == "-" else line for line in lines)
    return f"""
{drawn}

Z = input(2, feedback=Y)
C = input(3)
P = position(3, {code})
A = add
G = gru(3)
H = gru(4)
Y = dense(2)
"""


@pytest.mark.parametrize("code", ["most=9", "sin"])
def test_codes_beside_a_longer_run_are_as_many(code: str) -> None:
    """A run longer than its picture is what the same picture generates where it is drawn as long."""
    (module, model), (longer, _) = (_modules(_counted(steps, code)) for steps in (3, 7))
    longer.load_state_dict(module.state_dict())
    random = np.random.default_rng(0)
    known, start = random.standard_normal((2, 7, 3)), random.standard_normal((2, 2, 2))
    given = {"start": torch.from_numpy(start), "steps": STEPS}
    expected = longer.generate(torch.from_numpy(known), **given)
    assert torch.allclose(module.generate(torch.from_numpy(known), **given), expected)
    assert np.allclose(model.generate(known, start=start, steps=STEPS), expected.numpy())
