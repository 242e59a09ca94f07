"""A small model that writes text, by PyTorch: it reads Python's manual, and writes on, character by character.

    python examples/trained/text_torch.py

The manual is that of the standard library (what `help("for")` prints). How good the model is, is said in bits a
character on pages that it has not read; against it stands a table of which character follows which.
With ``--tiny`` it learns the Zen of Python by heart.
"""

from __future__ import annotations

import codecs
import contextlib
import io
from collections.abc import Sequence
from math import log
from pydoc_data.topics import topics

import figures
import torch
from models.torch import text
from torch import Tensor, nn
from tqdm import tqdm

torch.set_num_threads(1)
BATCH, WINDOW = 32, 80


def encode(string: str) -> Tensor:
    """The ids of the printable ASCII characters of a text; a line's end has the last one."""
    return torch.tensor(
        [95 if c == "\n" else ord(c) - 32 for c in string if c == "\n" or " " <= c <= "~"]
    )


def decode(ids: Tensor) -> str:
    """The text of ids."""
    return "".join("\n" if code == 95 else chr(code + 32) for code in ids.tolist())


def zen() -> str:
    """The Zen of Python; its module prints it when it is imported."""
    with contextlib.redirect_stdout(io.StringIO()):
        import this
    return codecs.decode(this.s, "rot13")


def bits(model: nn.Module, ids: Tensor) -> float:
    """The mean loss of a text, in bits a character."""
    rows = ids[: len(ids) // 500 * 500].view(-1, 500)
    with torch.no_grad():
        loss = nn.functional.cross_entropy(model(rows[:, :-1]).transpose(1, 2), rows[:, 1:])
    return loss.item() / log(2)


def bits_of_pairs(read: Tensor, ids: Tensor) -> float:
    """The same for a table that knows how often each character follows each other one."""
    counts = torch.ones(96, 96)
    counts.index_put_((read[:-1], read[1:]), torch.tensor(1.0), accumulate=True)
    share = counts / counts.sum(1, keepdim=True)
    return -share[ids[:-1], ids[1:]].log2().mean().item()


def train(model: nn.Module, ids: Tensor, steps: int, rate: float) -> list[float]:
    """Train a model on random windows of a text, and give the loss of each step in bits."""
    optimizer = torch.optim.Adam(model.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps)
    losses = []
    progress = tqdm(range(steps), unit="batch")
    for _ in progress:
        starts = torch.randint(len(ids) - WINDOW, (BATCH, 1))
        rows = ids[starts + torch.arange(WINDOW + 1)]
        loss = nn.functional.cross_entropy(model(rows[:, :-1]).transpose(1, 2), rows[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item() / log(2))
        progress.set_postfix(bits=f"{losses[-1]:.2f}")
    return losses


def main(arguments: Sequence[str] | None = None) -> None:
    """Train the model, let it write at two temperatures, and save what was measured."""
    chosen = figures.options(__doc__, rate=1e-2).parse_args(arguments)
    torch.manual_seed(0)
    if chosen.tiny:
        read = unread = encode(zen())
    else:
        manual = encode("\n".join(topics[name] for name in sorted(topics)))
        read, unread = manual[: len(manual) * 9 // 10], manual[len(manual) * 9 // 10 :]
    model = text.build_model()
    losses = train(model, read, 100 if chosen.tiny else 2000, chosen.rate)

    start = encode("The " if chosen.tiny else "The statement ")
    samples = {}
    for temperature in (0.0, 0.5, 1.0):
        made = model.generate(start=start[None], steps=300, temperature=temperature)
        samples[str(temperature)] = decode(start) + decode(made[0])
    figures.plot(chosen.output, "text_torch", "training", "batch", "bits a character", model=losses)
    measured = bits(model, unread)
    pairs = bits_of_pairs(read, unread)
    figures.save(
        chosen.output,
        "text_torch",
        characters=len(read),
        bits=measured,
        bits_of_pairs=pairs,
        samples=samples,
        minutes=figures.minutes(),
    )
    figures.reach("bits saved", pairs - measured, 1.0)


if __name__ == "__main__":
    main()
