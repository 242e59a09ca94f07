"""A year of a real series, by PyTorch: where the Earth's axis goes.

    python examples/trained/forecast_torch.py

The pole wanders some metres in circles of about 14 months and of a year, which widen and narrow in turn. It has
been measured every day since 1962; the package `astropy-iers-data` ships the table. The model learns to say the next
fortnight from those before it, until 2013. Of the years since then, it reads three and forecasts one, again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import figures
import numpy as np
import torch
from models.torch import forecast
from torch import Tensor, nn
from tqdm import tqdm

torch.set_num_threads(1)
DAYS = 14
KNOWN, AHEAD = 78, 26
"""Three years are read before a forecast of one."""


def series() -> np.ndarray:
    """Where the pole was, in thousandths of an arc second, in each fortnight: (fortnights, 2)."""
    table = np.loadtxt(str(files("astropy_iers_data") / "data" / "eopc04.1962-now"))
    days = table[:, 5:7] * 1000
    return days[: len(days) // DAYS * DAYS].reshape(-1, DAYS, 2).mean(axis=1)


def windows(values: np.ndarray, length: int) -> np.ndarray:
    """All stretches of a length: (windows, length, 2)."""
    return np.stack([values[start : start + length] for start in range(len(values) - length + 1)])


def train(model: nn.Module, values: Tensor, steps: int, rate: float) -> list[float]:
    """Train a model on random stretches of a series, and give the loss of each step."""
    optimizer = torch.optim.Adam(model.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps)
    losses = []
    for _ in tqdm(range(steps), unit="batch"):
        rows = values[torch.randint(len(values), (32,))]
        # What it reads is a little wrong, as its own forecasts will be.
        read = rows[:, :-1] + 0.05 * torch.randn(rows[:, :-1].shape)
        loss = nn.functional.mse_loss(model(read), rows[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


def linear(values: np.ndarray, known: np.ndarray, order: int) -> np.ndarray:
    """The same by linear regression on the last values: the next one, and so on from there."""
    rows = windows(values, order + 1).reshape(-1, 2 * order + 2)
    weights = np.linalg.lstsq(rows[:, :-2], rows[:, -2:], rcond=None)[0]
    for _ in range(AHEAD):
        following = known[:, -order:].reshape(-1, 2 * order) @ weights
        known = np.concatenate([known, following[:, None]], axis=1)
    return known[:, -AHEAD:]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train the model, forecast, and save the errors of the model and of two that need no training."""
    chosen = figures.options(__doc__, rate=1e-2).parse_args(arguments)
    torch.manual_seed(0)
    pole = series()
    until = len(pole) * 4 // 5
    mean, scale = pole[:until].mean(axis=0), pole[:until].std(axis=0)
    scaled = (pole - mean) / scale

    model = forecast.build_model()
    learned = torch.from_numpy(windows(scaled[:until], KNOWN + AHEAD + 1)).float()
    losses = train(model, learned, 300 if chosen.tiny else 3000, chosen.rate)

    since = windows(scaled[until:], KNOWN + AHEAD)
    known, future = since[:, :KNOWN], since[:, KNOWN:]
    made = {
        "model": model.generate(start=torch.from_numpy(known).float(), steps=AHEAD).numpy(),
        "last value": np.repeat(known[:, -1:], AHEAD, axis=1),
        "linear, 5 months": linear(scaled[:until], known, 10),
        "linear, 3 years": linear(scaled[:until], known, KNOWN),
    }
    errors = {
        name: np.sqrt((((values - future) * scale) ** 2).mean(axis=(0, 2)))
        for name, values in made.items()
    }
    figures.plot(
        chosen.output, "forecast_torch", "error of the pole", "fortnights ahead", "mas", **errors
    )
    year = {name: float(np.sqrt((values**2).mean())) for name, values in errors.items()}
    figures.save(
        chosen.output,
        "forecast_torch",
        forecasts=len(since),
        loss=losses[-1],
        error_in_mas=year,
        minutes=figures.minutes(),
    )
    # A linear rule of three years is hard to beat here: the pole's circles are almost a sum of two.
    figures.reach(
        "last value's error over the model's",
        year["last value"] / year["model"],
        1.2 if chosen.tiny else 2.0,
    )


if __name__ == "__main__":
    main()
