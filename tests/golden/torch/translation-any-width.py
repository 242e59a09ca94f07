"""PyTorch model translation-any-width: encoder-decoder, bidirectional, state handoff, feedback."""

import torch
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


class TranslationAnyWidth(nn.Module):
    """Map sequences ``s`` and ``t`` to a sequence ``y``.

                  Y Y Y
                  | | |
        E=E=E=E---D-D-D
        | | | |   | | |
        W W W W   V V V
        | | | |   | | |
        S S S S   T T T

        S = tokens(40)
        T = tokens(words, feedback=Y)
        W = embedding(units)
        V = embedding(units)
        E = lstm(units)
        D = lstm(2 * units)
        Y = dense(words, softmax)
        units = 8
        words = 30

    Shapes, without the batch:
        input s: (4,) int32
        input t: (3,) int32
        output y: (3, words)
    """

    def __init__(self, units: int = 8, words: int = 30) -> None:
        super().__init__()
        self.words = words
        self.embedding_w = nn.Embedding(40, units)
        self.embedding_v = nn.Embedding(words, units)
        self.lstm_e = nn.LSTM(units, units, batch_first=True, bidirectional=True)
        self.lstm_d = nn.LSTM(units, 2 * units, batch_first=True)
        self.dense_y = nn.Linear(2 * units, words)

    def forward(self, s: Tensor, t: Tensor) -> Tensor:
        embedding_w = self.embedding_w(s)
        embedding_v = self.embedding_v(t)
        _, lstm_e_state = self.lstm_e(embedding_w)
        lstm_d_start = tuple(
            torch.cat((part[0], part[1]), dim=-1).unsqueeze(0) for part in lstm_e_state
        )
        lstm_d, _ = self.lstm_d(embedding_v, lstm_d_start)
        return torch.softmax(self.dense_y(lstm_d), dim=-1)

    def encode(self, s: Tensor) -> tuple[Tensor, ...]:
        """What is computed once, whatever is generated."""
        embedding_w = self.embedding_w(s)
        _, lstm_e_state = self.lstm_e(embedding_w)
        lstm_d_start = tuple(
            torch.cat((part[0], part[1]), dim=-1).unsqueeze(0) for part in lstm_e_state
        )
        return lstm_d_start

    def decode(
        self,
        t: Tensor,
        lstm_d_state: tuple[Tensor, ...],
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        embedding_v = self.embedding_v(t)
        lstm_d, lstm_d_state = self.lstm_d(embedding_v, lstm_d_state)
        y = torch.softmax(self.dense_y(lstm_d), dim=-1)
        return y, lstm_d_state

    @torch.no_grad()
    def generate(
        self,
        s: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``t``.

        Args:
            s: ids, (batch, steps).
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
        lstm_d_state = self.encode(s)
        t = start[:, None] if start.dim() == 1 else start
        if t.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, lstm_d_state = self.decode(t, lstm_d_state)
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            t = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model(units: int = 8, words: int = 30) -> TranslationAnyWidth:
    """Build the model, with random weights."""
    return TranslationAnyWidth(units=units, words=words)


if __name__ == "__main__":
    model = build_model()
    print(model)
    s = torch.randint(40, (2, 4))
    t = torch.randint(model.words, (2, 3))
    with torch.no_grad():
        outputs = model(s, t)
    print("y", tuple(outputs.shape))
