"""SkyRL's policy losses with its own defaults, from the checkout that SKYRL names."""

from types import SimpleNamespace

from checkout import load

ppo = load("SKYRL", "skyrl.backends.skyrl_train.utils.ppo_utils")
OFF_POLICY = SimpleNamespace(
    tis_ratio_type=None, sequence_mask_metric=None, outlier_token_is_threshold_low=None,
    outlier_token_is_threshold_high=None, token_mask_is_threshold_low=None, token_mask_is_threshold_high=None)


def settings(kind, **groups):
    groups = {name: SimpleNamespace(**group) for name, group in groups.items()}
    return SimpleNamespace(policy_loss_type=kind, eps_clip_low=0.2, eps_clip_high=0.2, clip_ratio_c=3.0,
                           loss_reduction="token_mean", off_policy_correction=OFF_POLICY, **groups)


def of(loss, own):
    def called(log_probs, old_log_probs, advantages, config=None, loss_mask=None, rollout_logprobs=None):
        return loss(log_probs, old_log_probs, advantages, own, loss_mask, rollout_logprobs)

    return called


regular = of(ppo.ppo_policy_loss, settings("regular"))
dual_clip = of(ppo.ppo_policy_loss, settings("dual_clip"))
kl_cov = of(ppo.compute_policy_loss_kl_cov, settings("kl_cov", kl_cov=dict(kl_cov_frac=0.2, ppo_kl_coef=1.0)))
clip_cov = of(ppo.compute_policy_loss_clip_cov, settings(
    "clip_cov", clip_cov=dict(clip_ratio=0.0002, clip_cov_lb=1.0, clip_cov_ub=5.0)))
