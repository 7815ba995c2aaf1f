"""TRL's own GRPOTrainer on a tiny model, with exported objectives in place of its loss.

usage: trl_run.py GRPO.py CISPO.py CLIP_COV.py, of which the last needs its whole batch
"""

import importlib.util
import os
import sys
import tempfile
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import GRPOConfig, GRPOTrainer

SYMBOLS = ["<pad>", "<eos>", "<unk>", *"0123456789+=? abc"]
STEPS = 5


def load(path):
    name = os.path.basename(path)[:-3]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module.ObjectiveTrainer


def tokenizer():
    words = Tokenizer(models.WordLevel({s: i for i, s in enumerate(SYMBOLS)}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>")


def model():
    torch.manual_seed(7)
    return Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(SYMBOLS), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
            num_key_value_heads=2, pad_token_id=0, eos_token_id=1, bos_token_id=None,
        )
    )


def distinct_symbols(completions, **_):
    return [float(len(set(text))) for text in completions]


def trainer(kind, folder, policy, **settings):
    config = dict(
        output_dir=folder, per_device_train_batch_size=8, num_generations=4, max_completion_length=6, max_steps=STEPS, seed=0,
        report_to=[], use_cpu=True, bf16=False, gradient_checkpointing=False, logging_steps=1, save_strategy="no",
        disable_tqdm=True, learning_rate=1e-2,
    )
    return kind(
        model=policy,
        processing_class=tokenizer(),
        reward_funcs=distinct_symbols,
        train_dataset=Dataset.from_dict({"prompt": [f"{i}+{i}=" for i in range(10)]}),
        args=GRPOConfig(**{**config, **settings}),
    )


def beside_own_loss(objective, tolerance):
    """The objective, and with each step TRL's own loss and gradient from the same parameters."""

    class Both(objective):
        steps = 0
        stale = 0

        def _compute_loss(self, model, inputs):
            found = []
            for compute in (objective._compute_loss, GRPOTrainer._compute_loss):
                loss = compute(self, model, inputs)
                gradients = torch.autograd.grad(loss, [p for p in model.parameters() if p.requires_grad], allow_unused=True)
                norm = torch.stack([g.norm() for g in gradients if g is not None]).norm()
                found.append((loss.item(), norm.item()))
            for ours, theirs in zip(*found):
                assert abs(ours - theirs) <= tolerance * max(1, abs(theirs)), found
            assert found[1][1] > 1e-3, found
            type(self).steps += 1
            type(self).stale += "old_per_token_logps" in inputs
            return objective._compute_loss(self, model, inputs)

    return Both


def trained(run):
    before = [p.detach().clone() for p in run.model.parameters()]
    run.train()
    moved = sum((p.detach() - q).abs().sum().item() for p, q in zip(run.model.parameters(), before))
    assert moved > 0 and moved == moved, moved
    return [log for log in run.state.log_history if "loss" in log]


def of_another_release(path):
    """Another version is a warning, a function with other arguments an error when the file is imported."""
    version, forward = trl.__version__, GRPOTrainer._compute_loss
    trl.__version__ = "99.0.1"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        load(path)
    assert any("this file is for TRL 1.13, found version 99.0.1" in str(one.message) for one in said), said
    trl.__version__ = version
    GRPOTrainer._compute_loss = lambda self, batch: None
    try:
        load(path)
    except ImportError as refused:
        assert "_compute_loss takes self, batch, expected self, model, inputs" in str(refused), refused
    else:
        raise AssertionError("another signature is not refused")
    GRPOTrainer._compute_loss = forward


if __name__ == "__main__":
    grpo, cispo, clip_cov = map(load, sys.argv[1:4])
    with tempfile.TemporaryDirectory() as folder:
        for policy, tolerance in ((model().double(), 1e-6), (model(), 1e-4)):
            both = beside_own_loss(grpo, tolerance)
            split = dict(per_device_train_batch_size=4, gradient_accumulation_steps=2, steps_per_generation=4, num_iterations=2)
            trained(trainer(both, folder, policy, loss_type="grpo", **split))
            assert both.steps == 2 * STEPS and both.stale > 0, (both.steps, both.stale)
        assert all("approx_kl" in log for log in trained(trainer(cispo, folder, model())))
        logs = trained(trainer(clip_cov, folder, model()))
        assert len(logs) == STEPS and all("dropped" in log for log in logs), logs
        try:
            trainer(clip_cov, folder, model(), per_device_train_batch_size=4, gradient_accumulation_steps=2)
        except ValueError as refused:
            assert "gradient_accumulation_steps" in str(refused), refused
        else:
            raise AssertionError("clip-cov over two micro-batches is not refused")
    of_another_release(sys.argv[1])
    print(f"TRL: grpo beside its own loss, cispo, clip-cov: {STEPS} steps each")
