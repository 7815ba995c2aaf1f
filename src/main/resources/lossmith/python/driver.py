"""Runs one Python loss for Lossmith, batch by batch: needs PyTorch and nothing else.

A frame is the length of a header (4 bytes, little-endian), the header in JSON, and the numbers of
the arrays that it lists, each as little-endian float64 or int64. One frame is answered by one.
What the loss prints goes to standard error, and what it reads from standard input is nothing: the
frames come in by REQUESTS, which whoever starts this made of the input, and no child has a part.
"""

import dataclasses
import importlib.util
import inspect
import json
import math
import os
import struct
import sys
import threading
import time
import traceback
import types

ANSWERS = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
SELF = os.getpid()


def end_with(parent):
    """Leaves as soon as whoever asks is gone, whatever the loss is doing."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()


def answer(header, arrays=()):
    if os.getpid() != SELF:  # a child of the loss, which came back from where its parent does
        os._exit(0)
    header["arrays"] = [{"name": name, "shape": list(x.shape)} for name, x in arrays]
    text = json.dumps(header).encode()
    parts = [struct.pack("<I", len(text)), text]
    parts += [x.detach().to("cpu", torch.float64).contiguous().numpy().astype("<f8").tobytes() if NUMPY
              else struct.pack(f"<{x.numel()}d", *x.detach().double().reshape(-1).tolist()) for _, x in arrays]
    ANSWERS.write(b"".join(parts))
    ANSWERS.flush()


def asked():
    """The next request; none where there will be no more."""
    head = REQUESTS.read(4)
    if len(head) < 4:
        return None
    header = json.loads(REQUESTS.read(struct.unpack("<I", head)[0]))
    arrays = {}
    for array in header.pop("arrays", []):
        n = math.prod(array["shape"])
        whole = array["type"] == "int64"
        numbers = struct.unpack(f"<{n}{'q' if whole else 'd'}", REQUESTS.read(8 * n))
        kind = torch.int64 if whole else torch.float64
        arrays[array["name"]] = torch.tensor(numbers, dtype=kind).reshape(array["shape"])
    return header, arrays


def where(error):
    """What went wrong, in one line, with the last line of the loss's own file, else the last of all."""
    lines = traceback.extract_tb(error.__traceback__)
    own = [line for line in lines if line.filename == LOADED.get("file")]
    place = f", line {own[-1].lineno}: {own[-1].line}" if own else ""
    if lines and not own and not lines[-1].filename.startswith("<") and lines[-1].line:
        place = f", {os.path.basename(lines[-1].filename)} line {lines[-1].lineno}: {lines[-1].line}"
    if isinstance(error, SyntaxError):
        place = f", line {error.lineno}: {(error.text or '').strip()}"
    said = " ".join(str(error).split())
    said = said if len(said) <= LONGEST_TEXT else said[:LONGEST_TEXT] + " …"
    return type(error).__name__ + (f": {said}" if said else "") + place


class Reads:
    """Which settings the loss reads, what they are, and defaults that it names itself beside another one."""

    values, fallbacks, open = {}, {}, True

    @classmethod
    def note(cls, name, value, *fallback):
        if cls.open and isinstance(name, str):
            cls.values[name] = value
            if fallback and plain(fallback[0]) and plain(value) and fallback[0] != value:
                cls.fallbacks[name] = [fallback[0], value]
        return value


def plain(x):
    return isinstance(x, (bool, int, float))


class Settings(dict):
    """Settings that are read as attributes, as items, or with get."""

    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(f"no setting {name}; write --set {name}=VALUE")

    def __getitem__(self, name):
        return Reads.note(name, super().__getitem__(name))

    def get(self, name, default=None):
        return Reads.note(name, super().__getitem__(name), default) if name in self else default


class Held(dict):
    """What is no setting, read in the same ways."""

    __getattr__ = dict.__getitem__


class Configured:
    """An object of the loss's own class of settings, of which it is seen what is read."""

    def __init__(self, held):
        object.__setattr__(self, "_held", held)

    @property
    def __class__(self):
        return type(object.__getattribute__(self, "_held"))

    def __getattribute__(self, name):
        held = object.__getattribute__(self, "_held")
        if name == "__class__":
            return type(held)
        if name == "get" and hasattr(held, "get"):
            return lambda key, default=None: Reads.note(key, held.get(key, default), default)
        value = getattr(held, name)
        return Reads.note(name, value) if not name.startswith("_") and not callable(value) else value

    def __getitem__(self, name):
        return Reads.note(name, object.__getattribute__(self, "_held")[name])


ALIASES = {
    "log_prob": "log_prob log_probs logprob logprobs logp logps lp new_log_prob new_log_probs new_logprobs new_logps"
    " per_token_logps per_token_log_probs policy_logps policy_log_probs policy_logprobs trainer_logprobs"
    " action_log_probs next_token_logprobs curr_logprobs current_log_probs current_logps log_pi",
    "old_log_prob": "old_log_prob old_log_probs old_logprob old_logprobs old_logp old_logps old_lp old"
    " old_per_token_logps prev_logprobs prev_log_probs old_action_log_probs",
    "ref_log_prob": "ref_log_prob ref_log_probs ref_logprob ref_logprobs ref_logp ref_logps ref_lp ref"
    " ref_per_token_logps reference_policy_logprobs base_action_log_probs reference_log_probs",
    "rollout_log_prob": "rollout_log_prob rollout_log_probs rollout_logprobs rollout_logps inference_logprobs"
    " sampling_per_token_logps generation_logprobs vllm_logprobs behavior_log_probs behaviour_log_probs gen",
    "advantage": "advantage advantages adv advs A",
    "token_reward": "token_reward token_rewards token_level_reward token_level_rewards token_level_scores",
    "value": "value values critic_values vpreds",
    "old_value": "old_value old_values",
    "return": "return return_ returns",
    "selected": "selected",
    "finished": "finished",
    "reward": "reward rewards score scores",
    "response_mask": "response_mask mask loss_mask completion_mask action_mask token_mask attention_mask",
    "group": "group groups group_id group_ids uid index prompt_id group_index prompt_ids prompts",
    "entropy": "entropy entropies entropys H",
    "batch_tokens": "batch_tokens num_items_in_batch batch_num_tokens num_tokens total_tokens global_valid_toks",
    "batch_responses": "batch_responses global_batch_size num_sequences num_responses global_valid_seqs",
}
CONFIGS = "config cfg args hparams loss_config loss_cfg algorithm_config algo_config training_args".split()
SECOND_MASKS = ("loss_mask", "token_mask")
LONGEST_TEXT = 300
KNOWN = {alias: column for column, names in ALIASES.items() for alias in names.split()}
LOADED = {}


def load(header):
    path, name = header["file"], header["function"]
    LOADED.clear()
    LOADED["owner"] = name.split(".")[:-1]
    LOADED["file"] = os.path.abspath(path)
    sys.path.insert(0, os.path.dirname(LOADED["file"]))
    spec = importlib.util.spec_from_file_location("loss_of_the_user", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["loss_of_the_user"] = module
    spec.loader.exec_module(module)
    function = module
    for part in name.split("."):
        if not hasattr(function, part):
            there = [n for n, x in vars(function).items() if callable(x) and not n.startswith("_")]
            return {"ok": False, "kind": "function", "there": there}
        function = getattr(function, part)
    if not callable(function):
        return {"ok": False, "kind": "callable", "text": what(function)}
    settings = header["set"]
    LOADED["settings"] = settings
    Reads.values, Reads.fallbacks = {}, {}
    if inspect.isclass(function):
        LOADED["class"] = function
        function = made()
        if not callable(function):
            return {"ok": False, "kind": "callable", "text": "a class whose objects cannot be called"}
    called = function.forward if isinstance(function, torch.nn.Module) else function
    parameters = inspect.signature(called).parameters
    hook = header["as"] or detected(parameters, module)
    if hook == "tensors" and not header["as"] and is_advantage({header["bind"].get(p, KNOWN.get(p)) for p in parameters}):
        hook = "advantage"
    if hook in ("tensors", "exported", "advantage") and next(iter(parameters), "") == "self":
        return {"ok": False, "kind": "callable", "text": "a method without its object"}
    LOADED.update(function=function, hook=hook, parameters=parameters, module=module)
    missing = not_given(hook, parameters)
    if missing:
        return {"ok": False, "kind": "hook", "hook": hook, "gives": GIVES[hook][0] + GIVES[hook][1], "missing": missing,
                "fits": detected(parameters, module)}
    torch.manual_seed(0)  # once: a function that draws random numbers gives another result each time
    return bind(header["bind"]) | {"torch": torch.__version__, "hook": hook}


GIVES = {  # what a trainer's loss is called with: first by position, then by name
    "verl": ([], ["old_log_prob", "log_prob", "advantages", "response_mask", "loss_agg_mode", "config", "rollout_is_weights"]),
    "trl": ([], ["self", "model", "inputs"]),
    "nemo-rl": ([], ["next_token_logprobs", "data", "global_valid_seqs", "global_valid_toks"]),
    "slime": (["args", "batch", "logits", "sum_of_sample_mean"], []),
    "prime-rl": (["inputs"], []),
    "skyrl": (["log_probs", "old_log_probs", "advantages"], ["loss_mask", "rollout_logprobs", "config"]),
    "openrlhf": (["log_probs", "old_log_probs", "advantages"],
                 ["action_mask", "rollout_log_probs", "dp_size", "batch_num_tokens", "global_batch_size"]),
}


def not_given(hook, parameters):
    """The parameters that a trainer gives nothing for; all that are needed, where it gives more than there is room for."""
    if hook not in GIVES:
        return []
    first, named = GIVES[hook]
    open_ones = [p for p in parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    needed = [p.name for p in open_ones if p.default is p.empty]
    if first and len([p for p in open_ones if p.kind != p.KEYWORD_ONLY]) < len(first):
        rest = any(p.kind == p.VAR_POSITIONAL for p in parameters.values())
        return [] if rest else needed or ["()"]
    held = {p.name for p in open_ones[:len(first)]} | set(named)
    held |= set(LOADED["settings"]) if hook == "prime-rl" else set()
    return [name for name in needed if name not in held]


def is_advantage(columns):
    """Whether that is what advantages are made of, and no loss."""
    return bool(columns & {"reward", "token_reward"}) and not columns & {"log_prob", "entropy", "advantage"}


def made():
    """An object of the loss's class, with those of the settings that its constructor takes."""
    taken = inspect.signature(LOADED["class"]).parameters
    return LOADED["class"](**{k: v for k, v in LOADED["settings"].items() if k in taken})


def config_class(parameter):
    """The class of settings that a parameter is annotated with: a dataclass of the loss's own file, or of what it imports."""
    kind = parameter.annotation
    kind = getattr(LOADED.get("module"), kind, None) if isinstance(kind, str) else kind
    return kind if inspect.isclass(kind) and dataclasses.is_dataclass(kind) else None


def configured(parameter):
    """Settings as the loss takes them."""
    kind = config_class(LOADED["parameters"][parameter])
    if kind is None:
        return Settings(LOADED["settings"])
    fields = {field.name for field in dataclasses.fields(kind) if field.init}
    return Configured(kind(**{k: v for k, v in LOADED["settings"].items() if k in fields}))


def detected(parameters, module):
    names = set(parameters)
    first = next(iter(parameters), "")
    if first == "batch" and hasattr(module, "Batch") and hasattr(module, "ClosedForm"):
        return "exported"
    for hook, those in (
        ("verl", {"old_log_prob", "log_prob", "advantages", "response_mask", "config"}),
        ("nemo-rl", {"next_token_logprobs", "data"}),
        ("slime", {"args", "batch", "logits", "sum_of_sample_mean"}),
        ("skyrl", {"log_probs", "old_log_probs", "advantages", "config"}),
        ("openrlhf", {"log_probs", "old_log_probs", "advantages", "action_mask"}),
        ("trl", {"model", "inputs"}),
    ):
        if those <= names:
            return hook
    return "prime-rl" if first == "inputs" else "tensors"


READ = {
    "verl": "log_prob old_log_prob advantage response_mask",
    "nemo-rl": "log_prob old_log_prob ref_log_prob rollout_log_prob advantage response_mask",
    "slime": "log_prob old_log_prob ref_log_prob rollout_log_prob advantage response_mask entropy",
    "skyrl": "log_prob old_log_prob advantage response_mask rollout_log_prob",
    "openrlhf": "log_prob old_log_prob advantage response_mask rollout_log_prob",
    "trl": "log_prob old_log_prob ref_log_prob advantage response_mask entropy",
    "prime-rl": "log_prob rollout_log_prob ref_log_prob advantage response_mask",
}


def bind(given):
    """Which column each parameter has, and which parameter has none."""
    hook, settings = LOADED["hook"], LOADED["settings"]
    bound, unbound, defaults, configs = {}, [], {}, {}
    columns_of = {name: column for name, column in KNOWN.items() if name in LOADED["parameters"]}
    if hook == "exported" or any(x == "response_mask" and name not in SECOND_MASKS for name, x in columns_of.items()):
        columns_of |= {name: name for name in SECOND_MASKS}  # what of a response counts, beside its slots
    for name, parameter in LOADED["parameters"].items():
        if isinstance(parameter.default, (int, float)) and not isinstance(parameter.default, bool):
            defaults[name] = parameter.default
        if name in given:
            bound[name] = given[name]
        elif name in settings:
            defaults |= {k: v for k, v in settings_as_numbers().items() if k == name}
        elif name in columns_of:
            bound[name] = columns_of[name]
        elif hook == "advantage" and name in CONFIGS and parameter.default is None:
            configs[name] = "the settings"
        elif hook in ("tensors", "exported", "advantage") and name != "batch" and parameter.default is parameter.empty and parameter.kind not in (
            parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD
        ):
            if name in CONFIGS or config_class(parameter):
                configs[name] = "the settings"
                defaults |= settings_as_numbers()
            else:
                unbound.append(name)
    if hook == "trl":
        defaults = {"max_completion_length": LONGEST} | settings_as_numbers()
    LOADED["bound"], LOADED["configs"] = bound, configs
    columns = set(READ[hook].split()) if hook in READ else set(bound.values())
    whole = hook not in ("tensors", "exported", "advantage") or bool({"batch_tokens", "batch_responses"} & columns)
    if hook == "exported":
        columns.add("response_mask")
        columns.add("group")
    return {
        "ok": True,
        "columns": sorted(columns),
        "optional": [column for name, column in bound.items() if hook in ("tensors", "exported")
                     and LOADED["parameters"][name].default is None],
        "bound": bound | configs,
        "unbound": unbound,
        "unknown": [name for name in given if name not in LOADED["parameters"]],
        "whole": whole,
        "defaults": defaults,
        "aliases": sorted(set(ALIASES) | set(SECOND_MASKS)),
    }


def settings_as_numbers():
    return {k: v for k, v in LOADED["settings"].items() if isinstance(v, (int, float)) and not isinstance(v, bool)}


HELD_BY_OWN = ("tensors", "exported", "prime-rl", "advantage")


def settings():
    """The numbers that may be set and are read, with what they are; those that were set and are not read; defaults that differ."""
    parameters = dict(LOADED["parameters"]) if LOADED["hook"] in HELD_BY_OWN else {}
    if "class" in LOADED:
        parameters |= inspect.signature(LOADED["class"]).parameters
    given = LOADED["settings"]
    held = {k: given.get(k, p.default) for k, p in parameters.items() if k not in LOADED["bound"]}
    numbers = {k: v for k, v in (Reads.values | held).items() if plain(v) and not (isinstance(v, float) and not math.isfinite(v))}
    read = set(Reads.values) | set(parameters) | set(LOADED["parameters"]) | OF_DRIVER
    return {"ok": True, "settings": numbers, "unread": [k for k in given if k not in read],
            "fallbacks": {k: v for k, v in Reads.fallbacks.items() if k not in given}}


OF_DRIVER = {"loss_agg_mode", "loss_scale_factor", "max_completion_length"}  # what is divided by, where a trainer calls


def own(**defaults):
    """Those of the settings that the function names, and defaults of these."""
    taken = LOADED["parameters"]
    return {k: v for k, v in (defaults | LOADED["settings"]).items() if k in taken}


def advantages(c):
    """As the loss wants them: per token, or one per response."""
    return c["advantage"]


def groups(parameter, x):
    """Which prompt each row answers: an array of ids where that is usual, a row of tokens where these tell prompts apart."""
    if parameter in ("index", "uid"):
        return numpy.array([f"prompt {i}" for i in x.tolist()], dtype=object) if NUMPY else x.tolist()
    return x[:, None] if parameter in ("prompts", "prompt_ids") else x


def tensors(c, n):
    values = {parameter: configured(parameter) for parameter in LOADED["configs"]}
    for parameter, column in LOADED["bound"].items():
        if column in n.get("absent", ()):
            continue
        if column == "batch_tokens":
            values[parameter] = n["tokens"]
        elif column == "batch_responses":
            values[parameter] = n["responses"]
        else:
            values[parameter] = advantages(c) if column == "advantage" else c[column]
            if column == "group":
                values[parameter] = groups(parameter, c[column])
    positional = [p for p in LOADED["parameters"].values() if p.kind == p.POSITIONAL_ONLY]
    first = [values.pop(p.name) for p in positional if p.name in values]
    return LOADED["function"](*first, **(own() | values))


def exported(c, n):
    batch = LOADED["module"].Batch.padded(c["response_mask"], c["group"])
    numbers = {"batch_tokens": n["tokens"], "batch_responses": n["responses"]}
    one = c["response_mask"][:1, 0]
    values = {p: one.new_full((1,), numbers[column]) if column in numbers else c[column]
              for p, column in LOADED["bound"].items() if p != "batch" and column not in n.get("absent", ())}
    return LOADED["function"](batch, **(own() | values))


class OfVerl(Settings):
    """Settings that pass for an object of verl's own class, which some losses ask for."""

    @property
    def __class__(self):
        return getattr(inspect.unwrap(LOADED["function"]), "__globals__", {}).get("ActorConfig", Settings)


def verl(c, n):
    s = LOADED["settings"]
    mode = s.get("loss_agg_mode", "token-mean")
    info = {"dp_size": 1, "batch_num_tokens": n["tokens"], "global_batch_size": n["responses"],
            "loss_scale_factor": s.get("loss_scale_factor")}
    policy = Settings(clip_cov_ratio=2e-4, clip_cov_lb=1.0, clip_cov_ub=5.0, kl_cov_ratio=2e-4, ppo_kl_coef=0.1)
    config = OfVerl(clip_ratio=0.2, clip_ratio_low=0.2, clip_ratio_high=0.2, clip_ratio_c=3.0, tau_pos=1.0,
                    tau_neg=1.05, loss_agg_mode=mode, loss_scale_factor=None, global_batch_info=info)
    config.update(s)
    config["policy_loss"] = Settings(policy | s)
    given = dict(old_log_prob=c["old_log_prob"], log_prob=c["log_prob"], advantages=advantages(c),
                 response_mask=c["response_mask"].bool(), loss_agg_mode=mode, config=config, rollout_is_weights=None)
    return LOADED["function"](**{k: v for k, v in given.items() if k in LOADED["parameters"]})


def skyrl(c, n):
    config = Settings(eps_clip_low=0.2, eps_clip_high=0.2, clip_ratio_c=3.0, loss_reduction="token_mean",
                      use_tis=False, off_policy_correction=None)
    config.update(LOADED["settings"])
    given = dict(loss_mask=c["response_mask"], rollout_logprobs=c["rollout_log_prob"], config=config)
    given = {k: v for k, v in given.items() if k in LOADED["parameters"]}
    scaled = advantages(c) / n["tokens"]  # the reduction is inside the advantages
    return LOADED["function"](c["log_prob"], c["old_log_prob"], scaled, **given)


def openrlhf(c, n):
    given = dict(action_mask=c["response_mask"].bool(), rollout_log_probs=c["rollout_log_prob"], dp_size=1,
                 batch_num_tokens=n["tokens"], global_batch_size=n["responses"])
    given = {k: v for k, v in given.items() if k in LOADED["parameters"]}
    return LOADED["function"](c["log_prob"], c["old_log_prob"], advantages(c), **given)


def nemo_rl(c, n):
    before = torch.nn.functional.pad  # a slot for the token before the first
    data = Held({k: before(c[v], (1, 0)) for k, v in (
        ("advantages", "advantage"), ("prev_logprobs", "old_log_prob"), ("generation_logprobs", "rollout_log_prob"),
        ("reference_policy_logprobs", "ref_log_prob"), ("token_mask", "response_mask"))})
    data["sample_mask"] = torch.ones_like(c["log_prob"].detach()[:, 0])
    data["input_ids"] = torch.zeros_like(data["token_mask"]).long()
    one = torch.ones((), dtype=c["log_prob"].dtype)
    given = dict(next_token_logprobs=c["log_prob"], data=data, global_valid_seqs=one * n["responses"],
                 global_valid_toks=one * n["tokens"])
    return LOADED["function"](**given)


def prime_rl(c, n):
    total, metrics = 0, {}
    for i in range(len(c["log_prob"])):
        kept = slice(None)
        inputs = Held(
            trainer_logprobs=c["log_prob"][i, kept], inference_logprobs=c["rollout_log_prob"][i, kept],
            ref_logprobs=c["ref_log_prob"][i, kept], advantages=advantages(c)[i, kept],
            loss_mask=c["response_mask"][i, kept].bool(), loss_weights=None)
        out = LOADED["function"](inputs, **own())
        total = total + (out["loss"] if isinstance(out, dict) else out[0] if isinstance(out, tuple) else out.loss)
    return total / n["tokens"], metrics


def slime(c, n):
    mask, lengths = c["response_mask"], c["response_mask"].shape[1]
    rows = range(len(mask))

    def split(x):
        return [x[i] for i in rows]

    def of_logits(logits, *, with_entropy=False, **_):
        return None, {"log_probs": split(c["log_prob"]), "entropy": split(c["entropy"])}

    name = "slime.backends.megatron_utils.loss"
    if name not in sys.modules:
        for i in range(1, name.count(".") + 2):
            part = ".".join(name.split(".")[:i])
            sys.modules.setdefault(part, types.ModuleType(part))
    sys.modules[name].get_log_probs_and_entropy = of_logits
    batch = Held(
        advantages=split(advantages(c)), log_probs=split(c["old_log_prob"]), ref_log_probs=split(c["ref_log_prob"]),
        rollout_log_probs=split(c["rollout_log_prob"]), loss_masks=split(mask), unconcat_tokens=split(mask),
        total_lengths=[lengths] * len(mask), response_lengths=[lengths] * len(mask))

    def sum_of_sample_mean(x):
        x = torch.where(mask.bool(), x.reshape(mask.shape), 0)
        return (x.sum(1) / mask.sum(1).clamp(min=1)).sum()

    args = Settings(eps_clip=0.2, eps_clip_high=0.2, entropy_coef=0.0, use_kl_loss=False, kl_loss_coef=0.0)
    args.update(LOADED["settings"])
    out = LOADED["function"](args, batch, c["log_prob"], sum_of_sample_mean)
    return (out[0] / n["responses"], *out[1:]) if isinstance(out, tuple) else out / n["responses"]


LONGEST = 8  # what TRL's max_completion_length is where it is not set


class Trainer:
    """Of TRL's trainer what its loss reads."""

    def __init__(self, c, n):
        from collections import defaultdict

        self.beta, self.epsilon_low, self.epsilon_high = 0.0, 0.2, 0.2
        self.loss_type, self.importance_sampling_level = "dapo", "token"
        self.args = Settings(delta=None, steps_per_generation=1, sapo_temperature_neg=1.05, sapo_temperature_pos=1.0,
                             use_bias_correction_kl=False, report_to=[], vespo_k_pos=2.0, vespo_lambda_pos=3.0,
                             vespo_k_neg=3.0, vespo_lambda_neg=2.0)
        self.current_gradient_accumulation_steps, self.max_completion_length = 1, LONGEST
        self.top_entropy_quantile, self.use_vllm, self.off_policy_mask_threshold = 1.0, False, None
        self.tools, self.entropy_coef, self.use_adaptive_entropy, self.aux_loss_enabled = None, 0.0, False, False
        self.vllm_importance_sampling_correction, self.use_transformers_paged = False, False
        self.model, self._metrics = Held(training=True), defaultdict(lambda: defaultdict(list))
        self.accelerator = Held(num_processes=1, gather=lambda x: x, process_index=0, device=torch.device("cpu"),
                                gather_for_metrics=lambda x: x, reduce=lambda x, **_: x)
        self.columns = c
        for name, value in LOADED["settings"].items():
            setattr(self, name, value)
            self.args[name] = value
        self.tuned = {name for name, value in vars(self).items() if type(value) is float} | set(LOADED["settings"])
        self._entropy_bonus_enabled = self.entropy_coef != 0 or self.use_adaptive_entropy
        self.share = len(c["log_prob"]) / max(n["responses"], 1)

    def __getattribute__(self, name):
        value = object.__getattribute__(self, name)
        held = object.__getattribute__(self, "__dict__")
        return Reads.note(name, value) if name in held.get("tuned", ()) else value

    def _get_per_token_logps_and_entropies(self, *_, **__):
        return self.columns["log_prob"], self.columns["entropy"], None

    def __getattr__(self, name):
        # Whatever else the loss does is its class's, such as helpers of its own.
        owner = LOADED["module"]
        for part in LOADED["owner"]:
            owner = getattr(owner, part)
        if inspect.isclass(owner) and hasattr(owner, name):
            plain = inspect.getattr_static(owner, name)
            plain = plain.__func__ if isinstance(plain, staticmethod) else plain
            return plain if isinstance(inspect.getattr_static(owner, name), staticmethod) else plain.__get__(self)
        raise AttributeError(f"no attribute {name} of the trainer; write --set {name}=VALUE")


def trl(c, n):
    trainer = Trainer(c, n)
    ones = torch.ones((len(c["log_prob"]), 1), dtype=torch.int64)
    inputs = dict(
        prompt_ids=ones, prompt_mask=ones, completion_ids=torch.ones_like(c["response_mask"]).long(),
        completion_mask=c["response_mask"].long(), advantages=advantages(c), num_items_in_batch=torch.tensor(n["tokens"]),
        old_per_token_logps=c["old_log_prob"], ref_per_token_logps=c["ref_log_prob"])
    given = {"self": trainer, "model": None, "inputs": inputs}
    loss = LOADED["function"](**{k: v for k, v in given.items() if k in LOADED["parameters"]})
    metrics = {k: v[-1] for k, v in trainer._metrics["train"].items() if v}
    # A mean over the rows of each micro-batch is divided by their number, as the trainer does.
    of_rows = trainer.loss_type not in ("dapo", "cispo", "vespo")
    return (loss * trainer.share if of_rows else loss), metrics


HOOKS = {"tensors": tensors, "exported": exported, "verl": verl, "skyrl": skyrl, "openrlhf": openrlhf,
         "nemo-rl": nemo_rl, "prime-rl": prime_rl, "slime": slime, "trl": trl, "advantage": tensors}
NAMED = {"openrlhf": ("clip_ratio", "ppo_kl", "vllm_kl")}


def loss_and_metrics(out):
    """A loss is a tensor, the first of a tuple, or what a dict has under loss."""
    metrics = {}
    if isinstance(out, dict) and "loss" in out:
        metrics, loss = {k: v for k, v in out.items() if k != "loss"}, out["loss"]
    elif isinstance(out, (tuple, list)) and out:
        loss, rest = out[0], out[1:]
        for names, x in zip(NAMED.get(LOADED["hook"], (None,) * len(rest)), rest):
            metrics.update(x if isinstance(x, dict) else {names: x} if names else {})
    elif hasattr(out, "loss"):
        loss, metrics = out.loss, getattr(out, "metrics", None) or {}
    else:
        loss = out
    return loss, metrics


def what(x):
    if isinstance(x, torch.Tensor):
        return f"a tensor of shape {list(x.shape)}"
    name = type(x).__name__
    return f"an {name}" if name[0] in "aeiouAEIOU" else f"a {name}"


def called(header, arrays):
    """A call, with other settings where some are moved."""
    moved = header.get("moved")
    if moved is None:
        return call(header, arrays)
    before = LOADED["settings"], LOADED["function"]
    try:
        Reads.open = False
        LOADED["settings"] = before[0] | moved
        if "class" in LOADED:
            LOADED["function"] = made()
        return call(header, arrays)
    finally:
        Reads.open = True
        LOADED["settings"], LOADED["function"] = before


def given(header, arrays):
    """The columns, and what they are before the call."""
    kind = torch.float32 if header["single"] else torch.float64
    c = {k: v.to(kind) if v.is_floating_point() else v for k, v in arrays.items()}
    torch.set_default_dtype(kind)  # so that what the function itself makes is as precise as what it is given
    return c


def estimate(header, arrays):
    """What a function of rewards gives, one number per slot; one per response stands in each of its slots."""
    c = given(header, arrays)
    before = {k: v.clone() for k, v in c.items()}
    out = HOOKS[LOADED["hook"]](c, header)
    out = out[0] if isinstance(out, (tuple, list)) and out else out
    out = next((out[k] for k in ("advantages", "advantage") if k in out), out) if isinstance(out, dict) else out
    if NUMPY and isinstance(out, numpy.ndarray):
        out = torch.as_tensor(out)
    rows, width = c["response_mask"].shape
    shapes = {(rows, width): "BT", (rows,): "B", (rows, 1): "B"}
    if not isinstance(out, torch.Tensor) or tuple(out.shape) not in shapes:
        text = f"the advantage is {what(out)}, expected a tensor of shape [{rows}, {width}] or [{rows}]"
        return {"ok": False, "kind": "shape", "text": text}, ()
    each = shapes[tuple(out.shape)]
    wide = out.reshape(rows, -1).expand(rows, width)
    return {"ok": True, "changed": changed(c, before), "each": each}, [("advantage", wide.contiguous())]


def changed(c, before):
    return [k for k, v in c.items()
            if not torch.equal(torch.nan_to_num(v.detach()), torch.nan_to_num(before[k])) or v._version > 0]


def call(header, arrays):
    if header.get("estimate"):
        return estimate(header, arrays)
    c = given(header, arrays)
    if "advantage" in c and header["advantages"] != "BT":
        c["advantage"] = c["advantage"][:, 0] if header["advantages"] == "B" else c["advantage"][:, :1]
    if header.get("mask") == "bool":
        c["response_mask"] = c["response_mask"].bool()
    trained = [k for k in header["trained"] if k in c]
    for k in trained:
        c[k] = c[k].clone().requires_grad_()
    before = {k: v.detach().clone() for k, v in c.items()}
    loss, metrics = loss_and_metrics(HOOKS[LOADED["hook"]](c, header))
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
        return {"ok": False, "kind": "shape", "text": f"the loss is {what(loss)}, expected a tensor of one number"}, ()
    if not loss.is_floating_point():
        return {"ok": False, "kind": "shape", "text": f"the loss is a tensor of {str(loss.dtype)[6:]}, expected float"}, ()
    gradients = [None] * len(trained)
    if loss.requires_grad:
        gradients = torch.autograd.grad(loss.reshape(()), [c[k] for k in trained], allow_unused=True)
    arrays = [("loss", loss.reshape(1))]
    arrays += [(f"gradient:{k}", g) for k, g in zip(trained, gradients) if g is not None]
    for k, v in metrics.items():
        try:
            arrays.append((f"metric:{k}", torch.as_tensor(v, dtype=torch.float64).detach().mean().reshape(1)))
        except (TypeError, ValueError, RuntimeError):
            pass
    return {"ok": True, "changed": changed(c, before), "dtype": str(loss.dtype)[6:], "graph": loss.requires_grad}, arrays


def main():
    while (request := asked()) is not None:
        header, arrays = request
        try:
            if header["op"] == "ready":
                answer({"ok": True})
            elif header["op"] == "load":
                answer(load(header))
            elif header["op"] == "settings":
                answer(settings())
            else:
                answer(*called(header, arrays))
        except BaseException as error:  # whatever it raises, the next call may be fine
            answer({"ok": False, "kind": "exception", "text": where(error)})


try:
    import torch

    torch.set_num_threads(1)
    try:
        import numpy

        NUMPY = True
    except ImportError:
        NUMPY = False
except ImportError:
    text = json.dumps({"ok": False, "kind": "torch", "python": sys.executable, "version": sys.version.split()[0],
                       "arrays": []}).encode()
    ANSWERS.write(struct.pack("<I", len(text)) + text)
    ANSWERS.flush()
    sys.exit(0)
try:
    main()
except (KeyboardInterrupt, BrokenPipeError):
    os._exit(0)
