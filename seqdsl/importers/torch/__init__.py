"""live `torch.nn.Module` → what it is made of: its modules import PyTorch, so only workers import them."""
