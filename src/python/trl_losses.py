"""TRL's policy losses, from the installed package; --set loss_type=dapo says which."""

from trl import GRPOTrainer

__all__ = ["GRPOTrainer"]
