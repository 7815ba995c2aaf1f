"""SkyRL's policy losses, from the checkout that SKYRL names."""

from checkout import load

ppo = load("SKYRL", "skyrl.backends.skyrl_train.utils.ppo_utils")

regular = ppo.ppo_policy_loss
sapo = ppo.sapo_policy_loss
gspo = ppo.gspo_policy_loss
cispo = ppo.compute_policy_loss_cispo
clip_cov = ppo.compute_policy_loss_clip_cov
kl_cov = ppo.compute_policy_loss_kl_cov
