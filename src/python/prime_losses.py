"""prime-rl's policy losses, from the folder src of the checkout that PRIME names."""

from types import SimpleNamespace

from checkout import load

losses = load("PRIME", "prime_rl.trainer.rl.loss", "prime_rl.configs", "prime_rl.utils")


def default(inputs, dppo_mask_low=0.2, dppo_mask_high=0.2, adv_tau=1.0, kl_tau=1e-3):
    config = SimpleNamespace(dppo_mask_low=dppo_mask_low, dppo_mask_high=dppo_mask_high, adv_tau=adv_tau, kl_tau=kl_tau)
    return losses.default_loss_fn(inputs, config)
