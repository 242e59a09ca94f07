"""What a script has measured → a JSON file and a plot: the scripts share this and their options."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt

FOLDER = Path(__file__).parents[2] / "docs" / "trained"


def options(description: str | None, rate: float) -> argparse.ArgumentParser:
    """The options that all scripts have; `rate` is the learning rate unless another is given."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tiny", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--rate", type=float, default=rate, help="learning rate")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder for figures and plots")
    return parser


def minutes() -> float:
    """Minutes of processor time of this process so far, all its threads together: other programs do not count."""
    return round(time.process_time() / 60, 2)


def save(folder: Path, name: str, **figures: object) -> None:
    """Write figures as ``NAME.json``, and print them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    for key, value in figures.items():
        print(f"{key}: {value}")


def plot(folder: Path, name: str, title: str, x: str, y: str, **curves: Sequence[float]) -> None:
    """Draw curves as ``NAME.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
    for label, values in curves.items():
        axes.plot(range(1, len(values) + 1), values, label=label.replace("_", " "))
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.legend()
    figure.savefig(folder / f"{name}.png", dpi=100)
    plt.close(figure)


def reach(what: str, value: float, goal: float) -> None:
    """End the script with an error if a figure is below its goal."""
    if value < goal:
        raise SystemExit(f"{what}: {value:.4f}, the goal is {goal}")
