"""NeMo-RL's clipped policy loss with its own defaults, from the checkout that NEMO names."""

from types import SimpleNamespace

from checkout import load

losses = load(
    "NEMO", "nemo_rl.algorithms.loss.loss_functions", "nemo_rl.distributed", "nemo_rl.data", "nemo_rl.models",
    "nemo_rl.algorithms.x_token", "nemo_rl.utils", "PIL")
DEFAULTS = {name: value for name, value in vars(losses.ClippedPGLossConfig).items() if not name.startswith("_")}


def clipped(next_token_logprobs, data, global_valid_seqs, global_valid_toks, **changed):
    loss = losses.ClippedPGLossFn(SimpleNamespace(**DEFAULTS | changed))
    return loss(next_token_logprobs, data, global_valid_seqs, global_valid_toks)


def vapo(next_token_logprobs, data, global_valid_seqs, global_valid_toks):
    return clipped(next_token_logprobs, data, global_valid_seqs, global_valid_toks, positive_example_nll_weight=0.1)


def cispo(next_token_logprobs, data, global_valid_seqs, global_valid_toks):
    return clipped(next_token_logprobs, data, global_valid_seqs, global_valid_toks, use_cispo=True)
