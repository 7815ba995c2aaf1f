"""Liger's GRPO loss at log-probs, as its chunks have it, from the folder `src` of a checkout that LIGER names.

--set loss_type=cispo says which; what it makes of hidden states before is no part of the loss.
"""

from checkout import load

GRPO = load("LIGER", "liger_kernel.chunked_loss.grpo_loss").LigerFusedLinearGRPOFunction


def grpo(log_prob, advantages, response_mask, ref_log_prob=None, old_log_prob=None, epsilon_low=0.2, epsilon_high=0.2,
         beta=0.04, loss_type="dapo", max_completion_length=None, importance_sampling_level="token", delta=None):
    loss, metrics = GRPO.ppo_loss_fn(
        log_prob, response_mask, advantages if advantages.dim() == 1 else advantages[:, 0], response_mask,
        ref_per_token_logps=ref_log_prob, old_per_token_logps=old_log_prob, epsilon_low=epsilon_low,
        epsilon_high=epsilon_high, beta=beta, loss_type=loss_type, max_completion_length=max_completion_length,
        importance_sampling_level=importance_sampling_level, delta=delta)
    return loss, {"clip_ratio/region_mean": metrics[-1]}
