"""Known objectives with one or two parts exchanged, as trainers write them.

The docstring of each is what is to be said of it: the objective, and for each part exchanged some words of what is told.
"""

import torch


def k3(logp, ref_logp):
    d = ref_logp - logp
    return torch.exp(d) - d - 1


def clipped(logp, old_logp, adv, low=0.2, high=0.2):
    r = torch.exp(logp - old_logp)
    return -torch.min(r * adv, r.clamp(1 - low, 1 + high) * adv)


def token_mean(x, mask):
    return (x * mask).sum() / mask.sum()


def sequence_mean(x, mask):
    return ((x * mask).sum(-1) / mask.sum(-1).clamp(min=1)).mean()


def dapo_over_padded_width(logp, old_logp, adv, mask):
    """dapo: the denominator is the mean over all slots, padding included"""
    return (clipped(logp, old_logp, adv, 0.2, 0.28) * mask).mean()


def dapo_over_responses(logp, old_logp, adv, mask):
    """dapo: the denominator is the sum of each response's tokens, then the mean over responses"""
    return (clipped(logp, old_logp, adv, 0.2, 0.28) * mask).sum(-1).mean()


def dapo_mean_of_responses(logp, old_logp, adv, mask):
    """grpo of all responses alike: clip_high is 0.28 instead of 0.2"""
    return sequence_mean(clipped(logp, old_logp, adv, 0.2, 0.28), mask)


def ppo_over_padded_width(logp, old_logp, adv, mask):
    """ppo: the denominator is the mean over all slots, padding included"""
    return (clipped(logp, old_logp, adv) * mask).mean()


def ppo_over_longest(logp, old_logp, adv, mask):
    """ppo: divided by responses times the longest of them"""
    return (clipped(logp, old_logp, adv) * mask).sum() / (len(mask) * mask.sum(-1).max())


def ppo_summed(logp, old_logp, adv, mask):
    """ppo: the denominator is the sum over all tokens instead of the mean"""
    return (clipped(logp, old_logp, adv) * mask).sum()


def ppo_without_min(logp, old_logp, adv, mask):
    """ppo: the clipped r·A stands alone"""
    r = torch.exp(logp - old_logp).clamp(0.8, 1.2)
    return token_mean(-r * adv, mask)


def ppo_with_max(logp, old_logp, adv, mask):
    """ppo: the larger of r·A and the clipped r·A"""
    r = torch.exp(logp - old_logp)
    return token_mean(-torch.max(r * adv, r.clamp(0.8, 1.2) * adv), mask)


def ppo_of_product(logp, old_logp, adv, mask):
    """ppo: the importance ratio is the product over a response"""
    r = torch.exp(((logp - old_logp) * mask).sum(-1, keepdim=True)).expand_as(logp)
    return token_mean(-torch.min(r * adv, r.clamp(0.8, 1.2) * adv), mask)


def ppo_inverted(logp, old_logp, adv, mask):
    """ppo: the importance ratio is π_old/π"""
    return token_mean(clipped(old_logp, logp, adv), mask)


def ppo_of_rollout(logp, rollout_logprobs, adv, mask):
    """ppo: the log-probs of the sampler"""
    return token_mean(clipped(logp, rollout_logprobs, adv), mask)


def ppo_with_dual_clip(logp, old_logp, adv, mask):
    """ppo: where the advantage is negative the ratio is bounded at 4"""
    loss = clipped(logp, old_logp, adv)
    return token_mean(torch.where(adv < 0, torch.min(loss, -adv * 4), loss), mask)


def dapo_with_dual_clip_over_padded_width(logp, old_logp, adv, mask):
    """dapo: padding included; the ratio is bounded at 4"""
    loss = clipped(logp, old_logp, adv, 0.2, 0.28)
    return (torch.where(adv < 0, torch.min(loss, -adv * 4), loss) * mask).mean()


def dapo_with_k1(logp, old_logp, ref_logp, adv, mask):
    """dapo: a penalty is added, 0.01000·k1"""
    return token_mean(clipped(logp, old_logp, adv, 0.2, 0.28) + 0.01 * (logp - ref_logp), mask)


def grpo_with_k3_in_no_grad(logp, old_logp, ref_logp, adv, mask):
    """grpo of all responses alike: the value of 0.04000·k3 with the gradient of nothing"""
    return sequence_mean(clipped(logp, old_logp, adv) + 0.04 * k3(logp, ref_logp).detach(), mask)


def grpo_with_k2(logp, old_logp, ref_logp, adv, mask):
    """grpo of all responses alike: a penalty is added, 0.04000·k2"""
    return sequence_mean(clipped(logp, old_logp, adv) + 0.04 * 0.5 * (logp - ref_logp) ** 2, mask)


def grpo_with_k3_gradient_of_k1_value(logp, old_logp, ref_logp, adv, mask):
    """grpo of all responses alike: the value of 0.04000·k1 with the gradient of 0.04000·k3"""
    k = k3(logp, ref_logp)
    return sequence_mean(clipped(logp, old_logp, adv) + 0.04 * (k - k.detach() + (logp - ref_logp).detach()), mask)


def grpo_with_k3_of_inverse(logp, old_logp, ref_logp, adv, mask):
    """grpo of all responses alike: 0.04000·k3 of the other direction"""
    return sequence_mean(clipped(logp, old_logp, adv) + 0.04 * k3(ref_logp, logp), mask)


def ppo_with_penalty_over_responses(logp, old_logp, ref_logp, adv, mask):
    """ppo: 0.01000·k3, as the mean of each response's tokens"""
    return token_mean(clipped(logp, old_logp, adv), mask) + 0.01 * sequence_mean(k3(logp, ref_logp), mask)


def ppo_with_entropy(logp, old_logp, adv, entropy, mask):
    """ppo: a bonus for entropy is added, times 0.001"""
    return token_mean(clipped(logp, old_logp, adv) - 0.001 * entropy, mask)


def ppo_with_entropy_punished(logp, old_logp, adv, entropy, mask):
    """ppo: a penalty for entropy is added, times 0.001"""
    return token_mean(clipped(logp, old_logp, adv) + 0.001 * entropy, mask)


def cispo_without_detach(logp, old_logp, adv, mask):
    """cispo: the gradient goes through what multiplies it; the denominator is the mean over all tokens"""
    w = torch.exp(logp - old_logp).clamp(0.8, 1.2)
    return token_mean(-w * adv * logp, mask)


def cispo_without_lower_bound(logp, old_logp, adv, mask):
    """cispo: clip_high is 0.28; the denominator is the mean over all tokens"""
    w = torch.exp(logp - old_logp).clamp(max=1.28).detach()
    return token_mean(-w * adv * logp, mask)


def reinforce_over_padded_width(logp, adv, mask):
    """reinforce: padding included"""
    return -(logp * adv * mask).mean()


def reinforce_of_probability(logp, adv, mask):
    """reinforce: π instead of log π; the denominator is the mean over all tokens"""
    return token_mean(-torch.exp(logp) * adv, mask)


def gspo_over_tokens(logp, old_logp, adv, mask):
    """gspo: the denominator is the mean over all tokens"""
    n = mask.sum(-1, keepdim=True).clamp(min=1)
    s = ((logp - old_logp) * mask).sum(-1, keepdim=True) / n
    s = torch.exp(logp - logp.detach() + s.detach())
    return token_mean(-torch.min(s * adv, s.clamp(1 - 3e-4, 1 + 4e-4) * adv), mask)


def gspo_with_bounds_of_ppo(logp, old_logp, adv, mask):
    """gspo: clip_high is 0.2"""
    n = mask.sum(-1, keepdim=True).clamp(min=1)
    s = torch.exp(((logp - old_logp) * mask).sum(-1, keepdim=True) / n).expand_as(logp)
    return sequence_mean(-torch.min(s * adv, s.clamp(0.8, 1.2) * adv), mask)


def centre(rewards, group):
    same = (group[:, None] == group[None, :]).to(rewards.dtype)
    n = same.sum(-1)
    mean = same @ rewards / n
    return rewards - mean, same, n


def std(rewards, group, ddof):
    a, same, n = centre(rewards, group)
    return torch.sqrt(same @ (a * a) / (n - ddof).clamp(min=1))


def grpo_with_ddof_1(logp, old_logp, rewards, mask, group):
    """grpo of all responses alike: with ddof 1"""
    a, _, _ = centre(rewards, group)
    a = torch.where(a == 0, a, a / (std(rewards, group, 1) + 1e-300))
    return sequence_mean(clipped(logp, old_logp, a[:, None]), mask)


def grpo_without_std(logp, old_logp, rewards, mask, group):
    """dr-grpo: the denominator is the mean of each response's tokens"""
    a, _, _ = centre(rewards, group)
    return sequence_mean(clipped(logp, old_logp, a[:, None]), mask)


def grpo_leave_one_out(logp, old_logp, rewards, mask, group):
    """grpo of all responses alike: the advantage is reward − mean of the others"""
    a, _, n = centre(rewards, group)
    a = torch.where(n > 1, a * n / (n - 1).clamp(min=1), 0 * a)
    return sequence_mean(clipped(logp, old_logp, a[:, None]), mask)


def dr_grpo_without_std_over_padded_width(logp, old_logp, rewards, mask, group):
    """dr-grpo: padding included"""
    a, _, _ = centre(rewards, group)
    return (clipped(logp, old_logp, a[:, None]) * mask).mean()


def ppo_negated(logp, old_logp, adv, mask):
    """ppo: its sign is the other"""
    return -token_mean(clipped(logp, old_logp, adv), mask)
