"""ROLL's reduction under the clipped surrogate, from the checkout that ROLL names."""

import torch
from checkout import load

reduce = load("ROLL", "roll.utils.functionals", "roll.configs", "roll.platforms", "roll.utils.logging", "roll.pipeline").agg_loss


def clipped(logp, old_logp, adv):
    r = torch.exp(logp - old_logp)
    return -torch.min(r * adv, r.clamp(0.8, 1.2) * adv)


def token_mean(logp, old_logp, adv, mask):
    return reduce(clipped(logp, old_logp, adv), mask, "token-mean")


def seq_mean_token_mean(logp, old_logp, adv, mask):
    return reduce(clipped(logp, old_logp, adv), mask, "seq-mean-token-mean")
