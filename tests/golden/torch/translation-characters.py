"""PyTorch model translation-characters: encoder-decoder, state handoff, feedback, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def choose_probable(
    probabilities: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return probabilities.argmax(dim=-1)
    # By their maximum, as a power of small numbers alone would be zero.
    likely = probabilities / probabilities.amax(dim=-1, keepdim=True)
    weights = likely ** (1 / temperature)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


class TranslationCharacters(nn.Module):
    """Map 2 sequences to a sequence.

                    Y Y ... Y   dense(11, softmax)
                    | |     |
        E-E-...-E---D-D-...-D
        | |     |   | |     |
        X X ... X   Z Z ... Z

        X = input(9, name=letters)
        Z = input(11, name=translated, feedback=Y, choose=true)
        E = lstm(8, name=encoder)
        D = lstm(8, name=decoder)

    Shapes, without the batch:
        input letters: (None, 9) float32
        input translated: (None, 11) float32
        output y: (None, 11)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(9, 8, batch_first=True)
        self.decoder = nn.LSTM(11, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 11)

    def forward(self, letters: Tensor, translated: Tensor) -> Tensor:
        _, encoder_state = self.encoder(letters)
        decoder, _ = self.decoder(translated, encoder_state)
        return torch.softmax(self.dense_y(decoder), dim=-1)

    def encode(self, letters: Tensor) -> tuple[Tensor, ...]:
        """What is computed once, whatever is generated."""
        encoder_state: tuple[Tensor, ...]
        _, encoder_state = self.encoder(letters)
        return encoder_state

    def decode(
        self,
        translated: Tensor,
        decoder_state: tuple[Tensor, ...],
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        decoder, decoder_state = self.decoder(translated, decoder_state)
        y = torch.softmax(self.dense_y(decoder), dim=-1)
        return y, decoder_state

    @torch.no_grad()
    def generate(
        self,
        letters: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``translated``.

        Args:
            letters: values, (batch, steps, features).
            start: the first ids, (batch,), or those of a prompt, (batch, steps).
            steps: how many ids to generate.
            temperature: 0 takes the most probable id, above it ids are drawn.
            stop: the id behind which a sample is filled with it.
            generator: what draws.

        Returns:
            Ids, (batch, steps), without the prompt.
        """
        if steps < 1:
            raise ValueError(f"steps should be at least 1, it is {steps}")
        if temperature < 0:
            raise ValueError(f"temperature should be at least 0, it is {temperature}")
        decoder_state = self.encode(letters)
        translated = start[:, None] if start.dim() == 1 else start
        if translated.shape[1] < 1:
            raise ValueError("start should have at least one step")
        dtype = next(self.parameters()).dtype
        generated: list[Tensor] = []
        for _ in range(steps):
            translated = F.one_hot(translated.long(), 11).to(dtype)
            y, decoder_state = self.decode(translated, decoder_state)
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            translated = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> TranslationCharacters:
    """Build the model, with random weights."""
    return TranslationCharacters()


if __name__ == "__main__":
    model = build_model()
    print(model)
    letters = torch.randn(2, 6, 9)
    translated = torch.randn(2, 6, 11)
    with torch.no_grad():
        outputs = model(letters, translated)
    print("y", tuple(outputs.shape))
