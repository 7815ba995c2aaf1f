"""verl's policy losses, from the checkout that VERL names."""

from checkout import load

core = load("VERL", "verl.trainer.ppo.core_algos")

vanilla = core.compute_policy_loss_vanilla
gspo = core.compute_policy_loss_gspo
gpg = core.compute_policy_loss_gpg
clip_cov = core.compute_policy_loss_clip_cov
kl_cov = core.compute_policy_loss_kl_cov
geo_mean = core.compute_policy_loss_geo_mean
