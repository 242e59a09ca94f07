"""answers of a comparison → outcome: exact, equal but for what is named, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers.reading import Difference
from seqdsl.porting.outcome import Comparison, Failed, Grade, Outcome, Taken
from seqdsl.porting.sentences import counted
from seqdsl.porting.untrusted import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#                                           a fault           what becomes of it
# with its own weights                      results           refused
# with its own weights, on padded steps     results           named
# with random weights                       any check         refused
# with random weights                       in training       named, where the reader names what differs
# its weights                               more than drawn   named
#                                           fewer             refused
IN_TRAINING = "training"
"""The check whose faults show while a model is trained alone."""


def outcome_of(
    answers: Sequence[Mapping[str, Any]],
    differences: Sequence[Difference],
    framework: str,
    skipped: str,
) -> Outcome:
    """What the answers of `seqdsl.porting.checking.Original.check` come to.

    Args:
        answers: the answers.
        differences: what the reader found to differ.
        framework: the model's framework with its version.
        skipped: why there are no checks with random weights; empty: there are.
    """
    known = {key: value for answer in answers for key, value in answer.items()}
    own = Comparison.from_json(known["own"]) if "own" in known else None
    unused = int(known.get("unused", 0))
    passed, faults = results_in(answers)
    named = [*differences, *_named(own, unused), *_frozen(known.get("frozen", ()))]
    named += _untrained(own)
    failed = [*_failed(own, unused)]
    for item in faults:
        # What is random in training may be drawn otherwise; where the reader says so, that is what it named.
        if item.check == IN_TRAINING and differences:
            named.append(Difference("", f"training: {item.why}"))
        else:
            failed.append(item)
    merged = tuple(map(sentence, known.get("merged", ())))
    grade = _grade(own, failed, named)
    return Outcome(
        grade, framework, own, passed, tuple(failed), skipped, tuple(named), unused, merged
    )


def results_in(answers: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], list[Failed]]:
    """The names of the checks that were passed, and those that were not."""
    results = [answer["result"] for answer in answers if "result" in answer]
    passed = tuple(sentence(item["check"]) for item in results if item["passed"])
    faults = (item for item in results if not item["passed"])
    return passed, [Failed(sentence(item["check"]), str(item["message"])) for item in faults]


def _failed(own: Comparison | None, unused: int) -> Iterator[Failed]:
    """What is wrong with the model's own weights, and with their number."""
    if own is not None and own.fault:
        yield Failed("own weights", own.fault)
    if unused < 0:
        yield Failed(
            "parameters", f"the picture has {counted(-unused, 'weight')} more than the model"
        )


def _named(own: Comparison | None, unused: int) -> list[Difference]:
    """What the checks found to differ that need not keep anybody from using the picture."""
    found = []
    if own is not None and own.padding:
        what = f"values on padded steps differ: {own.padding}; on all other steps they are equal"
        found.append(Difference("", what, numbers=True))
    if own is not None and own.taken is not Taken.ALL:
        found.append(Difference("", own.taken.value, numbers=True))
    if own is not None and own.reshaped:
        names = ", ".join(f"`{name}`" for name in own.reshaped)
        what = f"{names} has an axis of length 1 more here than in the model, or less, or its axes in another order"
        found.append(Difference("", what))
    if unused > 0:
        is_ = "is" if unused == 1 else "are"
        what = f"{counted(unused, 'weight')} of the model {is_} not used by its results"
        found.append(Difference("", what))
    return found


def _frozen(names: Sequence[object]) -> Iterator[Difference]:
    """What is not trained in the model; pictures say nothing of it."""
    if names:
        said = ", ".join(f"`{sentence(name)}`" for name in names)
        yield Difference("", f"frozen in the model, trained in the picture's: {said}")


def _untrained(own: Comparison | None) -> Iterator[Difference]:
    """Vectors that are not trained in the model."""
    if own is not None and own.untrained:
        names = ", ".join(f"`{name}`" for name in own.untrained)
        what = f"the id for padding has a vector that is not trained in the model, and is in the picture's: {names}"
        yield Difference("", what)


def _grade(own: Comparison | None, failed: Sequence[Failed], named: Sequence[Difference]) -> Grade:
    if failed or own is None:
        return Grade.REFUSED
    return Grade.EQUAL_BUT if named else Grade.EXACT
