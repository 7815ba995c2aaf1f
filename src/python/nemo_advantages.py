"""NeMo-RL's group advantages, from the checkout that NEMO names."""

from types import SimpleNamespace

from checkout import load

estimators = load(
    "NEMO", "nemo_rl.algorithms.advantage_estimator", "nemo_rl.distributed", "nemo_rl.data", "nemo_rl.models",
    "nemo_rl.algorithms.x_token", "nemo_rl.algorithms.loss", "nemo_rl.environments", "nemo_rl.utils", "PIL")


def of(**settings):
    estimator = estimators.GRPOAdvantageEstimator(SimpleNamespace(**settings), None)

    def called(prompts, rewards, mask):
        return estimator.compute_advantage(prompts, rewards, mask)

    return called


grpo = of(use_leave_one_out_baseline=False, normalize_rewards=True)
leave_one_out = of(use_leave_one_out_baseline=True, normalize_rewards=True)
