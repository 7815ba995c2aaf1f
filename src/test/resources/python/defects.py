"""Losses and advantages as trainers have or had them, with a mistake each, written from their formulas.

The docstring of each is how it is called, and words of what `prove` or `identify` says of it.
"""

import dataclasses

import torch


def token_mean(x, mask):
    return torch.where(mask.bool(), x, 0).sum() / mask.sum()


def ratio(log_prob, old_log_prob):
    return torch.exp((log_prob - old_log_prob).clamp(-20, 20))


def k3(log_prob, ref_log_prob):
    d = (ref_log_prob - log_prob).clamp(-20, 20)
    return torch.exp(d) - d - 1


def clipped(r, adv, low=0.2, high=0.2):
    return -torch.minimum(r * adv, r.clamp(1 - low, 1 + high) * adv)


def clip_ratio_shadowed(log_prob, old_log_prob, advantages, response_mask, config):
    """as verl: prove: clip_ratio = 0.2: neither value nor gradient is another with 0.1; it acts only where clip_ratio_low is None"""
    around = config.clip_ratio
    low = config.clip_ratio_low if config.clip_ratio_low is not None else around
    high = config.clip_ratio_high if config.clip_ratio_high is not None else around
    one = ratio(log_prob, old_log_prob)
    kept = torch.where(response_mask, clipped(one, advantages, low, high), 0)
    return kept.sum() / config.global_batch_info["batch_num_tokens"]


def truncation_with_two_defaults(log_prob, old_log_prob, advantages, response_mask, config):
    """as verl: prove: breaks one-default; clip_ratio_c would be 20 by the loss's own default"""
    c = config.get("clip_ratio_c", 20.0)
    p, before = torch.exp(log_prob.detach()), torch.exp(old_log_prob)
    far = torch.where(advantages > 0, p - before > config.clip_ratio_high, p - before < -config.clip_ratio_low)
    weight = torch.where(far, 0, ratio(log_prob, old_log_prob).detach().clamp(max=c))
    kept = torch.where(response_mask, -advantages * weight * log_prob, 0)
    return kept.sum() / config.global_batch_info["batch_num_tokens"]


@dataclasses.dataclass
class Bounds:
    low: float = 0.2
    high: float = 0.28
    beta: float = 0.04


def coefficient_not_used(logp, old_logp, ref_logp, adv, mask, bounds: Bounds):
    """as tensors: prove: beta = 0.04: neither value nor gradient is another"""
    penalty = bounds.beta * k3(logp, ref_logp)
    del penalty
    return token_mean(clipped(ratio(logp, old_logp), adv, bounds.low, bounds.high), mask)


def covariance_penalty(log_prob, old_log_prob, advantages, response_mask, config):
    """as verl: prove: breaks micro-batches; as in the first update of a batch, nothing moves with ppo_kl_coef, kl_cov_ratio"""
    gone = log_prob - old_log_prob
    plain, held = -advantages * torch.exp(gone), config.policy_loss.ppo_kl_coef * gone.abs()
    a, lp = advantages[response_mask], log_prob.detach()[response_mask]
    cov = torch.full_like(plain, float("-inf"))
    cov[response_mask] = (a - a.mean()) * (lp - lp.mean())
    n = max(int(config.policy_loss.kl_cov_ratio * len(a)), 1)
    chosen = torch.zeros_like(response_mask).reshape(-1)
    chosen[cov.reshape(-1).topk(min(n, len(a))).indices] = True
    kept = plain + torch.where(chosen.reshape(plain.shape), held, 0)
    return torch.where(response_mask, kept, 0).sum() / config.global_batch_info["batch_num_tokens"]


def mean_of_the_micro_batch(log_prob, old_log_prob, advantages, response_mask, config):
    """as verl: prove: breaks micro-batches"""
    n = response_mask.sum(-1)
    d = torch.where(advantages > 0, (log_prob - old_log_prob).clamp(max=0.2), (log_prob - old_log_prob).clamp(min=-0.2))
    r = torch.exp((d * response_mask).sum(-1) / (n + 1e-8))
    return (-(advantages * response_mask).sum(-1) / (n + 1e-8) * r).mean()


def bounded_k3(logp, old_logp, ref_logp, adv, mask):
    """as tensors: prove: breaks penalty-pulls; switched off where log π − log π_ref is below -2.611"""
    return token_mean(clipped(ratio(logp, old_logp), adv) + 0.01 * k3(logp, ref_logp).clamp(-10, 10), mask)


def k1_as_loss(logp, old_logp, ref_logp, adv, mask):
    """as tensors: prove: breaks penalty-pulls"""
    return token_mean(clipped(ratio(logp, old_logp), adv) + 0.01 * (logp - ref_logp), mask)


def bound_that_is_no_distance(logp, old_logp, adv, mask):
    """as tensors: prove: breaks denominator; times 0.20000"""
    return token_mean(-ratio(logp, old_logp).detach().clamp(max=0.2) * adv * logp, mask)


def luspo_with_penalty(logp, old_logp, ref_logp, adv, mask):
    """as tensors: prove: breaks masked"""
    n = mask.sum(-1, keepdim=True)
    r = torch.exp(((logp - old_logp) * mask).sum(-1, keepdim=True) / n.clamp(min=1))
    return ((clipped(r, adv[:, :1]) + 0.04 * k3(logp, ref_logp)) * n).mean()


def sum_without_the_mask(logp, old_logp, adv, mask):
    """as tensors: prove: breaks masked; breaks padding"""
    return clipped(ratio(logp, old_logp), adv).sum() / mask.sum()


def without_a_bound_on_the_ratio(logp, old_logp, adv, mask):
    """as tensors: prove: breaks finite-at-extremes; breaks masked-nan"""
    return (clipped(torch.exp(logp - old_logp), adv) * mask).sum() / mask.sum()


def cispo_without_log_prob(logp, old_logp, adv, mask):
    """as tensors: prove: breaks live-on-policy"""
    return token_mean(-ratio(logp, old_logp).detach().clamp(0.8, 1.2) * adv, mask)


def of_each(index):
    """The rows of each prompt."""
    rows = {}
    for i, prompt in enumerate(index):
        rows.setdefault(prompt, []).append(i)
    return rows.values()


def alone_keeps_its_reward(token_level_rewards, response_mask, index, epsilon=1e-6):
    """as advantage: prove: breaks zero-mean; breaks reward-shift; std with ddof 1, 1.0E-6 added to the std, a response that is alone keeps its reward, over 1 + ε"""
    score = (token_level_rewards * response_mask).sum(-1)
    out = torch.zeros_like(score)
    for rows in of_each(index):
        one = score[rows]
        mean, std = (one.mean(), one.std()) if len(rows) > 1 else (0, 1)
        out[rows] = (one - mean) / (std + epsilon)
    return out[:, None] * response_mask, score


def spread_of_squares(rewards, group):
    """as advantage: prove: breaks float32; breaks bounded-by-responses; A = 26964 in float32; like leave-one-out over the std of the others"""
    out = torch.zeros_like(rewards)
    for prompt in group.unique():
        rows = (group == prompt).nonzero()[:, 0]
        one, n = rewards[rows], len(rows) - 1
        if n > 0:
            others = 1 - torch.eye(n + 1)
            mean, squares = others @ one / n, others @ one.square() / n
            std = ((squares - mean.square()) * (n / max(n - 1, 1))).sqrt().nan_to_num(0)
            out[rows] = (one - mean) / torch.where(std > 0, std + 1e-6, 1)
    return out


def shared_over_what_is_not_zero(token_level_rewards, response_mask, index, f_norm=1.0, alpha=1.0, epsilon=1e-6):
    """as advantage: prove: breaks response-estimate; alpha = 1: no advantage is another; epsilon = 0.000001: no advantage is another"""
    score = (token_level_rewards * response_mask).sum(-1)
    alpha = len(score) / score.count_nonzero().clamp(min=1)
    out = torch.zeros_like(score)
    for rows in of_each(index):
        out[rows] = alpha * (score[rows] - score[rows].mean()) / f_norm
    return out

