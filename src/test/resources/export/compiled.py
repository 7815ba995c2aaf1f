"""An exported module at logits with `compiled=True`, with `overwrite=True` too, beside the same without.

usage: compiled.py MODULE.py, an exported objective that reads of each row ref_log_pi
"""

import importlib.util
import os
import sys
import tempfile

import torch

ROWS, VOCABULARY = 8, 64


def load(path):
    spec = importlib.util.spec_from_file_location("objective", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["objective"] = module
    spec.loader.exec_module(module)
    return module, next(getattr(module, name) for name in module.__all__ if name.endswith("_of_logits"))


def main():
    module, objective = load(sys.argv[1])
    random = torch.Generator().manual_seed(5)
    logits, teacher = torch.randn(2, ROWS, VOCABULARY, generator=random, dtype=torch.float64)
    teacher[0, :5] = -torch.inf  # entries that only the policy reaches
    teacher = torch.log_softmax(teacher, -1)
    token = torch.randint(0, VOCABULARY, (ROWS,), generator=random)
    batch = module.Batch.packed(torch.arange(ROWS) // 4, torch.arange(2))

    def step(**options):
        leaf = logits.clone().requires_grad_()
        at = leaf * 2  # what is overwritten may not be a leaf
        loss, _ = objective(batch, at, token, ref_log_pi=teacher, **options)
        loss.backward()
        return loss.detach(), leaf.grad, at.detach()

    loss, gradient, _ = step()
    assert gradient.abs().amax() > 1e-4
    for overwrite in (False, True):
        compiled_loss, compiled_gradient, left = step(compiled=True, overwrite=overwrite)
        torch.testing.assert_close(compiled_loss, loss, rtol=1e-12, atol=1e-15)
        torch.testing.assert_close(compiled_gradient, gradient, rtol=1e-12, atol=1e-15)
        torch.testing.assert_close(left, gradient / 2 if overwrite else logits * 2, rtol=1e-12, atol=1e-15)
    stats = torch._dynamo.utils.counters["stats"]
    assert stats["unique_graphs"] >= 2, stats


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder
        main()
