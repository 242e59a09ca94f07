"""PyTorch model image-caption-grid: many-to-many aligned, feedback."""

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


class ImageCaptionGrid(nn.Module):
    """Map a grid and a sequence to a sequence.

            Y Y Y Y
            | | | |
        +---H-H-H-H
        |   | | | |
        D   W W W W
        |   | | | |
        F   X X X X
        |
        P
        |
        C
        |
        I

        I = input(8, 8, 3, name=image)
        C = conv2d(4, 3, relu)
        P = maxpool2d(4)
        F = flatten
        D = dense(8, tanh)
        X = tokens(20, name=words, feedback=Y)
        W = embedding(6)
        H = gru(8)
        Y = dense(20, log_softmax)

    Shapes, without the batch:
        input image: (3, 8, 8) float32
        input words: (4,) int32
        output y: (4, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(4)
        self.dense_d = nn.Linear(16, 8)
        self.embedding_w = nn.Embedding(20, 6)
        self.gru_h = nn.GRU(6, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 20)

    def forward(self, image: Tensor, words: Tensor) -> Tensor:
        conv2d_c = torch.relu(self.conv2d_c(image))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = pooled_p.movedim(-3, -1).flatten(-3)
        dense_d = torch.tanh(self.dense_d(flat_f))
        embedding_w = self.embedding_w(words)
        gru_h_start = dense_d.unsqueeze(0)
        gru_h, _ = self.gru_h(embedding_w, gru_h_start)
        return torch.log_softmax(self.dense_y(gru_h), dim=-1)

    def encode(self, image: Tensor) -> Tensor:
        """What is computed once, whatever is generated."""
        conv2d_c = torch.relu(self.conv2d_c(image))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = pooled_p.movedim(-3, -1).flatten(-3)
        dense_d = torch.tanh(self.dense_d(flat_f))
        gru_h_start = dense_d.unsqueeze(0)
        return gru_h_start

    def decode(self, words: Tensor, gru_h_state: Tensor) -> tuple[Tensor, Tensor]:
        """The next steps, and the state behind them."""
        embedding_w = self.embedding_w(words)
        gru_h, gru_h_state = self.gru_h(embedding_w, gru_h_state)
        y = torch.log_softmax(self.dense_y(gru_h), dim=-1)
        return y, gru_h_state

    @torch.no_grad()
    def generate(
        self,
        image: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``words``.

        Args:
            image: values, (batch, channels, height, width).
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
        gru_h_state = self.encode(image)
        words = start[:, None] if start.dim() == 1 else start
        if words.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, gru_h_state = self.decode(words, gru_h_state)
            ids = choose_id(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            words = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> ImageCaptionGrid:
    """Build the model, with random weights."""
    return ImageCaptionGrid()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 3, 8, 8)
    words = torch.randint(20, (2, 4))
    with torch.no_grad():
        outputs = model(image, words)
    print("y", tuple(outputs.shape))
