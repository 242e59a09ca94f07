"""PyTorch model char-rnn: many-to-many aligned, stacked 2, feedback, variable length."""

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


class CharRnn(nn.Module):
    """Map a sequence ``characters`` to a sequence ``y``.

        Y ..n.. Y   dense(26, softmax)
        |       |
        D ..n.. D   dropout(0.2)
        |       |
        G ..n.. G   lstm(units)
        |       |
        H ..n.. H   lstm(units)
        |       |
        W ..n.. W   embedding(12)
        |       |
        X ..n.. X   tokens(26, name=characters, feedback=Y)

        units = 24

    Shapes, without the batch:
        input characters: (n,) int32
        output y: (n, 26)
    """

    def __init__(self, units: int = 24) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(26, 12)
        # lstm_h and lstm_g, from the bottom up.
        self.lstm_h = nn.LSTM(12, units, num_layers=2, batch_first=True)
        self.dropout_d = nn.Dropout(0.2)
        self.dense_y = nn.Linear(units, 26)

    def forward(self, characters: Tensor) -> Tensor:
        embedding_w = self.embedding_w(characters)
        lstm_h, _ = self.lstm_h(embedding_w)
        dropout_d = self.dropout_d(lstm_h)
        return torch.softmax(self.dense_y(dropout_d), dim=-1)

    def decode(
        self,
        characters: Tensor,
        lstm_h_state: tuple[Tensor, ...] | None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        embedding_w = self.embedding_w(characters)
        lstm_h, lstm_h_state = self.lstm_h(embedding_w, lstm_h_state)
        dropout_d = self.dropout_d(lstm_h)
        y = torch.softmax(self.dense_y(dropout_d), dim=-1)
        return y, lstm_h_state

    @torch.no_grad()
    def generate(
        self,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``characters``.

        Args:
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
        lstm_h_state: tuple[Tensor, ...] | None = None
        characters = start[:, None] if start.dim() == 1 else start
        if characters.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, lstm_h_state = self.decode(characters, lstm_h_state)
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            characters = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model(units: int = 24) -> CharRnn:
    """Build the model, with random weights."""
    return CharRnn(units=units)


if __name__ == "__main__":
    model = build_model()
    print(model)
    characters = torch.randint(26, (2, 5))
    with torch.no_grad():
        outputs = model(characters)
    print("y", tuple(outputs.shape))
