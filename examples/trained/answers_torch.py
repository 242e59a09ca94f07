"""Two tasks and two pictures, by PyTorch: each task can be learned by one of them only.

    python examples/trained/answers_torch.py

Echo: say 20 digits again, each at once. A model that first has to read all of them cannot keep them in its state.
Reverse: say 4 digits in reverse. A model that answers at once has to say the last digit before it has read it.
"""

from __future__ import annotations

from collections.abc import Sequence

import figures
import torch
from models.torch import answer_aligned, answer_padded
from torch import Tensor, nn
from tqdm import tqdm

torch.set_num_threads(1)
DIGITS = 8
BATCH = 64
LENGTHS = {"echo": 20, "reverse": 4}
TINY = {"echo": 150, "reverse": 600}


def batch(task: str, size: int) -> tuple[Tensor, Tensor]:
    """Random digits, and the right answer: (size, steps) each."""
    digits = torch.randint(DIGITS, (size, LENGTHS[task]))
    return digits, digits if task == "echo" else digits.flip(1)


def train(model: nn.Module, task: str, steps: int, rate: float) -> list[float]:
    """Train a model on a task, and give the loss of each step."""
    optimizer = torch.optim.Adam(model.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps)
    losses = []
    for _ in tqdm(range(steps), desc=task, unit="batch"):
        digits, answer = batch(task, BATCH)
        loss = nn.functional.cross_entropy(model(digits).transpose(1, 2), answer)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


def share_right(model: nn.Module, task: str) -> float:
    """The share of 1000 new sequences that are answered without a mistake."""
    digits, answer = batch(task, 1000)
    with torch.no_grad():
        return (model(digits).argmax(-1) == answer).all(1).float().mean().item()


def main(arguments: Sequence[str] | None = None) -> None:
    """Train both models on both tasks, and save what was measured."""
    chosen = figures.options(__doc__, rate=1e-2).parse_args(arguments)
    torch.manual_seed(0)
    right, losses = {}, {}
    for task, length in LENGTHS.items():
        aligned, padded = answer_aligned.build_model(), answer_padded.build_model(n=length)
        for name, model in {"aligned": aligned, "padded": padded}.items():
            steps = TINY[task] if chosen.tiny else 1500
            losses[f"{task}, {name}"] = train(model, task, steps, chosen.rate)
            right[f"{task}, {name}"] = share_right(model, task)
    figures.plot(chosen.output, "answers_torch", "loss of a digit", "batch", "loss", **losses)
    figures.save(chosen.output, "answers_torch", right=right, minutes=figures.minutes())

    for task, can, cannot in (("echo", "aligned", "padded"), ("reverse", "padded", "aligned")):
        figures.reach(f"{task}, {can}", right[f"{task}, {can}"], 0.99)
        # The wrong picture must fail, however long it is trained.
        figures.reach(f"mistakes in {task}, {cannot}", 1 - right[f"{task}, {cannot}"], 0.95)


if __name__ == "__main__":
    main()
