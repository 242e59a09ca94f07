"""One picture in two frameworks: PyTorch learns for a while, Keras goes on, and both write.

    python examples/trained/number_words_transfer.py

Between them, `seqdsl transfer` carries the weights; the loss is the same before and after. Keras trains by its own
`fit`, with its own progress bar.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import figures
import keras
import numpy as np
import torch
import words
from models.keras import number_words as in_keras
from models.torch import number_words as in_torch
from number_words_torch import loss_of, share_right, train, write
from tqdm import tqdm

PICTURE = Path(__file__).with_name("number-words.seq")


def carry(source: Path, target: Path) -> None:
    """Turn the weights of one framework into those of the other; the suffixes say which."""
    command = [sys.executable, "-m", "seqdsl", "transfer", str(PICTURE)]
    subprocess.run([*command, "--from", str(source), "--to", str(target)], check=True)


def keras_model(rate: float) -> keras.Model:
    """The picture in Keras, ready to be trained."""
    model = in_keras.build_model()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=words.PADDING)
    model.compile(keras.optimizers.Adam(rate, clipnorm=1.0), loss)
    return model


def main(arguments: Sequence[str] | None = None) -> None:
    """Train in both frameworks, and save the losses before and after each change."""
    chosen = figures.options(__doc__, rate=3e-3).parse_args(arguments)
    torch.manual_seed(0)
    keras.utils.set_random_seed(0)
    folder = Path(tempfile.mkdtemp())
    weights_pt, weights_h5 = folder / "words.pt", folder / "words.weights.h5"

    source, target = words.numbers(30 if chosen.tiny else 10_000)
    count = len(source) // 10
    held_out, learned = (source[:count], target[:count]), (source[count:], target[count:])
    epochs, batch = (20, 16) if chosen.tiny else (4, 32)

    def loss_in_torch() -> float:
        with torch.no_grad():
            return loss_of(torch_model, *map(torch.from_numpy, held_out)).item()

    def loss_in_keras() -> float:
        texts, wanted = held_out
        return float(
            model.evaluate([texts, wanted[:, :-1]], wanted[:, 1:], batch_size=count, verbose=0)
        )

    # 1. PyTorch learns.
    torch_model = in_torch.build_model()
    progress = train(torch_model, *map(torch.from_numpy, learned), epochs, chosen.rate, batch)
    losses = list(tqdm(progress, total=epochs))
    before = loss_in_torch()
    torch.save(torch_model.state_dict(), weights_pt)

    # 2. Keras takes over, and goes on.
    carry(weights_pt, weights_h5)
    model = keras_model(chosen.rate / 3)
    model.load_weights(weights_h5)
    taken_over = loss_in_keras()
    texts, wanted = learned
    history = model.fit([texts, wanted[:, :-1]], wanted[:, 1:], batch_size=batch, epochs=epochs)
    after = loss_in_keras()
    model.save_weights(weights_h5)

    # 3. PyTorch takes the weights back, and both write.
    carry(weights_h5, weights_pt)
    torch_model.load_state_dict(torch.load(weights_pt))
    taken_back = loss_in_torch()
    steps = target.shape[1] - 1
    by_torch = write(torch_model, torch.from_numpy(held_out[0]), steps).numpy()
    start = np.full(count, words.START)
    by_keras = in_keras.generate(model, held_out[0], start=start, steps=steps, stop=words.STOP)
    alike = (keras.ops.convert_to_numpy(by_keras) == by_torch).all(axis=1).mean()

    name = "number_words_transfer"
    losses += history.history["loss"]
    figures.plot(chosen.output, name, "PyTorch, then Keras", "epoch", "loss", training=losses)
    figures.save(
        chosen.output,
        name,
        epochs=f"{epochs} in PyTorch, {epochs} in Keras",
        loss_before={"torch": before, "keras": taken_over},
        loss_after={"keras": after, "torch": taken_back},
        right=share_right(torch_model, *map(torch.from_numpy, held_out)),
        written_alike=float(alike),
        minutes=figures.minutes(),
    )
    np.testing.assert_allclose([before, after], [taken_over, taken_back], atol=1e-4)
    figures.reach("loss before Keras over loss after it", before / after, 1.1)
    figures.reach("written alike", alike, 0.99)


if __name__ == "__main__":
    main()
