"""PyTorch model listen-attend-spell: encoder-decoder, stacked 2, bidirectional, attention, feedback."""

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


class ListenAttendSpell(nn.Module):
    r"""Map 2 sequences to a sequence.

                          Y   Y   Y   dense(12, softmax)
                          |   |   |
                          C   C   C   attention
                         /|  /|  /|
          +-------+-----+-|-+-|-+ |
          |       |       |   |   |
          |       |       S---S---S   gru(16, name=speller)
          |       |       |   |   |
          P=======P       |   |   |   gru(8, name=listener)
         / \     / \      |   |   |
        B===B===B===B     W   W   W
        |   |   |   |     |   |   |
        X   X   X   X     Z   Z   Z

        X = input(6, name=speech)
        B = gru(4)
        Z = tokens(12, name=letters, feedback=Y)
        W = embedding(5)

    Shapes, without the batch:
        input speech: (4, 6) float32
        input letters: (3,) int32
        output y: (3, 12)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_b = nn.GRU(6, 4, batch_first=True, bidirectional=True)
        self.embedding_w = nn.Embedding(12, 5)
        self.listener = nn.GRU(16, 8, batch_first=True, bidirectional=True)
        self.speller = nn.GRU(5, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 12)

    def forward(self, speech: Tensor, letters: Tensor) -> Tensor:
        gru_b, _ = self.gru_b(speech)
        embedding_w = self.embedding_w(letters)
        joined = torch.cat((gru_b[:, ::2], gru_b[:, 1::2]), dim=-1)
        listener, _ = self.listener(joined)
        speller, _ = self.speller(embedding_w)
        weights = torch.softmax(speller @ listener.transpose(1, 2), dim=-1)
        attention_c = weights @ listener
        return torch.softmax(self.dense_y(attention_c), dim=-1)

    def encode(self, speech: Tensor) -> Tensor:
        """What is computed once, whatever is generated."""
        gru_b, _ = self.gru_b(speech)
        joined = torch.cat((gru_b[:, ::2], gru_b[:, 1::2]), dim=-1)
        listener: Tensor
        listener, _ = self.listener(joined)
        return listener

    def decode(
        self,
        letters: Tensor,
        listener: Tensor,
        speller_state: Tensor | None,
    ) -> tuple[Tensor, Tensor]:
        """The next steps, and the state behind them."""
        embedding_w = self.embedding_w(letters)
        speller, speller_state = self.speller(embedding_w, speller_state)
        weights = torch.softmax(speller @ listener.transpose(1, 2), dim=-1)
        attention_c = weights @ listener
        y = torch.softmax(self.dense_y(attention_c), dim=-1)
        return y, speller_state

    @torch.no_grad()
    def generate(
        self,
        speech: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``letters``.

        Args:
            speech: values, (batch, steps, features).
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
        listener = self.encode(speech)
        speller_state: Tensor | None = None
        letters = start[:, None] if start.dim() == 1 else start
        if letters.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, speller_state = self.decode(letters, listener, speller_state)
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            letters = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> ListenAttendSpell:
    """Build the model, with random weights."""
    return ListenAttendSpell()


if __name__ == "__main__":
    model = build_model()
    print(model)
    speech = torch.randn(2, 4, 6)
    letters = torch.randint(12, (2, 3))
    with torch.no_grad():
        outputs = model(speech, letters)
    print("y", tuple(outputs.shape))
