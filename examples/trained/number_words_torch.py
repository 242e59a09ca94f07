"""English number words → German ones, by PyTorch: "two hundred and seven", "zweihundertsieben".

    python examples/trained/number_words_torch.py               the encoder's state starts the decoder
    python examples/trained/number_words_torch.py --attention   the decoder attends to the encoder, too
    python examples/trained/number_words_torch.py --reverse     from German to English

A model learns from nine tenths of the numbers below 10,000, one character after the other, and then writes the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

import figures
import torch
import words
from models.torch import number_words, number_words_attention
from torch import Tensor, nn
from tqdm import tqdm

# The matrices are small: a second thread costs more than it brings.
torch.set_num_threads(1)


def loss_of(model: nn.Module, source: Tensor, target: Tensor) -> Tensor:
    """Teacher forcing: with the right characters so far, how well is the next one predicted?"""
    logits = model(source, target[:, :-1])
    return nn.functional.cross_entropy(
        logits.transpose(1, 2), target[:, 1:], ignore_index=words.PADDING
    )


def write(model: nn.Module, source: Tensor, steps: int) -> Tensor:
    """Let the model write: from the start on, it reads its own characters."""
    start = torch.full((len(source),), words.START)
    return model.eval().generate(source, start=start, steps=steps, stop=words.STOP)


def share_right(model: nn.Module, source: Tensor, target: Tensor) -> float:
    """The share of texts that the model writes without any mistake."""
    written = write(model, source, target.shape[1] - 1)
    # A target begins with its start, which is not written; what is written ends with stops, a target with padding.
    wanted = target[:, 1:].masked_fill(target[:, 1:] == words.PADDING, words.STOP)
    return (written == wanted).all(dim=1).float().mean().item()


def train(
    model: nn.Module, source: Tensor, target: Tensor, epochs: int, rate: float, batch: int
) -> Iterator[float]:
    """Train a model, and give the mean loss of each epoch."""
    optimizer = torch.optim.Adam(model.parameters(), rate)
    # The learning rate goes up for a while, and then down to almost zero.
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, epochs=epochs, steps_per_epoch=ceil(len(source) / batch)
    )
    for _ in range(epochs):
        model.train()
        total = 0.0
        for rows in torch.randperm(len(source)).split(batch):
            loss = loss_of(model, source[rows], target[rows])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(rows)
        yield total / len(source)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train a model, let it write, and save what was measured."""
    parser = figures.options(__doc__, rate=4e-3)
    parser.add_argument("--attention", action="store_true", help="the picture with attention")
    parser.add_argument("--reverse", action="store_true", help="from German to English")
    chosen = parser.parse_args(arguments)
    torch.manual_seed(0)

    # The numbers are shuffled: the first tenth is held out.
    source, target = map(torch.from_numpy, words.numbers(30 if chosen.tiny else 10_000))
    source, target = (target, source) if chosen.reverse else (source, target)
    held_out = len(source) // 10
    model = (number_words_attention if chosen.attention else number_words).build_model()
    epochs, batch = (80, 16) if chosen.tiny else (15, 32)

    losses, right = [], []
    learned = source[held_out:], target[held_out:]
    progress = tqdm(train(model, *learned, epochs, chosen.rate, batch), total=epochs)
    for loss in progress:
        losses.append(loss)
        right.append(share_right(model, source[:200], target[:200]))
        progress.set_postfix(loss=f"{loss:.4f}", right=f"{right[-1]:.1%}")
    for row, text in zip(source[:3], write(model, source[:3], target.shape[1]), strict=True):
        print(f"{words.text(row)} → {words.text(text)}")

    name = "number_words_torch"
    name += "_attention" * chosen.attention + "_reverse" * chosen.reverse
    figures.plot(chosen.output, name, "number words", "epoch", "", loss=losses, right=right)
    reached = share_right(model, source[:held_out], target[:held_out])
    figures.save(
        chosen.output,
        name,
        parameters=sum(weight.numel() for weight in model.parameters()),
        epochs=epochs,
        loss=losses[-1],
        right=reached,
        minutes=figures.minutes(),
    )
    if chosen.tiny:
        # Too short to learn what was not seen.
        figures.reach("right", share_right(model, *learned), 0.9)
    else:
        figures.reach("right", reached, 0.99 if chosen.attention else 0.97)


if __name__ == "__main__":
    main()
