"""PyTorch model translation-stacked: encoder-decoder, stacked 2, state handoff, feedback."""

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


class TranslationStacked(nn.Module):
    """Map 2 sequences to a sequence.

                Y Y Y
                | | |
        F-F-F---Q-Q-Q
        | | |   | | |
        E-E-E---D-D-D
        | | |   | | |
        M M M   N N N
        | | |   | | |
        X X X   Z Z Z

        X = tokens(20, name=source)
        Z = tokens(25, name=target, feedback=Y)
        M = embedding(8)
        N = embedding(8)
        E = lstm(12)
        D = lstm(12)
        F = lstm(10)
        Q = lstm(10)
        Y = dense(25, softmax)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 25)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_m = nn.Embedding(20, 8)
        self.embedding_n = nn.Embedding(25, 8)
        self.lstm_e = nn.LSTM(8, 12, batch_first=True)
        self.lstm_d = nn.LSTM(8, 12, batch_first=True)
        self.lstm_f = nn.LSTM(12, 10, batch_first=True)
        self.lstm_q = nn.LSTM(12, 10, batch_first=True)
        self.dense_y = nn.Linear(10, 25)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_m = self.embedding_m(source)
        embedding_n = self.embedding_n(target)
        lstm_e, lstm_e_state = self.lstm_e(embedding_m)
        lstm_d, _ = self.lstm_d(embedding_n, lstm_e_state)
        _, lstm_f_state = self.lstm_f(lstm_e)
        lstm_q, _ = self.lstm_q(lstm_d, lstm_f_state)
        return torch.softmax(self.dense_y(lstm_q), dim=-1)

    def encode(self, source: Tensor) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        """What is computed once, whatever is generated."""
        embedding_m = self.embedding_m(source)
        lstm_e, lstm_e_state = self.lstm_e(embedding_m)
        _, lstm_f_state = self.lstm_f(lstm_e)
        return lstm_e_state, lstm_f_state

    def decode(
        self,
        target: Tensor,
        lstm_d_state: tuple[Tensor, ...],
        lstm_q_state: tuple[Tensor, ...],
    ) -> tuple[Tensor, tuple[Tensor, ...], tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        embedding_n = self.embedding_n(target)
        lstm_d, lstm_d_state = self.lstm_d(embedding_n, lstm_d_state)
        lstm_q, lstm_q_state = self.lstm_q(lstm_d, lstm_q_state)
        y = torch.softmax(self.dense_y(lstm_q), dim=-1)
        return y, lstm_d_state, lstm_q_state

    @torch.no_grad()
    def generate(
        self,
        source: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``target``.

        Args:
            source: ids, (batch, steps).
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
        lstm_d_state, lstm_q_state = self.encode(source)
        target = start[:, None] if start.dim() == 1 else start
        if target.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, lstm_d_state, lstm_q_state = self.decode(
                target,
                lstm_d_state,
                lstm_q_state,
            )
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            target = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> TranslationStacked:
    """Build the model, with random weights."""
    return TranslationStacked()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(20, (2, 3))
    target = torch.randint(25, (2, 3))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
