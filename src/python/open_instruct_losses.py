"""open-instruct's policy losses, from the checkout that OPEN_INSTRUCT names, under the mean over tokens."""

from types import SimpleNamespace

import torch
from checkout import load

losses = load("OPEN_INSTRUCT", "open_instruct.grpo_utils", *(
    "open_instruct." + name for name in (
        "data_loader", "data_types", "logger_utils", "model_utils", "olmo_core_utils", "rl_utils", "utils")))


def loss(kind, logp, old_logp, adv, mask):
    config = SimpleNamespace(loss_fn=kind, clip_lower=0.2, clip_higher=0.272, kl_estimator=2)
    ratio, rho = torch.exp(logp - old_logp), torch.ones_like(logp).detach()
    return (losses.compute_grpo_loss(logp, ratio, adv, None, config, rho)[0] * mask).sum() / mask.sum()


def dapo(logp, old_logp, adv, mask):
    return loss(losses.GRPOLossType.dapo, logp, old_logp, adv, mask)


def cispo(logp, old_logp, adv, mask):
    return loss(losses.GRPOLossType.cispo, logp, old_logp, adv, mask)
