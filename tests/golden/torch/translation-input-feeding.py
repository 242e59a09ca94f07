"""PyTorch model translation-input-feeding: encoder-decoder, attention, state handoff, feedback."""

import torch
from torch import Tensor, nn


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


def or_zeros(state: Tensor | None, weight: Tensor, shape: tuple[int, ...]) -> Tensor:
    """A state, which is zero before the first step, where and as precise as a weight."""
    return weight.new_zeros(shape) if state is None else state


class TranslationInputFeeding(nn.Module):
    r"""Map 2 sequences to a sequence.

                  Y   Y   Y
                  |   |   |
                  T   T   T
                  |\  |\  |\
                  C | C | C |
                  |/  |/  |/
        E-E-E-----D---D---D
        | | |    /|  /|  /|
        | | |   t | t | t |
        | | |     |   |   |
        V V V     W   W   W
        | | |     |   |   |
        X X X     Z   Z   Z

        X = tokens(12, name=source)
        Z = tokens(14, name=target, feedback=Y)
        V = embedding(5)
        W = embedding(5)
        E = gru(6, name=encoder)
        D = gru(6, name=decoder)
        C = attention(E)
        T = dense(7, tanh)
        Y = dense(14, log_softmax)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 14)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_v = nn.Embedding(12, 5)
        self.embedding_w = nn.Embedding(14, 5)
        self.encoder = nn.GRU(5, 6, batch_first=True)
        self.decoder = nn.GRU(12, 6, batch_first=True)
        self.dense_t = nn.Linear(12, 7)
        self.dense_y = nn.Linear(7, 14)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_v = self.embedding_v(source)
        embedding_w = self.embedding_w(target)
        encoder, encoder_state = self.encoder(embedding_v)
        dense_t = embedding_v.new_zeros(embedding_v.shape[0], 7)
        decoder_state = encoder_state
        dense_t_steps = []
        embedding_w_steps = embedding_w.unbind(1)
        for step in range(3):
            joined = torch.cat((dense_t, embedding_w_steps[step]), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            weights = torch.softmax(
                decoder.unsqueeze(1) @ encoder.transpose(1, 2),
                dim=-1,
            )
            attention_c = (weights @ encoder)[:, 0]
            joined_2 = torch.cat((attention_c, decoder), dim=-1)
            dense_t = torch.tanh(self.dense_t(joined_2))
            dense_t_steps.append(dense_t)
        dense_t = torch.stack(dense_t_steps, dim=1)
        return torch.log_softmax(self.dense_y(dense_t), dim=-1)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """What is computed once, whatever is generated."""
        embedding_v = self.embedding_v(source)
        encoder, encoder_state = self.encoder(embedding_v)
        return encoder, encoder_state

    def decode(
        self,
        target: Tensor,
        encoder: Tensor,
        decoder_state: Tensor,
        dense_t_before: Tensor | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The next step, (batch, 1, ...), and the state behind it."""
        dense_t_before = or_zeros(
            dense_t_before,
            next(self.parameters()),
            (target.shape[0], 1, 7),
        )
        embedding_w = self.embedding_w(target)
        joined = torch.cat((dense_t_before, embedding_w), dim=-1)
        decoder, decoder_state = self.decoder(joined, decoder_state)
        weights = torch.softmax(decoder @ encoder.transpose(1, 2), dim=-1)
        attention_c = weights @ encoder
        joined_2 = torch.cat((attention_c, decoder), dim=-1)
        dense_t = torch.tanh(self.dense_t(joined_2))
        y = torch.log_softmax(self.dense_y(dense_t), dim=-1)
        return y, decoder_state, dense_t

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
        encoder, decoder_state = self.encode(source)
        dense_t_before: Tensor | None = None
        prompt = start[:, None] if start.dim() == 1 else start
        if prompt.shape[1] < 1:
            raise ValueError("start should have at least one step")
        # All but the last step of the prompt change the state alone.
        for step in range(prompt.shape[1] - 1):
            target = prompt[:, step : step + 1]
            y, decoder_state, dense_t_before = self.decode(
                target,
                encoder,
                decoder_state,
                dense_t_before,
            )
        target = prompt[:, -1:]
        generated: list[Tensor] = []
        for _ in range(steps):
            y, decoder_state, dense_t_before = self.decode(
                target,
                encoder,
                decoder_state,
                dense_t_before,
            )
            ids = choose_id(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            target = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> TranslationInputFeeding:
    """Build the model, with random weights."""
    return TranslationInputFeeding()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(12, (2, 3))
    target = torch.randint(14, (2, 3))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
