"""steps and their owner → a phrase: a noun of which other phrases can be made.

A phrase is words last of all. Until then it is data: which steps, and whose they are. What is said around a phrase
asks that, and not how its words begin.
"""

from __future__ import annotations

from dataclasses import replace

from seqdsl.explain.words import ANY, comma
from seqdsl.records import record

Count = int | str
"""A number of steps; the name of a free one, or `ANY`."""

_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@record(frozen=True)
class All:
    """All steps that there are: ``all 6 steps``, ``all steps``, ``both steps``, ``the only step``.

    Attributes:
        count: how many.
        noun: what they are, ``steps`` or ``valid steps``.
    """

    count: Count
    noun: str = "steps"

    def __str__(self) -> str:
        """The words."""
        if self.count == 1:
            return "the only step"
        if self.count == 2:
            return "both steps"
        return f"all {self.noun}" if self.count == ANY else f"all {self.count} {self.noun}"


@record(frozen=True)
class Ends:
    """The first or the last steps: ``the last step``, ``the first 2 of the 6 steps``.

    Attributes:
        which: ``"first"`` or ``"last"``.
        count: how many.
        among: the noun for steps, ``steps`` or ``of the 6 steps``.
    """

    which: str
    count: Count
    among: str

    def __str__(self) -> str:
        """The words."""
        if self.count == 1:
            return f"the {self.which} step"
        return f"the {self.which} {self.count} {self.among}"


@record(frozen=True)
class Run:
    """Steps from one to another: ``steps 2 to 4``, and among which, or how they are read, if that has to be said.

    Attributes:
        first: the number of the first, from 1.
        last: the number of the last; before the first if they are read backward.
        suffix: what follows, such as `` of the 6 steps``, ``, every second,``; empty: nothing.
    """

    first: Count
    last: Count
    suffix: str = ""

    def __str__(self) -> str:
        """The words."""
        return f"steps {self.first} to {self.last}{self.suffix}"


@record(frozen=True)
class Back:
    """Steps counted from the end of a row whose length has no name: ``the fourth to the second step from the end``.

    Attributes:
        first: from which of them, counted from the end.
        last: to which.
    """

    first: int
    last: int

    def __str__(self) -> str:
        """The words."""
        return f"the {ordinal(self.first)} to the {ordinal(self.last)} step from the end"


@record(frozen=True)
class Every:
    """Steps at a stride: ``every second step``, a phrase for each of them.

    Attributes:
        stride: from one to the next.
        noun: what one of them is, ``step`` or ``valid step``.
    """

    stride: int
    noun: str

    def __str__(self) -> str:
        """The words."""
        return f"every {ordinal(self.stride)} {self.noun}"


Steps = All | Ends | Run | Back | Every


@record(frozen=True)
class Phrase:
    """What is read.

    Attributes:
        owner: whose steps they are, with all that is said behind it; without ``steps`` the whole phrase.
        steps: which steps of the owner.
    """

    owner: str
    steps: Steps | None = None

    def __str__(self) -> str:
        """The words."""
        return self.owner if self.steps is None else f"{self.steps} of {self.owner}"

    def then(self, suffix: str) -> Phrase:
        """The phrase with more words behind it: it still begins with the same steps."""
        return replace(self, owner=f"{self.owner}{suffix}")

    @property
    def each(self) -> str:
        """The steps of the phrase one by one."""
        return str(self) if self.is_one else f"each of {self}"

    @property
    def is_one(self) -> bool:
        """Whether a verb behind it is singular: "every second step is", "the last 2 steps are"."""
        match self.steps:
            case All(count=count) | Ends(count=count):
                return count == 1
            case Run() | Back():
                return False
        return True

    def of(self, total: Count) -> str:
        """The phrase behind steps that are counted out of ``total``: they are the owner's if it has as many.

        The words in front, the phrase, what becomes of it:

            steps 2 to 4 of the 6 steps of | all 6 steps of `X`     `X`
            steps 2 to 4 of the 6 steps of | the last step of `X`   the last step of `X`
        """
        whole = isinstance(self.steps, All) and self.steps.count in (ANY, total)
        # `the only step of` says more than a number does.
        return self.owner if whole and self.steps != All(1) else str(self)


def beside(parts: list[Phrase], link: str) -> Phrase:
    """Phrases one behind the other; the first is what they begin with."""
    first, *others = parts
    return first.then("".join(f"{link}{part}" for part in others))


def enumerated(parts: list[Phrase]) -> Phrase:
    """Phrases as a list: ``all 3 steps of `A`, `B` and `C` ``."""
    first, *others = parts
    if not others:
        return first
    links = [", "] * (len(others) - 1) + [f"{comma([*map(str, parts)])} and "]
    return first.then("".join(f"{link}{part}" for link, part in zip(links, others, strict=True)))


def ordinal(number: int) -> str:
    """A number as a place: ``second``, ``6th``, ``21st``."""
    # The last digit tells, but for 11 to 13 of each hundred: 11th, 21st, 111th, 121st.
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return _ORDINALS.get(number, f"{number}{ending}")
