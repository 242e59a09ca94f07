"""One model on two devices, by PyTorch: each process takes its half of each batch.

    torchrun --nproc-per-node 2 examples/trained/devices_torch.py

Beside it, each process trains the same model alone, on whole batches: the losses are the same.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import figures
import numpy as np
import torch
import words
from models.torch import number_words
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel
from tqdm import tqdm

torch.set_num_threads(1)
BATCH = 32


def train_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, source: Tensor, target: Tensor
) -> Tensor:
    """Learn from some texts, and give their mean loss."""
    logits = model(source, target[:, :-1])
    # The mean of texts, not of characters: each half of a batch has as many texts, but not as many characters.
    loss = nn.functional.cross_entropy(
        logits.transpose(1, 2), target[:, 1:], ignore_index=words.PADDING, reduction="sum"
    ) / len(source)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


def main(arguments: Sequence[str] | None = None) -> None:
    """Train together and alone, and save the losses of both."""
    chosen = figures.options(__doc__, rate=3e-3).parse_args(arguments)
    # "gloo" is for CPUs; for GPUs use "nccl".
    distributed.init_process_group("gloo")
    rank, count = distributed.get_rank(), distributed.get_world_size()

    torch.manual_seed(0)
    alone = number_words.build_model()
    # It takes the mean of the gradients of all processes.
    together = DistributedDataParallel(copy.deepcopy(alone))
    optimizers = [torch.optim.Adam(model.parameters(), chosen.rate) for model in (alone, together)]

    source, target = map(torch.from_numpy, words.numbers(100))
    losses: dict[str, list[float]] = {"alone": [], "together": []}
    for _ in tqdm(range(10 if chosen.tiny else 100), unit="batch", disable=rank > 0):
        # All processes draw the same texts, and take every second one of them.
        rows = torch.randperm(len(source))[:BATCH]
        part = rows[rank::count]
        loss = train_step(together, optimizers[1], source[part], target[part])
        distributed.all_reduce(loss)
        losses["together"].append(loss.item() / count)
        loss = train_step(alone, optimizers[0], source[rows], target[rows])
        losses["alone"].append(loss.item())

    difference = np.abs(np.subtract(losses["alone"], losses["together"])).max()
    if rank == 0:
        title = f"{count} processes"
        figures.plot(chosen.output, "devices_torch", title, "batch", "loss of a text", **losses)
        figures.save(
            chosen.output,
            "devices_torch",
            processes=count,
            loss={"first batch": losses["together"][0], "last batch": losses["together"][-1]},
            largest_difference_to_one_device=float(difference),
            minutes=figures.minutes(),
        )
    distributed.destroy_process_group()
    np.testing.assert_allclose(losses["together"], losses["alone"], rtol=0, atol=1e-4)
    figures.reach("what was learned", losses["together"][0] - losses["together"][-1], 5)


if __name__ == "__main__":
    main()
