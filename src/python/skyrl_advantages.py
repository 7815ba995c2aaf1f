"""SkyRL's advantages, from the checkout that SKYRL names."""

from checkout import load

ppo = load("SKYRL", "skyrl.backends.skyrl_train.utils.ppo_utils")

grpo = ppo.compute_grpo_outcome_advantage
rloo = ppo.compute_rloo_outcome_advantage
maxrl = ppo.compute_maxrl_advantage
reinforce_plus_plus = ppo.compute_reinforce_plus_plus_outcome_advantage
gae = ppo.compute_gae_advantage_return
