"""PyTorch model sine-positions: many-to-many aligned, residual, attention, variable length."""

import torch
from torch import Tensor, nn


class SinePositions(nn.Module):
    """Sine in even, cosine in odd features of each step's number (Vaswani et al. 2017)."""

    exponents: Tensor

    def __init__(self, features: int) -> None:
        super().__init__()
        self.features = features
        # A buffer: it is where, and as precise as, the module's weights are.
        exponents = torch.arange(0.0, features, 2)
        self.register_buffer("exponents", exponents, persistent=False)

    def forward(self, steps: int) -> Tensor:
        """The codes of so many steps, (steps, features)."""
        precise = torch.promote_types(self.exponents.dtype, torch.float32)
        exponents = self.exponents.to(precise)
        numbers = torch.arange(steps, dtype=precise, device=exponents.device)
        angles = numbers[:, None] / 10000 ** (exponents / self.features)
        codes = torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)
        return codes[:, : self.features].to(self.exponents.dtype)


class SinePositionsModel(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     dense(1)
        |   |       |
        B   B   ... B     add
        |\  |\      |\
        T | T | ... T |   attention(heads=2, causal=true)
        | | | |     | |
        +-|-+-|-----+ |
        |/  |/      |/
        A   A   ... A     add
        |\  |\      |\
        D | D | ... D |   dense(8)
        | P | P ... | P   position(8, sin)
        |   |       |
        X   X   ... X     input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (None, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.position_p = SinePositions(8)
        self.dense_d = nn.Linear(3, 8)
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        position_p = self.position_p(x.shape[1]).expand(x.shape[0], -1, -1)
        dense_d = self.dense_d(x)
        add_a = dense_d + position_p
        causal_mask = torch.ones(
            add_a.shape[1],
            add_a.shape[1],
            dtype=torch.bool,
            device=add_a.device,
        ).triu(1)
        attention_t, _ = self.attention_t(
            add_a,
            add_a,
            add_a,
            need_weights=False,
            attn_mask=causal_mask,
            is_causal=True,
        )
        add_b = attention_t + add_a
        y: Tensor = self.dense_y(add_b)
        return y


def build_model() -> SinePositionsModel:
    """Build the model, with random weights."""
    return SinePositionsModel()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
