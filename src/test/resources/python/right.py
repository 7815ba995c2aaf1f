"""Right losses, written by hand as trainers write them: nothing here may be found wrong."""

import torch


def where(mask, x):
    return torch.where(mask.bool(), x, torch.zeros((), dtype=x.dtype))


def ratio(log_prob, old_log_prob, mask):
    return torch.exp(where(mask, log_prob - old_log_prob).clamp(-20, 20))


def agg_loss(loss, mask, mode, dp_size, batch_num_tokens, global_batch_size, loss_scale_factor=None):
    if mode == "token-mean":
        return where(mask, loss).sum() / batch_num_tokens * dp_size
    sums = where(mask, loss).sum(-1)
    if mode == "seq-mean-token-sum":
        return sums.sum() / global_batch_size * dp_size
    return (sums / mask.sum(-1).clamp(min=1)).sum() / global_batch_size * dp_size


def verl_ppo(old_log_prob, log_prob, advantages, response_mask, loss_agg_mode="token-mean", config=None,
             rollout_is_weights=None):
    r = ratio(log_prob, old_log_prob, response_mask)
    clipped = r.clamp(1 - config.clip_ratio_low, 1 + config.clip_ratio_high)
    loss = torch.maximum(-advantages * r, -advantages * clipped)
    dual = torch.minimum(loss, -advantages * config.get("clip_ratio_c", 3.0))
    loss = torch.where(advantages < 0, dual, loss)
    cut = where(response_mask, (r > 1 + config.clip_ratio_high).to(r.dtype))
    metrics = {"actor/pg_clipfrac": (cut.sum() / response_mask.sum().clamp(min=1)).item()}
    return agg_loss(loss, response_mask, loss_agg_mode, **config.global_batch_info), metrics


def verl_cispo(old_log_prob, log_prob, advantages, response_mask, loss_agg_mode="token-mean", config=None,
               rollout_is_weights=None):
    r = ratio(log_prob, old_log_prob, response_mask)
    weight = r.clamp(1 - config.clip_ratio_low, 1 + config.clip_ratio_high).detach()
    advantages = where(response_mask, advantages)
    return agg_loss(-advantages * weight * log_prob, response_mask, loss_agg_mode, **config.global_batch_info), {}


def trl_grpo(per_token_logps, old_per_token_logps, ref_per_token_logps, advantages, completion_mask, beta=0.04,
             epsilon=0.2, epsilon_high=0.28):
    r = ratio(per_token_logps, old_per_token_logps, completion_mask)
    d = where(completion_mask, ref_per_token_logps - per_token_logps).clamp(-80, 80)
    loss = -torch.min(r * advantages, r.clamp(1 - epsilon, 1 + epsilon_high) * advantages)
    loss = loss + beta * (torch.exp(d) - d - 1)
    return (where(completion_mask, loss).sum(-1) / completion_mask.sum(-1).clamp(min=1.0)).mean()


class PolicyLoss(torch.nn.Module):
    """As OpenRLHF's."""

    def __init__(self, clip_eps_low=0.2, clip_eps_high=0.2):
        super().__init__()
        self.low, self.high = clip_eps_low, clip_eps_high

    def forward(self, log_probs, old_log_probs, advantages, action_mask=None, rollout_log_probs=None, dp_size=1,
                batch_num_tokens=None, global_batch_size=None):
        r = ratio(log_probs, old_log_probs, action_mask)
        loss = -torch.min(r * advantages, r.clamp(1 - self.low, 1 + self.high) * advantages)
        d = where(action_mask, log_probs - old_log_probs).detach()
        cut = where(action_mask, ((r - 1).abs() > self.high).to(r.dtype)).sum() / batch_num_tokens
        return where(action_mask, loss).sum() / batch_num_tokens * dp_size, cut, -d.sum() / batch_num_tokens, None


def nemo_reinforce(next_token_logprobs, data, global_valid_seqs, global_valid_toks):
    mask = data["token_mask"][:, 1:] * data["sample_mask"][:, None]
    r = ratio(next_token_logprobs, data["prev_logprobs"][:, 1:], mask).detach()
    loss = -r * where(mask, data["advantages"][:, 1:]) * next_token_logprobs
    return where(mask, loss).sum() / global_valid_toks, {"probs_ratio": 1.0}


def prime_loss(inputs):
    r = torch.exp(where(inputs.loss_mask, inputs.trainer_logprobs - inputs.inference_logprobs).clamp(-20, 20))
    loss = where(inputs.loss_mask, -inputs.advantages * r).sum()
    return {"loss": loss, "metrics": {}}


def skyrl_ppo(log_probs, old_log_probs, advantages, config, loss_mask=None, rollout_logprobs=None):
    r = ratio(log_probs, old_log_probs, loss_mask)
    clipped = r.clamp(1 - config.eps_clip_low, 1 + config.eps_clip_high)
    return where(loss_mask, -torch.min(r * advantages, clipped * advantages)).sum(), {"clip_ratio": 0.0}


def gspo(logp, old_logp, adv, mask, low=3e-4, high=4e-4):
    n = mask.sum(-1, keepdim=True).clamp(min=1)
    mean = where(mask, logp - old_logp).sum(-1, keepdim=True) / n
    s = torch.exp((logp - logp.detach() + mean.detach()).clamp(max=10.0))
    loss = -torch.min(s * adv, s.clamp(1 - low, 1 + high) * adv)
    return (where(mask, loss).sum(-1) / n.squeeze(-1)).mean()
