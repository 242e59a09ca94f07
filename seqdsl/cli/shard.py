"""``--shard 2/5`` → the files of one of several machines: together they verify everything, and nothing twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Analysis

    Base = click.ParamType["Shard"]
else:
    # Older versions of click do not say of what type a parameter is.
    Base = click.ParamType

_MOST = 10_000
_TEXT = re.compile(r"(\d{1,5})/(\d{1,5})", re.ASCII)


class Shard(NamedTuple):
    """The ``place``-th of ``total`` shards, counted from 1."""

    place: int
    total: int

    def __str__(self) -> str:
        """The text of the option."""
        return f"{self.place}/{self.total}"

    def of(self, analyses: Sequence[Analysis]) -> list[Analysis]:
        """The files of this shard: of ``a b c d e``, shard 2/3 has ``b e``. Their order is that of their names.

        Neighbors in a folder tend to be alike, and as expensive: dealt out in turn, shards take equally long.
        """
        return sorted(analyses, key=lambda analysis: analysis.source.name)[
            self.place - 1 :: self.total
        ]


class ShardType(Base):
    """Reads ``i/n``."""

    name = "shard"

    def convert(
        self, value: str | Shard, param: click.Parameter | None, ctx: click.Context | None
    ) -> Shard:
        """The shard that a text stands for."""
        if isinstance(value, Shard):
            return value
        match = _TEXT.fullmatch(value.strip())
        if match is None:
            self.fail(f"{value!r} is not of the form I/N, such as 1/4", param, ctx)
        shard = Shard(int(match[1]), int(match[2]))
        if not 1 <= shard.place <= shard.total <= _MOST:
            self.fail(f"{value!r}: I counts from 1 to N, and N is at most {_MOST:,}", param, ctx)
        return shard
