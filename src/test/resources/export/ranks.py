"""Two processes with half of the prompts each, and each half in two parts, beside the whole batch in one.

usage: ranks.py MODULE.py..., each an exported objective of log_prob, reward and old_log_prob
"""

import importlib.util
import os
import sys
import tempfile
from dataclasses import replace

import torch
import torch.multiprocessing as processes


def load(path):
    spec = importlib.util.spec_from_file_location("objective", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["objective"] = module
    spec.loader.exec_module(module)
    return module, getattr(module, module.__all__[1])


def data():
    """Four prompts of three responses, each of up to five tokens."""
    random = torch.Generator().manual_seed(3)
    mask = torch.arange(5) < torch.randint(0, 6, (12, 1), generator=random)
    log_prob, noise = -torch.rand(2, 12, 5, generator=random, dtype=torch.float64)
    return mask, torch.arange(12) // 3, log_prob, torch.rand(12, generator=random, dtype=torch.float64), log_prob + noise


def rank(index, path, meeting):
    torch.distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=index, world_size=2)
    module, objective = load(path)
    mask, group, log_prob, reward, old = data()
    whole = log_prob.clone().requires_grad_()
    expected, _ = objective(module.Batch.padded(mask, group), whole, reward, old)
    expected.backward()
    sums, gradients = module.Sums(module.all_ranks), {}
    while sums.learning():
        for prompt in (2 * index, 2 * index + 1):
            rows = group == prompt
            part = log_prob[rows].clone().requires_grad_()
            with sums:
                batch = replace(module.Batch.padded(mask[rows], group[rows]), everywhere=sums)
                loss, _ = objective(batch, part, reward[rows], old[rows])
                loss.backward()
                gradients[prompt] = part.grad
                torch.testing.assert_close(loss, expected, rtol=1e-12, atol=1e-12)
    for prompt, gradient in gradients.items():
        torch.testing.assert_close(gradient, whole.grad[group == prompt], rtol=1e-12, atol=1e-12)
    assert len(gradients) == 2
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            processes.spawn(rank, (path, os.path.join(folder, "meeting")), nprocs=2)
