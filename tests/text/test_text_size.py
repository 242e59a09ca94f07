"""Sizes compute like the polynomials they are."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqdsl.size import Size

NAMES = ("m", "n", "units")
numbers = st.integers(-1000, 1000)


def divided(one: Size, other: Size) -> Size:
    """A quotient by what is never 0, whatever the numbers."""
    return one // (other * other * 2 + 1)


sizes = st.recursive(
    st.one_of(numbers.map(Size.of), st.sampled_from(NAMES).map(Size.of)),
    lambda inner: st.one_of(
        st.builds(Size.__add__, inner, inner),
        st.builds(Size.__sub__, inner, inner),
        st.builds(Size.__mul__, inner, inner),
        st.builds(divided, inner, inner),
    ),
    max_leaves=6,
)
environments = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))


@given(sizes, sizes, environments)
def test_operators_agree_with_numbers(one: Size, other: Size, env: dict[str, int]) -> None:
    left, right = one.value(env), other.value(env)
    assert (one + other).value(env) == left + right
    assert (one - other).value(env) == left - right
    assert (one * other).value(env) == left * right
    assert (-one).value(env) == -left
    if other.terms:
        try:
            expected = left // right
        except ZeroDivisionError:
            return
        assert (one // other).value(env) == expected


@given(sizes, sizes, sizes)
def test_equal_polynomials_are_equal(a: Size, b: Size, c: Size) -> None:
    assert a + b == b + a
    assert a * b == b * a
    assert (a + b) + c == a + (b + c)
    assert a * (b + c) == a * b + a * c
    assert a - a == Size.of(0)
    assert hash(a + b) == hash(b + a)


@given(sizes, numbers)
def test_numbers_on_either_side(size: Size, number: int) -> None:
    assert size + number == number + size == size + Size.of(number)
    assert size * number == number * size == size * Size.of(number)
    assert size - number == size + -number


@given(sizes, environments)
def test_text_is_python(size: Size, env: dict[str, int]) -> None:
    assert eval(str(size), {}, dict(env)) == size.value(env)


@given(sizes, environments)
def test_substitution(size: Size, env: dict[str, int]) -> None:
    assert size.subs(env).constant == size.value(env)
    assert size.subs({}) == size
    assert size.subs({"n": Size.of("m") + 1}).value(env) == size.value({**env, "n": env["m"] + 1})


@given(sizes)
def test_names_and_constants(size: Size) -> None:
    assert (size.constant is None) == bool(size.names)


TEXTS = [
    (Size.of(0), "0"),
    (Size.of(-3), "-3"),
    (Size.of("n"), "n"),
    (-Size.of("n"), "-n"),
    (Size.of("n") - 3, "n - 3"),
    (-Size.of("n") + 3, "3 - n"),
    (Size.of("units") * 2 + 8, "2 * units + 8"),
    (Size.of("n") * Size.of("m"), "m * n"),
    (Size.of("n") * Size.of("n") - Size.of("n"), "n * n - n"),
]


@pytest.mark.parametrize(("size", "text"), TEXTS)
def test_texts(size: Size, text: str) -> None:
    assert str(size) == text


def test_a_name_without_a_value() -> None:
    with pytest.raises(KeyError):
        Size.of("n").value({})


@given(sizes)
def test_copies_are_equal(size: Size) -> None:
    assert pickle.loads(pickle.dumps(size)) == size == copy.deepcopy(size)


UNITS, FEATURES, HEADS = map(Size.of, ("units", "features", "heads"))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (FEATURES // HEADS, "features // heads"),
        ((FEATURES // HEADS) * 2, "2 * (features // heads)"),
        (UNITS * 2 // 4, "2 * units // 4"),
        ((FEATURES + 1) // (HEADS * 2), "(features + 1) // (2 * heads)"),
        (FEATURES // (HEADS // 2), "features // (heads // 2)"),
        (FEATURES // HEADS // 2, "features // heads // 2"),
        (Size.of(32) - UNITS, "32 - units"),
        (-(FEATURES // HEADS) + 4, "4 - features // heads"),
        ((UNITS * 4 + 3) // 2, "2 * units + 1"),
        ((FEATURES * HEADS + UNITS) // HEADS, "features + units // heads"),
        ((UNITS + HEADS) // (UNITS + HEADS), "1"),
        (Size.of(7) // 2, "3"),
    ],
)
def test_quotients_as_text(size: Size, text: str) -> None:
    assert str(size) == text
    assert size.names == {name for name in ("units", "features", "heads") if name in text}


def test_no_quotient_by_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        UNITS // (UNITS - UNITS)
    with pytest.raises(ZeroDivisionError):
        (FEATURES // HEADS).value({"features": 8, "heads": 0})
