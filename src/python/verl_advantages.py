"""verl's advantages, from the checkout that VERL names."""

from checkout import load

core = load("VERL", "verl.trainer.ppo.core_algos")

gae = core.compute_gae_advantage_return
grpo = core.compute_grpo_outcome_advantage
grpo_passk = core.compute_grpo_passk_outcome_advantage
reinforce_plus_plus = core.compute_reinforce_plus_plus_outcome_advantage
reinforce_plus_plus_baseline = core.compute_reinforce_plus_plus_baseline_outcome_advantage
rloo = core.compute_rloo_outcome_advantage
rloo_vectorized = core.compute_rloo_vectorized_outcome_advantage
opo = core.compute_opo_outcome_advantage
gpg = core.compute_gpg_outcome_advantage
