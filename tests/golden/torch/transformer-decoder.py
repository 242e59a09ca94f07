"""PyTorch model transformer-decoder: encoder-decoder, residual, attention."""

import torch
from torch import Tensor, nn


class TransformerDecoder(nn.Module):
    r"""Map 2 sequences to a sequence.

                    N     N     N     layernorm
                    |     |     |
                    B     B     B     add
                    |\    |\    |\
                    C |   C |   C |   attention(heads=2)
                   /| |  /| |  /| |
        +-+-+-----+-|-|-+-|-|-+ | |
        | | |       |/    |/    |/
        | | |       M     M     M     layernorm
        | | |       |     |     |
        | | |       A     A     A     add
        | | |       |\    |\    |\
        | | |       T |   T |   T |   attention(heads=2, causal=true)
        | | |       | |   | |   | |
        | | |       +-|---+-|---+ |
        | | |       |/    |/    |/
        E E E       Z     Z     Z

        E = input(8, name=encoded)
        Z = input(8, name=target)

    Shapes, without the batch:
        input encoded: (3, 8) float32
        input target: (3, 8) float32
        output n: (3, 8)
    """

    def __init__(self) -> None:
        super().__init__()
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_m = nn.LayerNorm(8)
        self.attention_c = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_n = nn.LayerNorm(8)

    def forward(self, encoded: Tensor, target: Tensor) -> Tensor:
        causal_mask = torch.ones(
            target.shape[1],
            target.shape[1],
            dtype=torch.bool,
            device=target.device,
        ).triu(1)
        attention_t, _ = self.attention_t(
            target,
            target,
            target,
            need_weights=False,
            attn_mask=causal_mask,
            is_causal=True,
        )
        add_a = attention_t + target
        layernorm_m = self.layernorm_m(add_a)
        attention_c, _ = self.attention_c(
            layernorm_m,
            encoded,
            encoded,
            need_weights=False,
        )
        add_b = attention_c + layernorm_m
        n: Tensor = self.layernorm_n(add_b)
        return n


def build_model() -> TransformerDecoder:
    """Build the model, with random weights."""
    return TransformerDecoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    encoded = torch.randn(2, 3, 8)
    target = torch.randn(2, 3, 8)
    with torch.no_grad():
        outputs = model(encoded, target)
    print("n", tuple(outputs.shape))
