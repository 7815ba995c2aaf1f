"""slime's policy losses and its estimates of a divergence, from the checkout that SLIME names.

Its loss function asks Megatron for log-probs; what it makes of them is here, under the mean over tokens.
"""

from checkout import load

losses = load("SLIME", "slime.utils.ppo_utils")


def mean(x, mask):
    return (x * mask).sum() / mask.sum()


def ppo(logp, old_logp, adv, mask, eps_clip=0.2, eps_clip_high=0.28):
    return mean(losses.compute_policy_loss(old_logp - logp, adv, eps_clip, eps_clip_high, None)[0], mask)


def dual(logp, old_logp, adv, mask):
    return mean(losses.compute_policy_loss(old_logp - logp, adv, 0.2, 0.28, 3.0)[0], mask)


def cispo(logp, old_logp, adv, mask, eps_clip=1.0, eps_clip_high=0.28):
    return mean(losses.compute_cispo_loss(old_logp - logp, logp, adv, eps_clip, eps_clip_high)[0], mask)


def with_penalty(logp, old_logp, ref_logp, adv, mask, kind):
    policy = losses.compute_policy_loss(old_logp - logp, adv, 0.2, 0.28, None)[0]
    return mean(policy + 0.01 * losses.compute_approx_kl(logp, ref_logp, kind), mask)


def k3(logp, old_logp, ref_logp, adv, mask):
    return with_penalty(logp, old_logp, ref_logp, adv, mask, "k3")


def low_var_kl(logp, old_logp, ref_logp, adv, mask):
    return with_penalty(logp, old_logp, ref_logp, adv, mask, "low_var_kl")
