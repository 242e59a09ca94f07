"""a target's record, one in each target's folder: what can be said of it before its framework is imported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A framework that source is generated for, or another way to run a model.

    Its package defines ``write(graph) -> Module`` (`seqdsl.targets.notes`) in itself, and in its module ``runtime``
    what `seqdsl.runtime.adapter` asks for, which alone imports the framework.

    Attributes:
        name: what ``--to`` takes: ``"torch"``.
        title: what it is called: ``"PyTorch"``.
        package: the importable package that has all of it.
        extra: what pip installs it by, ``seqdsl[extra]``; empty: numpy, which every extra brings, is enough.
        trains: whether its models can be trained; if not, they only predict, and are checked for their values alone.
        generates: whether every model with ``feedback=`` has a ``generate``; if not, some have none.
        weight_files: the suffixes of its files of weights.
        aliases: other names that ``--to`` takes, in lower case.
        unnamed: what readers call a model that its author gave no name: a class of the framework's own.
    """

    name: str
    title: str
    package: str
    extra: str = ""
    trains: bool = True
    generates: bool = True
    weight_files: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
