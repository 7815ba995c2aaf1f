"""Each trainer's hook as it is called, by a stand-in with its signature and its reduction, beside the objective on the whole batch.

usage: hooks.py (OBJECTIVE.py TRAINER=FILE.py...)..., of each objective: as PyTorch, and for these trainers. The test beside each file is run too.
"""

import importlib.util
import os
import sys
import types
from dataclasses import dataclass
from types import SimpleNamespace

import torch
from torch import Tensor

ROWS, WIDTH, GROUP = 12, 6, torch.arange(12) // 3


def batch():
    """Four prompts of three responses; what stands in masked slots must change nothing."""
    random = torch.Generator().manual_seed(5)
    lengths = torch.randint(1, WIDTH + 1, (ROWS, 1), generator=random)
    mask = torch.arange(WIDTH) < lengths
    log_prob, noise, far = -torch.rand(3, ROWS, WIDTH, generator=random, dtype=torch.float64)
    reward = torch.rand(ROWS, generator=random, dtype=torch.float64)
    hidden = torch.where(mask, 0.0, 1e3)
    return mask, log_prob + hidden, log_prob + noise / 2 + hidden, reward


MASK, LOG_PROB, OLD, REWARD = batch()
TOKENS = int(MASK.sum())
REWARDS = torch.where(MASK, 0.0, torch.nan).to(LOG_PROB).scatter(1, MASK.sum(1, keepdim=True) - 1, REWARD[:, None])


def module(name, **members):
    """A stand-in under its name, and its packages."""
    parts = name.split(".")
    for i in range(1, len(parts) + 1):
        path = ".".join(parts[:i])
        made = sys.modules.setdefault(path, types.ModuleType(path))
        made.__file__ = path
        if i > 1:
            setattr(sys.modules[".".join(parts[: i - 1])], parts[i - 1], made)
    for member, value in members.items():
        setattr(sys.modules[name], member, value)


def load(path):
    spec = importlib.util.spec_from_file_location(path.split("/")[-1][:-3], path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def prepared(loaded, name):
    columns = getattr(loaded, name + "_prepared")(loaded.Batch.padded(MASK, GROUP), REWARD, reward=REWARD)
    (advantages,) = columns.values()
    return advantages[:, None] * MASK if advantages.dim() == 1 else advantages


class Registry(dict):
    def register(self, name, function=None):
        def put(function):
            self[name] = function
            return function

        return put(function) if function else put


class Verl:
    """Micro-batches add up; ranks are averaged."""

    averaged = True

    def __init__(self, path, name):
        self.losses, self.estimators = Registry(), Registry()

        def compute_policy_loss_vanilla(
            old_log_prob, log_prob, advantages, response_mask, loss_agg_mode="token-mean", config=None, rollout_is_weights=None
        ):
            raise AssertionError("the stand-in's own loss")

        module(
            "verl.trainer.ppo.core_algos",
            register_policy_loss=self.losses.register,
            register_adv_est=self.estimators.register,
            compute_policy_loss_vanilla=compute_policy_loss_vanilla,
        )
        load(path)
        self.loss, self.name = self.losses["lossmith_" + name], name
        self.estimate(GROUP)

    def estimate(self, group):
        self.advantages, returns = self.estimators["lossmith_" + self.name](
            token_level_rewards=REWARDS, response_mask=MASK, config=None, index=[f"uid {g}" for g in group.tolist()]
        )

    def __call__(self, rows, log_prob, ranks):
        info = dict(dp_size=ranks, batch_num_tokens=TOKENS, global_batch_size=ROWS, loss_scale_factor=None)
        loss, metrics = self.loss(
            old_log_prob=OLD[rows], log_prob=log_prob, advantages=self.advantages[rows], response_mask=MASK[rows],
            loss_agg_mode="token-mean", config=SimpleNamespace(global_batch_info=info), rollout_is_weights=None,
        )
        assert all(isinstance(x, float) for x in metrics.values())
        return loss


class PrimeRl:
    """One response at a time; the sum is divided by all tokens."""

    averaged = False

    def __init__(self, path, name):
        @dataclass
        class LossInputs:
            trainer_logprobs: Tensor
            inference_logprobs: Tensor
            ref_logprobs: Tensor | None
            advantages: Tensor
            loss_mask: Tensor
            loss_weights: Tensor | None

        @dataclass
        class LossOutputs:
            loss: Tensor
            metrics: dict[str, Tensor]

        self.inputs = LossInputs
        module("prime_rl.trainer.rl.loss", LossInputs=LossInputs, LossOutputs=LossOutputs)
        loaded = load(path)
        self.loss, self.advantages = loaded.loss, prepared(loaded, name)

    def __call__(self, rows, log_prob, ranks):
        outputs = [
            self.loss(self.inputs(log_prob[i], OLD[row], None, self.advantages[row], MASK[row], weights))
            for i, row in enumerate(rows.tolist())
            for weights in [torch.ones(WIDTH) if row % 2 else None]
        ]
        return sum(output.loss for output in outputs) / TOKENS


class SkyRl:
    """Advantages are divided before; what comes back is a sum."""

    averaged = False

    def __init__(self, path, name):
        losses, self.estimators = Registry(), Registry()
        module(
            "skyrl.backends.skyrl_train.utils.ppo_utils",
            PolicyLossRegistry=losses,
            register_advantage_estimator=self.estimators.register,
        )
        load(path)
        self.loss, self.name = losses["lossmith_" + name], name
        by = {"token_mean": TOKENS, "sequence_mean": MASK.sum(1, keepdim=True) * ROWS}
        for self.reduction, self.n in by.items():
            self.estimate(GROUP)
            try:
                self(torch.arange(ROWS), LOG_PROB, 1)
                return
            except ValueError as other:
                assert "loss_reduction" in str(other)

    def estimate(self, group):
        advantages, _ = self.estimators["lossmith_" + self.name](REWARDS, MASK, group.tolist(), values=None, config=None)
        self.advantages = advantages / self.n

    def __call__(self, rows, log_prob, ranks):
        loss, metrics = self.loss(
            log_prob, OLD[rows], self.advantages[rows], config=SimpleNamespace(loss_reduction=self.reduction),
            loss_mask=MASK[rows].long(), rollout_logprobs=None,
        )
        return loss


class NemoRl:
    """Micro-batches are summed; data begins at the second token."""

    averaged = False

    def __init__(self, path, name):
        module(
            "nemo_rl.algorithms.loss.interfaces",
            LossFunction=object,
            LossInputType=SimpleNamespace(LOGPROB="logprob"),
            LossType=SimpleNamespace(TOKEN_LEVEL="token", SEQUENCE_LEVEL="sequence"),
        )
        loaded = load(path)
        self.loss, self.advantages = loaded.Objective(), prepared(loaded, name)

    def __call__(self, rows, log_prob, ranks):
        def later(x):
            return torch.nn.functional.pad(x[rows], (1, 0))

        data = {
            "advantages": later(self.advantages), "prev_logprobs": later(OLD), "token_mask": later(MASK.double()),
            "sample_mask": torch.ones(len(rows)),
        }
        return self.loss(log_prob, data, torch.tensor(ROWS), torch.tensor(TOKENS))[0]


class Slime:
    """A sum of means of responses, divided by their number; or by tokens, a sum over them."""

    averaged = False

    def __init__(self, path, name):
        def get_log_probs_and_entropy(logits, *, args, unconcat_tokens, total_lengths, response_lengths, with_entropy=False):
            return None, {"log_probs": [x[:n] for x, n in zip(logits, response_lengths)]}

        module(
            "slime.backends.megatron_utils.loss",
            get_log_probs_and_entropy=get_log_probs_and_entropy,
            get_rollout_top_p_logprob_kwargs=lambda args, batch: {},
        )
        loaded = load(path)
        self.loss, self.advantages = loaded.loss, prepared(loaded, name)
        for self.per_token in (True, False):
            try:
                self(torch.arange(ROWS), LOG_PROB, 1)
                return
            except ValueError as other:
                assert "calculate-per-token-loss" in str(other)

    def __call__(self, rows, log_prob, ranks):
        lengths = MASK[rows].sum(1).tolist()

        def ragged(x):
            return [x[row, :n] for row, n in zip(rows.tolist(), lengths)]

        data = {
            "advantages": ragged(self.advantages), "log_probs": ragged(OLD), "loss_masks": ragged(MASK.double()),
            "unconcat_tokens": None, "total_lengths": lengths, "response_lengths": lengths,
        }
        args = SimpleNamespace(calculate_per_token_loss=self.per_token, context_parallel_size=1)
        loss, metrics = self.loss(args, data, log_prob, None)
        assert all(isinstance(x, Tensor) for x in metrics.values())
        return loss / (TOKENS if self.per_token else ROWS)


class OpenRlhf:
    """As verl, by a module that stands where another stood."""

    averaged = True

    def __init__(self, path, name):
        class PolicyLoss(torch.nn.Module):
            def forward(
                self, log_probs, old_log_probs, advantages, action_mask=None, rollout_log_probs=None, dp_size=1,
                batch_num_tokens=None, global_batch_size=None,
            ):
                raise AssertionError("the stand-in's own loss")

        module("openrlhf.trainer.ray.ppo_actor", PolicyLoss=PolicyLoss)
        loaded = load(path)
        self.loss = sys.modules["openrlhf.trainer.ray.ppo_actor"].PolicyLoss(clip_eps_low=0.2)
        assert not isinstance(self.loss, PolicyLoss)
        self.advantages = prepared(loaded, name)

    def __call__(self, rows, log_prob, ranks):
        loss, clipped, kl, engine = self.loss(
            log_prob, OLD[rows], self.advantages[rows], action_mask=MASK[rows], rollout_log_probs=None, dp_size=ranks,
            batch_num_tokens=TOKENS, global_batch_size=ROWS,
        )
        assert not clipped.requires_grad and not kl.requires_grad and engine is None
        return loss


class OpenInstruct:
    """A loss for each token, of which the trainer takes the mean over those that count."""

    averaged = False

    def __init__(self, path, name):
        def compute_grpo_loss(new_logprobs, ratio, advantages, ref_logprobs, config, rho_weights):
            raise AssertionError("the stand-in's own loss")

        module("open_instruct.grpo_utils", compute_grpo_loss=compute_grpo_loss)
        loaded = load(path)
        self.utils, self.advantages = sys.modules["open_instruct.grpo_utils"], prepared(loaded, name)
        assert self.utils.compute_grpo_loss is loaded.compute_grpo_loss

    def __call__(self, rows, log_prob, ranks):
        ratio = torch.exp(log_prob - OLD[rows])
        loss, clipped, kl = self.utils.compute_grpo_loss(
            new_logprobs=log_prob, ratio=ratio, advantages=self.advantages[rows], ref_logprobs=None, config=None, rho_weights=None
        )
        return torch.where(MASK[rows], loss + 0.1 * kl, 0).sum() / TOKENS


class Tinker:
    """The client computes the loss of all data of a call, and sends its gradient."""

    averaged = False

    def __init__(self, path, name):
        module("tinker", TrainingClient=SimpleNamespace(forward_backward_custom=None))
        self.loss_of = load(path).loss_of

    def __call__(self, rows, log_prob, ranks):
        def ragged(x):
            return [x[i, : int(MASK[row].sum())] for i, row in enumerate(rows.tolist())]

        loss = self.loss_of(GROUP[rows].tolist(), ragged(MASK[rows]), reward=REWARD[rows], old_log_prob=ragged(OLD[rows]))
        try:
            loss([None], ragged(log_prob)[:1])
        except ValueError as other:
            assert "other data" in str(other)
        value, metrics = loss([None] * len(rows), ragged(log_prob))
        assert all(isinstance(x, float) for x in metrics.values())
        return value


class TinkerGraph:
    """The service runs the graph on each datum, in float32, and adds up what it returns."""

    averaged, single = False, True

    def __init__(self, path, name):
        of = load(path)
        columns = {"reward": list(REWARD), "old_log_prob": list(OLD)}
        self.data = of.loss_fn_inputs(GROUP, list(MASK), **{name: columns[name] for name in of.REQUIRED})
        self.nodes = of.request("session", 1)["graph"]["nodes"]
        self.run = load(os.path.dirname(__file__) + "/../graphs.py").run

    def __call__(self, rows, log_prob, ranks):
        return sum(self.run(self.nodes, {**self.data[row], "logprobs": x}) for row, x in zip(rows.tolist(), log_prob))


HOOKS = {"tinker": Tinker, "tinker-graph": TinkerGraph, "verl": Verl, "prime-rl": PrimeRl, "skyrl": SkyRl, "nemo-rl": NemoRl, "slime": Slime, "openrlhf": OpenRlhf, "open-instruct": OpenInstruct}


def run(hook, ranks, parts):
    """Loss and gradient as the trainer adds them up, of rows that it has shuffled."""
    order = torch.randperm(ROWS, generator=torch.Generator().manual_seed(ranks + parts))
    live, total = LOG_PROB.clone().requires_grad_(), 0
    for mine in order.chunk(ranks):
        for rows in mine.chunk(parts):
            total = total + hook(rows, live[rows], ranks)
    total = total / ranks if hook.averaged else total
    return total.detach(), torch.autograd.grad(total, live)[0]


def close(found, expected, hook, what):
    single = getattr(hook, "single", False)
    rtol, atol = (1e-5, 1e-7) if single else (1e-9, 1e-12)
    torch.testing.assert_close(found, expected, rtol=rtol, atol=atol, msg=lambda text: f"{what}: {text}")


def uneven(hook, objective, name, what):
    """Prompts with other numbers of responses: what the objective is of them, or refused."""
    group = torch.tensor([0] * 2 + [1] * 10)
    try:
        hook.estimate(group)
    except ValueError as refused:
        assert "prompts have 2 to 10" in str(refused), refused
        return
    expected, _ = getattr(objective, name)(objective.Batch.padded(MASK, group), LOG_PROB, reward=REWARD, old_log_prob=OLD)
    close(run(hook, 1, 1)[0], expected.detach(), hook, what)


def compare(objective, trainers):
    name = objective.__all__[1]
    whole = LOG_PROB.clone().requires_grad_()
    expected, _ = getattr(objective, name)(objective.Batch.padded(MASK, GROUP), whole, reward=REWARD, old_log_prob=OLD)
    expected.backward()
    assert whole.grad.abs().max() > 1e-3
    for trainer, path in trainers.items():
        hook = HOOKS[trainer](path, name)
        for ranks, parts in ((1, 1), (1, 4), (2, 1), (2, 3))[: 1 if trainer == "tinker" else 4]:
            loss, gradient = run(hook, ranks, parts)
            close(loss, expected.detach(), hook, f"{name} under {trainer}, {ranks} ranks, {parts} parts")
            close(gradient, whole.grad, hook, f"{name} under {trainer}, {ranks} ranks, {parts} parts")
        if hasattr(hook, "estimate"):
            uneven(hook, objective, name, f"{name} under {trainer}, prompts of 2 and 10 responses")
    print(f"Hooks: {name} under", ", ".join(trainers))


if __name__ == "__main__":
    of = []
    for argument in sys.argv[1:]:
        if "=" in argument:
            of[-1][1].update([argument.split("=", 1)])
        else:
            of.append((argument, {}))
    for path, trainers in of:
        compare(load(path), trainers)
    if importlib.util.find_spec("pytest") is None:
        print("PyTorch: left out without the package pytest: the tests beside files for trainers")
    else:
        pytest = importlib.import_module("pytest")
        beside = [os.path.dirname(path) + "/test_" + os.path.basename(path) for _, trainers in of for path in trainers.values()]
        sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *beside]))
