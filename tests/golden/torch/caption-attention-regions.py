"""PyTorch model caption-attention-regions: encoder-decoder, attention, feedback."""

import torch
from torch import Tensor, nn


class BahdanauAttention(nn.Module):
    """Attention by a trained vector, of projected queries and keys (Bahdanau et al. 2014)."""

    def __init__(self, query: int, keys: int, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.query = nn.Linear(query, width, bias=False)
        self.key = nn.Linear(keys, width, bias=False)
        self.score = nn.Linear(width, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Attend to the steps that are true in ``mask``, (batch, queries, steps)."""
        return self.attend(query, self.key(keys), values, mask)

    def attend(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """The same, with keys that are projected already."""
        # Every query with every key: (batch, queries, steps, features).
        pairs = torch.tanh(self.query(query)[:, :, None] + keys[:, None])
        scores = self.score(pairs).squeeze(-1)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights: Tensor = self.dropout(scores.softmax(dim=-1))
        return weights @ values


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


class CaptionAttentionRegions(nn.Module):
    """Map sequences ``places`` and ``words`` to a sequence ``y``.

                      Y   Y   Y
                      |   |   |
                +-----D---D---D
                |    /|  /|  /|
                |   C | C | C |
                |   | | | | | |
                |   d | d | d |
                S     |   |   |
                |     W   W   W
                M     |   |   |
                      Z   Z   Z
        R R R R
        | | | |
        I I I I

        I = input(8, name=places)
        R = dense(6, relu)
        M = mean(R)
        S = dense(7, tanh)
        Z = tokens(15, name=words, feedback=Y)
        W = embedding(5)
        D = gru(7, name=decoder)
        C = attention(R, score=additive, key=4)
        Y = dense(15, softmax)

    Shapes, without the batch:
        input places: (4, 8) float32
        input words: (3,) int32
        output y: (3, 15)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_r = nn.Linear(8, 6)
        self.embedding_w = nn.Embedding(15, 5)
        self.dense_s = nn.Linear(6, 7)
        self.attention_c = BahdanauAttention(7, 6, 4)
        self.decoder = nn.GRU(11, 7, batch_first=True)
        self.dense_y = nn.Linear(7, 15)

    def forward(self, places: Tensor, words: Tensor) -> Tensor:
        dense_r = torch.relu(self.dense_r(places))
        mean_m = dense_r.mean(dim=1)
        embedding_w = self.embedding_w(words)
        dense_s = torch.tanh(self.dense_s(mean_m))
        decoder = dense_s
        keys = self.attention_c.key(dense_r)
        decoder_start = dense_s.unsqueeze(0)
        decoder_state = decoder_start
        decoder_steps = []
        embedding_w_steps = embedding_w.unbind(1)
        for step in range(3):
            attention_c = self.attention_c.attend(
                decoder.unsqueeze(1),
                keys,
                dense_r,
            )[:, 0]
            joined = torch.cat((attention_c, embedding_w_steps[step]), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            decoder_steps.append(decoder)
        decoder = torch.stack(decoder_steps, dim=1)
        return torch.softmax(self.dense_y(decoder), dim=-1)

    def encode(self, places: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What is computed once, whatever is generated."""
        dense_r = torch.relu(self.dense_r(places))
        mean_m = dense_r.mean(dim=1)
        dense_s = torch.tanh(self.dense_s(mean_m))
        keys = self.attention_c.key(dense_r)
        decoder_start = dense_s.unsqueeze(0)
        return dense_r, keys, decoder_start, dense_s.unsqueeze(1)

    def decode(
        self,
        words: Tensor,
        dense_r: Tensor,
        keys: Tensor,
        decoder_state: Tensor,
        decoder_before: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The next step, (batch, 1, ...), and the state behind it."""
        embedding_w = self.embedding_w(words)
        attention_c = self.attention_c.attend(decoder_before, keys, dense_r)
        joined = torch.cat((attention_c, embedding_w), dim=-1)
        decoder, decoder_state = self.decoder(joined, decoder_state)
        y = torch.softmax(self.dense_y(decoder), dim=-1)
        return y, decoder_state, decoder

    @torch.no_grad()
    def generate(
        self,
        places: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``words``.

        Args:
            places: values, (batch, steps, features).
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
        dense_r, keys, decoder_state, decoder_before = self.encode(places)
        prompt = start[:, None] if start.dim() == 1 else start
        if prompt.shape[1] < 1:
            raise ValueError("start should have at least one step")
        # All but the last step of the prompt change the state alone.
        for step in range(prompt.shape[1] - 1):
            words = prompt[:, step : step + 1]
            y, decoder_state, decoder_before = self.decode(
                words,
                dense_r,
                keys,
                decoder_state,
                decoder_before,
            )
        words = prompt[:, -1:]
        generated: list[Tensor] = []
        for _ in range(steps):
            y, decoder_state, decoder_before = self.decode(
                words,
                dense_r,
                keys,
                decoder_state,
                decoder_before,
            )
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            words = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> CaptionAttentionRegions:
    """Build the model, with random weights."""
    return CaptionAttentionRegions()


if __name__ == "__main__":
    model = build_model()
    print(model)
    places = torch.randn(2, 4, 8)
    words = torch.randint(15, (2, 3))
    with torch.no_grad():
        outputs = model(places, words)
    print("y", tuple(outputs.shape))
