"""Each trainer's hooks as they are called, by a stand-in with its signature and its reduction, beside the objective on the whole batch.

A stand-in is told what to do by the settings in the .md beside a file, and by nothing else: advantages are those of the hook that they switch on.
usage: hooks.py (OBJECTIVE.py TRAINER=FILE.py...)..., of each objective: as PyTorch, and for these trainers. The test beside each file is run too.
"""

import asyncio
import importlib.util
import os
import re
import sys
import types
import warnings
from dataclasses import dataclass
from pathlib import Path
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


def told(path):
    """The text of the .md beside a file."""
    return Path(path).with_suffix(".md").read_text()


def settings(path):
    """What the .md beside a file says to set: `name=value` and `--name value`."""
    blocks = "".join(re.findall(r"```\n(.*?)```", told(path), re.DOTALL))
    options = re.findall(r"--([\w-]+)(?: (?!--)(\S+))?", blocks)
    return dict(re.findall(r"^([\w.]+)=(\S+)$", blocks, re.MULTILINE)) | {name.replace("-", "_"): value or True for name, value in options}


def run_code(path, **names):
    """The names that the code in the .md beside a file makes."""
    exec("".join(re.findall(r"```python\n(.*?)```", told(path), re.DOTALL)), names)
    return names


def function(path):
    """What a trainer finds at the path of a function."""
    name, _, member = path.rpartition(".")
    return getattr(sys.modules[name], member)


def installed(distribution, version, beside):
    """As pip leaves it, of packages that do not say their version themselves."""
    folder = Path(beside).parent / f"{distribution.replace('-', '_')}.dist-info"
    folder.mkdir(exist_ok=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    if str(folder.parent) not in sys.path:
        sys.path.append(str(folder.parent))
    importlib.invalidate_caches()


class Registry(dict):
    __name__ = "Registry"

    def register(self, name, func):
        self[name] = func
        return func

    def of(self, name):
        return lambda func: self.register(name, func)


class Verl:
    """Micro-batches add up; ranks are averaged."""

    averaged = True

    def __init__(self, path):
        losses, estimators = Registry(), Registry()

        def compute_policy_loss_vanilla(
            old_log_prob, log_prob, advantages, response_mask, loss_agg_mode="token-mean", config=None, rollout_is_weights=None
        ):
            raise AssertionError("the stand-in's own loss")

        def compute_grpo_outcome_advantage(
            token_level_rewards, response_mask, index, epsilon=1e-6, norm_adv_by_std_in_grpo=True, config=None
        ):
            raise AssertionError("the stand-in's own advantages")

        module("verl", __version__="0.10.0.dev")
        module(
            "verl.trainer.ppo.core_algos",
            register_policy_loss=lambda name: losses.of(name),
            register_adv_est=lambda name_or_enum: estimators.of(name_or_enum),
            compute_policy_loss_vanilla=compute_policy_loss_vanilla,
            compute_grpo_outcome_advantage=compute_grpo_outcome_advantage,
        )
        load(path)
        chosen = settings(path)
        self.loss = losses[chosen["actor_rollout_ref.actor.policy_loss.loss_mode"]]
        self.estimator = estimators[chosen["algorithm.adv_estimator"]]
        self.estimate(GROUP)

    def estimate(self, group):
        self.advantages, returns = self.estimator(
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
    """One response at a time; the sum is divided by all tokens. Advantages are given to one prompt at a time."""

    averaged = False

    def __init__(self, path):
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

        class Algorithm:
            action_loss_type = "rl"

            def __init__(self, config, policy_pool):
                self.policy_pool = policy_pool

            async def score_group(self, episodes):
                raise AssertionError("the stand-in's own advantages")

        class Distilled(Algorithm):
            action_loss_type = "ce"

        def iter_trainable_traces(episodes):
            return ((episode, trace) for episode in episodes for trace in episode.traces if not trace.has_error)

        def assign_advantages(trace, values):
            nodes = [node for node in trace.nodes if any(node.mask)]
            assert len(values) == sum(sum(node.mask) for node in nodes)
            for node in nodes:
                node.advantages, values = values[: sum(node.mask)], values[sum(node.mask) :]

        self.inputs, self.classes = LossInputs, {"grpo": Algorithm, "max_rl": Algorithm, "sft": Distilled}
        installed("prime-rl", "0.8.0", path)
        module("prime_rl.orchestrator.algo", ALGORITHM_CLASSES=self.classes, assign_advantages=assign_advantages)
        module("prime_rl.orchestrator.algo.base", Algorithm=Algorithm, iter_trainable_traces=iter_trainable_traces)
        module("prime_rl.trainer.rl.loss", LossInputs=LossInputs, LossOutputs=LossOutputs)
        load(path)
        self.loss = function(re.search(r'import_path = "(.*)"', told(path))[1])
        assert self.classes["sft"] is Distilled
        for kind, penalty in (("max_rl", None), ("grpo", 0.1)):
            refused(ValueError, "its own advantages", self.classes[kind], SimpleNamespace(type=kind, length_penalty=penalty), None)
        self.estimate(GROUP)

    def estimate(self, group):
        self.advantages = torch.zeros_like(OLD)
        for prompt in group.unique():
            algorithm = self.classes["grpo"](SimpleNamespace(type="grpo", length_penalty=None), "pool")
            rows = (group == prompt).nonzero()[:, 0].tolist()
            traces = {row: self.trace(row) for row in rows}
            broken = SimpleNamespace(has_error=True, reward=9.0, nodes=[])
            asyncio.run(algorithm.score_group([SimpleNamespace(traces=[x]) for x in [broken, *traces.values()]]))
            for row, trace in traces.items():
                values = [x for node in trace.nodes if any(node.mask) for x in node.advantages]
                self.advantages[row, MASK[row]] = torch.tensor(values, dtype=OLD.dtype)
        asyncio.run(self.classes["grpo"](SimpleNamespace(type="grpo", length_penalty=None), "pool").score_group([]))

    def trace(self, row):
        """A prompt and two turns of the policy, where it has as many tokens."""
        n = int(MASK[row].sum())
        turns = [[False, False], [True] * (n // 2), [False], [True] * (n - n // 2)]
        return SimpleNamespace(has_error=False, reward=REWARD[row].item(), nodes=[SimpleNamespace(mask=mask) for mask in turns])

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

    def __init__(self, path):
        losses, estimators = Registry(), Registry()

        def ppo_policy_loss(log_probs, old_log_probs, advantages, config, loss_mask=None, rollout_logprobs=None):
            raise AssertionError("the stand-in's own loss")

        def compute_grpo_outcome_advantage(token_level_rewards, response_mask, index, epsilon=1e-6, grpo_norm_by_std=True, **kwargs):
            raise AssertionError("the stand-in's own advantages")

        module("skyrl", __version__="0.3.0")
        module(
            "skyrl.backends.skyrl_train.utils.ppo_utils",
            PolicyLossRegistry=losses,
            register_advantage_estimator=lambda name: estimators.of(name),
            ppo_policy_loss=ppo_policy_loss,
            compute_grpo_outcome_advantage=compute_grpo_outcome_advantage,
        )
        load(path)
        chosen = {name.removeprefix("trainer.algorithm."): value for name, value in settings(path).items()}
        self.loss, self.estimator = losses[chosen["policy_loss_type"]], estimators[chosen["advantage_estimator"]]
        self.reduction = chosen["loss_reduction"]
        self.n = {"token_mean": TOKENS, "sequence_mean": MASK.sum(1, keepdim=True) * ROWS}[self.reduction]
        self.estimate(GROUP)

    def estimate(self, group):
        advantages, _ = self.estimator(
            token_level_rewards=REWARDS, response_mask=MASK, index=group.tolist(), values=None, grpo_norm_by_std=True, config=None
        )
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

    def __init__(self, path):
        class LossFunction:
            def __call__(self, data, global_valid_seqs, global_valid_toks, **kwargs):
                raise AssertionError("the stand-in's own loss")

        class GRPOAdvantageEstimator:
            def __init__(self, estimator_config, loss_config):
                pass

            def compute_advantage(self, prompt_ids, rewards, mask, **kwargs):
                raise AssertionError("the stand-in's own advantages")

        module("nemo_rl", __version__="0.6.0+7ea279abf")
        module("nemo_rl.algorithms.advantage_estimator", GRPOAdvantageEstimator=GRPOAdvantageEstimator)
        module("nemo_rl.algorithms.grpo", GRPOAdvantageEstimator=GRPOAdvantageEstimator)
        module(
            "nemo_rl.algorithms.loss.interfaces",
            LossFunction=LossFunction,
            LossInputType=SimpleNamespace(LOGPROB="logprob"),
            LossType=SimpleNamespace(TOKEN_LEVEL="token", SEQUENCE_LEVEL="sequence"),
        )
        loaded = load(path)
        grpo = dict.fromkeys(["advantage_clip_low", "advantage_clip_high", "invalid_tool_call_advantage", "malformed_thinking_advantage"])
        grpo["adv_estimator"] = SimpleNamespace(name="grpo")
        for name, other in (("advantage_clip_high", 5.0), ("adv_estimator", SimpleNamespace(name="gdpo"))):
            refused(ValueError, "grpo", loaded.install, SimpleNamespace(grpo=SimpleNamespace(**{**grpo, name: other})))
        refused(TypeError, "found no_such", loaded.Objective, no_such=1.0)
        self.loss = run_code(path, master_config=SimpleNamespace(grpo=SimpleNamespace(**grpo)))["loss_fn"]
        self.estimator = sys.modules["nemo_rl.algorithms.grpo"].GRPOAdvantageEstimator(None, None)
        self.estimate(GROUP)

    def estimate(self, group):
        prompts = torch.stack([group * 7 % 5, group], dim=1)  # the tokens of each
        self.advantages = self.estimator.compute_advantage(
            prompt_ids=prompts, rewards=REWARD, mask=self.later(MASK.double()), repeated_batch={}, logprobs_policy=None,
            logprobs_reference=None,
        )

    def later(self, x):
        return torch.nn.functional.pad(x, (1, 0))

    def __call__(self, rows, log_prob, ranks):
        data = {
            "advantages": self.advantages[rows], "prev_logprobs": self.later(OLD[rows]), "token_mask": self.later(MASK[rows].double()),
            "sample_mask": torch.ones(len(rows)),
        }
        return self.loss(
            data=data, global_valid_seqs=torch.tensor(ROWS), global_valid_toks=torch.tensor(TOKENS), next_token_logprobs=log_prob
        )[0]


class Slime:
    """A sum of means of responses, divided by their number; or by tokens, a sum over them. A rank computes advantages of its part."""

    averaged = False

    def __init__(self, path):
        def get_log_probs_and_entropy(logits, *, args, unconcat_tokens, total_lengths, response_lengths, with_entropy=False):
            return None, {"log_probs": [x[:n] for x, n in zip(logits, response_lengths)]}

        def policy_loss_function(args, batch, logits, sum_of_sample_mean):
            raise AssertionError("the stand-in's own loss")

        def compute_advantages_and_returns(args, rollout_data):
            raise AssertionError("the stand-in's own advantages")

        installed("slime", "0.3.1", path)
        module(
            "slime.backends.megatron_utils.loss",
            get_log_probs_and_entropy=get_log_probs_and_entropy,
            get_rollout_top_p_logprob_kwargs=lambda args, batch: {},
            policy_loss_function=policy_loss_function,
            compute_advantages_and_returns=compute_advantages_and_returns,
        )
        load(path)
        unset = {"calculate_per_token_loss": False, "normalize_advantages": False, "use_opd": False, "context_parallel_size": 1}
        self.args = SimpleNamespace(**unset | settings(path))
        assert self.args.loss_type == "custom_loss"
        self.loss = function(self.args.custom_loss_function_path)
        self.estimate(GROUP)
        for name, other in (("custom_advantage_function_path", None), ("normalize_advantages", True)):
            right, self.args = self.args, SimpleNamespace(**{**vars(self.args), name: other})
            refused(ValueError, "its own advantages", self, torch.arange(ROWS), LOG_PROB, 1)
            self.args = right

    def estimate(self, group):
        class Sample(SimpleNamespace):
            def get_reward_value(self, args):
                return self.reward

        samples = [
            Sample(reward=reward, group_index=g, response_length=n, loss_mask=[1] * n if g % 2 else None)
            for reward, g, n in zip(REWARD.tolist(), group.tolist(), MASK.sum(1).tolist())
        ]
        raw, rewards = function(self.args.custom_reward_post_process_path)(self.args, samples)
        assert raw == REWARD.tolist()
        self.advantages = torch.zeros_like(OLD)
        for rank in (range(0, ROWS, 2), range(1, ROWS, 2)):
            data = {"rewards": [rewards[i] for i in rank], "kl": [torch.zeros(samples[i].response_length, dtype=OLD.dtype) for i in rank]}
            function(self.args.custom_advantage_function_path)(self.args, data)
            assert len(data["returns"]) == len(rank)
            for i, found in zip(rank, data["advantages"]):
                self.advantages[i, MASK[i]] = found

    def __call__(self, rows, log_prob, ranks):
        lengths = MASK[rows].sum(1).tolist()

        def ragged(x):
            return [x[row, :n] for row, n in zip(rows.tolist(), lengths)]

        data = {
            "advantages": ragged(self.advantages), "log_probs": ragged(OLD), "loss_masks": ragged(MASK.double()),
            "unconcat_tokens": None, "total_lengths": lengths, "response_lengths": lengths,
        }
        loss, metrics = self.loss(self.args, data, log_prob, None)
        assert all(isinstance(x, Tensor) for x in metrics.values())
        return loss / (TOKENS if self.args.calculate_per_token_loss else ROWS)


class OpenRlhf:
    """As verl, by a module and a method that stand where others stood. Responses to a prompt are as many, and stand together."""

    averaged, uneven = True, torch.arange(ROWS) // 5

    def __init__(self, path):
        class PolicyLoss(torch.nn.Module):
            def forward(
                self, log_probs, old_log_probs, advantages, action_mask=None, rollout_log_probs=None, dp_size=1,
                batch_num_tokens=None, global_batch_size=None,
            ):
                raise AssertionError("the stand-in's own loss")

        class RemoteExperienceMaker:
            def compute_advantages_and_returns(self, experiences):
                raise AssertionError("the stand-in's own advantages")

        def apply_length_penalties(experiences, args):
            assert args.rollout

        installed("openrlhf", "0.11.0", path)
        module("openrlhf.trainer.ray.ppo_actor", PolicyLoss=PolicyLoss)
        self.maker = RemoteExperienceMaker()
        module(
            "openrlhf.trainer.ppo_utils.experience_maker",
            RemoteExperienceMaker=RemoteExperienceMaker,
            apply_length_penalties=apply_length_penalties,
        )
        load(path)
        self.loss = sys.modules["openrlhf.trainer.ray.ppo_actor"].PolicyLoss(clip_eps_low=0.2)
        assert not isinstance(self.loss, PolicyLoss)
        self.maker.kl_ctl = SimpleNamespace(value=0.01)
        refused(ValueError, "--algo.kl.init_coef 0", self.estimate, GROUP)
        self.maker.kl_ctl = SimpleNamespace(value=0)
        self.estimate(GROUP)

    def estimate(self, group):
        n = int((group == 0).sum())
        self.maker.strategy = SimpleNamespace(args=SimpleNamespace(rollout=SimpleNamespace(n_samples_per_prompt=n)))
        order = torch.randperm(ROWS, generator=torch.Generator().manual_seed(7))
        parts = []
        for rows in order.split(5):
            mask = MASK[rows][:, : int(MASK[rows].sum(1).max())]
            parts.append(SimpleNamespace(index=rows.tolist(), rewards=REWARD[rows], action_mask=mask, kl=mask * 0.0, info={}))
        self.advantages = torch.zeros_like(OLD)
        for part in self.maker.compute_advantages_and_returns(parts):
            assert part.kl is None and part.returns.shape == part.action_mask.shape == part.advantages.shape
            self.advantages[part.index, : part.advantages.shape[1]] = part.advantages

    def __call__(self, rows, log_prob, ranks):
        loss, clipped, kl, engine = self.loss(
            log_prob, OLD[rows], self.advantages[rows], action_mask=MASK[rows], rollout_log_probs=None, dp_size=ranks,
            batch_num_tokens=TOKENS, global_batch_size=ROWS,
        )
        assert not clipped.requires_grad and not kl.requires_grad and engine is None
        return loss


class OpenInstruct:
    """A loss for each token, of which the trainer takes the mean over those that count. Its advantages are its own, in float32."""

    averaged, single = False, True

    def __init__(self, path):
        def compute_grpo_loss(new_logprobs, ratio, advantages, ref_logprobs, config, rho_weights):
            raise AssertionError("the stand-in's own loss")

        module("open_instruct", __version__="0.1.dev7+ge6c3044")
        module("open_instruct.grpo_utils", compute_grpo_loss=compute_grpo_loss)
        loaded = load(path)
        self.utils = sys.modules["open_instruct.grpo_utils"]
        assert self.utils.compute_grpo_loss is loaded.compute_grpo_loss
        rewards = REWARD.reshape(-1, 3)
        centred = rewards - rewards.mean(1, keepdim=True)
        scale = {"standard": rewards.std(1, keepdim=True, correction=0) + 1e-8, "centered": 1}
        self.advantages = (centred / scale[settings(path)["advantage_normalization_type"]]).reshape(-1, 1) * MASK
        refused(ValueError, "--use_rho_correction", self, torch.arange(ROWS), LOG_PROB, 1, 1.1)

    def __call__(self, rows, log_prob, ranks, rho=1.0):
        ratio = torch.exp(log_prob - OLD[rows])
        loss, clipped, kl = self.utils.compute_grpo_loss(
            new_logprobs=log_prob, ratio=ratio, advantages=self.advantages[rows], ref_logprobs=None, config=None,
            rho_weights=torch.full_like(ratio, rho),
        )
        return torch.where(MASK[rows], loss + 0.1 * kl, 0).sum() / TOKENS


class Tinker:
    """The client computes the loss of all data of a call, and sends its gradient."""

    averaged = False

    def __init__(self, path):
        class TrainingClient:
            def forward_backward_custom(self, data, loss_fn, *, loss_type_input="logprobs"):
                raise AssertionError("the stand-in has no service")

        module("tinker", __version__="0.25.0", TrainingClient=TrainingClient)
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

    def __init__(self, path):
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
    group = getattr(hook, "uneven", torch.repeat_interleave(torch.arange(4), torch.tensor([2, 4, 2, 4])))
    try:
        hook.estimate(group)
    except ValueError as refusal:
        assert re.search("prompts have 2 to [45] of them", str(refusal)), refusal
        return "refused"
    expected, _ = getattr(objective, name)(objective.Batch.padded(MASK, group), LOG_PROB, reward=REWARD, old_log_prob=OLD)
    close(run(hook, 1, 1)[0], expected.detach(), hook, what)
    return "computed"


def refused(kind, text, function, *arguments, **named):
    """A call that must end with an error of this kind that says this."""
    try:
        function(*arguments, **named)
    except kind as refusal:
        assert text in str(refusal), refusal
        return
    raise AssertionError(f"not refused: {text}")


RELIED_ON = {
    "verl": "verl.trainer.ppo.core_algos: register_policy_loss compute_policy_loss_vanilla register_adv_est compute_grpo_outcome_advantage",
    "prime-rl": "prime_rl.trainer.rl.loss: LossInputs LossOutputs; prime_rl.orchestrator.algo: assign_advantages;"
    " prime_rl.orchestrator.algo.base: iter_trainable_traces Algorithm.score_group Algorithm.__init__",
    "skyrl": "skyrl.backends.skyrl_train.utils.ppo_utils: PolicyLossRegistry.register ppo_policy_loss register_advantage_estimator"
    " compute_grpo_outcome_advantage",
    "nemo-rl": "nemo_rl.algorithms.loss.interfaces: LossFunction.__call__;"
    " nemo_rl.algorithms.advantage_estimator: GRPOAdvantageEstimator.compute_advantage GRPOAdvantageEstimator.__init__",
    "slime": "slime.backends.megatron_utils.loss: policy_loss_function get_log_probs_and_entropy get_rollout_top_p_logprob_kwargs"
    " compute_advantages_and_returns",
    "openrlhf": "openrlhf.trainer.ray.ppo_actor: PolicyLoss.forward; openrlhf.trainer.ppo_utils.experience_maker:"
    " RemoteExperienceMaker.compute_advantages_and_returns apply_length_penalties",
    "open-instruct": "open_instruct.grpo_utils: compute_grpo_loss",
    "tinker": "tinker: TrainingClient.forward_backward_custom",
}


def of_another_release(trainer, path):
    """A version of other numbers is a warning, a function with other arguments, or none, an error when the file is imported."""
    package = sys.modules[trainer.replace("-", "_")]
    before = getattr(package, "__version__", None)
    if before:
        package.__version__ = "99.0.1"
    else:
        installed(trainer, "99.0.1", path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        load(path)
    assert len(said) == 1 and re.search("this file is for .*, found version 99.0.1: .* export the objective again", str(said[0].message)), said
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part in RELIED_ON[trainer].split(";"):
            name, members = part.split(":")
            for member in members.split():
                *owners, last = member.split(".")
                owner = sys.modules[name.strip()]
                for one in owners:
                    owner = getattr(owner, one)
                kept = getattr(owner, last)
                setattr(owner, last, lambda other: None)
                refused(ImportError, f"{last} takes other, expected ", load, path)
                setattr(owner, last, None)
                refused(ImportError, f"{last} does not exist, expected ", load, path)
                setattr(owner, last, kept)
        load(path)
    if before:
        package.__version__ = before


def compare(objective, trainers):
    name = objective.__all__[1]
    whole = LOG_PROB.clone().requires_grad_()
    expected, _ = getattr(objective, name)(objective.Batch.padded(MASK, GROUP), whole, reward=REWARD, old_log_prob=OLD)
    expected.backward()
    assert whole.grad.abs().max() > 1e-3
    for trainer, path in trainers.items():
        hook = HOOKS[trainer](path)
        for ranks, parts in ((1, 1), (1, 4), (2, 1), (2, 3))[: 1 if trainer == "tinker" else 4]:
            loss, gradient = run(hook, ranks, parts)
            close(loss, expected.detach(), hook, f"{name} under {trainer}, {ranks} ranks, {parts} parts")
            close(gradient, whole.grad, hook, f"{name} under {trainer}, {ranks} ranks, {parts} parts")
        if hasattr(hook, "estimate"):
            found = uneven(hook, objective, name, f"{name} under {trainer}, prompts of 2 and 4 responses")
            assert found == ("refused" if name == "grpo" else "computed"), (name, trainer, found)
        if trainer in RELIED_ON and (name == "ppo" or trainer == "tinker"):
            of_another_release(trainer, path)
    print(f"Hooks: {name} under", ", ".join(trainers))


if __name__ == "__main__":
    warnings.filterwarnings("error", category=UserWarning)
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
