"""Modules of `export --to pytorch` beside what a user would write instead, in turns in one process.

The ways of a peer: eager; the same through torch.compile; from hidden states besides `checkpointed`, which computes the
logits of a chunk of rows again for their gradient, and where the gradient at a token reads that token alone `chunked`,
which takes it while the logits of a chunk are there, as the fused-linear losses of trainers do.

Run:  python exported.py {logits,hidden} ROWS VOCABULARY WIDTH LENGTH THREADS TURNS KIND=MODULE ...
With WAYS=eager,exported in the environment these are run alone. KIND is what the module computes: an objective of the
catalogue that `read` knows, or entropy, that of `torch_peers.py`. Responses have LENGTH tokens, prompts two responses.
Prints of each way the median over the turns of the time of the clock and of the processor (which other programs hardly
change where THREADS is 1), its ratio to the fastest peer's, and how far loss and gradients are from those of the first.

      python exported.py memory {logits,hidden} ROWS VOCABULARY WIDTH LENGTH WAY KIND=MODULE
prints the largest memory of one step above inputs and gradients, in MiB.
"""

import importlib.util
import inspect
import math
import os
import resource
import statistics
import sys
import time

import torch
from torch.nn.functional import logsigmoid
from torch.utils.checkpoint import checkpoint

CHUNK = 256
TOP = 100  # of distil-top-k
DISTIL = {"distil-reverse-kl", "distil-forward-kl", "distil-jsd", "distil-top-k"}  # what they read of a row is their loss
LOCAL = {"grpo", "entropy"} | DISTIL  # whose gradient at a token reads that token alone


def module(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    sys.modules[name] = code = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(code)
    return code


def divergence(kind, log_pi, teacher):
    if kind == "distil-reverse-kl":
        return (log_pi.exp() * (log_pi - teacher)).sum(-1)
    if kind == "distil-forward-kl":
        return (teacher.exp() * (teacher - log_pi)).sum(-1)
    if kind == "distil-top-k":
        likely, at = teacher.topk(TOP)
        return (likely.exp() * (likely - log_pi.gather(1, at))).sum(-1)
    m = torch.logaddexp(log_pi, teacher) - math.log(2)
    return (teacher.exp() * (teacher - m)).sum(-1) / 2 + (log_pi.exp() * (log_pi - m)).sum(-1) / 2


def read(kind, logits, token, teacher):
    """What an objective reads of each row of logits."""
    log_pi = torch.log_softmax(logits, -1)
    if kind in DISTIL:
        return (divergence(kind, log_pi, teacher),)
    log_prob = log_pi.gather(1, token[:, None]).squeeze(1)
    entropy = kind in ("entropy", "forking-tokens")
    return (log_prob, -(log_pi.exp() * log_pi).sum(-1)) if entropy else (log_prob,)


def of_read(kind, found, c, rows):
    """The loss of all rows, or what some of them add to it where that is a sum."""
    if kind in DISTIL:
        return found[0].sum() / rows
    if kind == "dpo":
        margins = ((found[0] - c["ref_log_prob"]).reshape(-1, c["length"]).sum(1) * c["sign"]).reshape(-1, 2).sum(1)
        return -logsigmoid(0.1 * margins).mean()
    d = found[0] - c["old_log_prob"]
    if kind == "gspo":
        s = d.reshape(-1, c["length"]).mean(1).exp()
        return -torch.minimum(s * c["A"], s.clamp(1 - 3e-4, 1 + 4e-4) * c["A"]).mean()
    a, r = c["advantage" if kind == "entropy" else "A_of_token"], d.exp()
    gain = torch.minimum(r * a, r.clamp(0.8, 1.28 if kind in ("entropy", "forking-tokens") else 1.2) * a)
    if kind == "forking-tokens":
        fork = found[1].detach() >= torch.quantile(found[1].detach(), 0.8)
        return -(gain * fork).sum() / fork.sum()
    if kind == "clip-cov":
        log_prob = found[0].detach()
        cov = (a - a.mean()) * (log_prob - log_prob.mean())
        candidate = (cov > 1) & (cov < 5) & (r * a <= gain)
        place = torch.where(candidate, c["uniform"], -1).argsort(descending=True).argsort()
        gain = gain * ~(candidate & (place < max(1, int(rows * 2e-4))))
    return -(gain + (0.01 * found[1] if kind == "entropy" else 0)).sum() / rows


def columns(rows, length):
    reward = torch.rand(rows // length)
    pairs = reward.reshape(-1, 2)
    a = ((pairs - pairs.mean(1, keepdim=True)) / pairs.std(1, correction=0, keepdim=True)).flatten()
    of = torch.arange(rows) // length
    return {
        "old_log_prob": torch.rand(rows) - 10,
        "ref_log_prob": torch.rand(rows) - 10,
        "advantage": torch.rand(rows) * 2 - 1,
        "reward": reward,
        "sign": torch.tensor([1.0, -1.0]).repeat(len(reward) // 2),
        "A": a,
        "A_of_token": a[of],
        "length": length,
    }


ONLY = [way for way in os.environ.get("WAYS", "").split(",") if way]  # what is measured, if not all
READS = {
    "grpo": ("reward", "old_log_prob"),
    "gspo": ("reward", "old_log_prob"),
    "dpo": ("ref_log_prob", "sign"),
    "entropy": ("advantage", "old_log_prob"),
    "forking-tokens": ("reward", "old_log_prob"),
    "clip-cov": ("reward", "old_log_prob"),
}


def steps(surface, rows, vocabulary, width, length, kind, path):
    """The inputs, and each way to give them their gradients."""
    torch.manual_seed(0)
    token = torch.randint(0, vocabulary, (rows,))
    c = columns(rows, length)
    teacher = torch.log_softmax(torch.randn(rows, vocabulary), -1) if kind in DISTIL else None
    code = module(path, kind)
    batch = code.Batch.packed(torch.arange(rows) // length, torch.arange(rows // length) // 2)
    entry = next(getattr(code, name) for name in code.__all__ if name.endswith("_of_" + surface))
    given = {name: c[name] for name in READS.get(kind, ("old_log_prob",))}
    if kind in DISTIL:
        given["ref_log_pi"] = teacher
    if kind == "distil-top-k":
        mass = list(inspect.signature(code.distil_top_k).parameters)[3]  # what the k entries have of the teacher
        given |= {"k": TOP, mass: teacher.topk(TOP).values.exp().sum(1)}
    if kind == "clip-cov":
        c["uniform"] = code.uniform(0, 0, batch)  # the module's own, so that both drop the same
    if surface == "logits":
        inputs = [(torch.rand(rows, vocabulary) * 8 - 4).requires_grad_()]
    else:
        inputs = [torch.randn(rows, width), torch.randn(vocabulary, width) / width**0.5]
        inputs = [x.requires_grad_() for x in inputs]

    def whole(*x):
        logits = x[0] if surface == "logits" else x[0] @ x[1].T
        return of_read(kind, read(kind, logits, token, teacher), c, rows)

    def some(part, hidden, weight):
        return read(kind, hidden @ weight.T, token[part], None if teacher is None else teacher[part])

    def parts():
        return [slice(start, min(start + CHUNK, rows)) for start in range(0, rows, CHUNK)]

    def backward(loss):
        loss.backward()
        return loss.detach()

    def checkpointed():
        hidden, weight = inputs
        found = [checkpoint(some, part, hidden[part], weight, use_reentrant=False) for part in parts()]
        return backward(of_read(kind, [torch.cat(x) for x in zip(*found)], c, rows))

    def chunked():
        (hidden, weight), total = inputs, 0
        hidden.grad, weight.grad = torch.empty_like(hidden), torch.zeros_like(weight)
        for part in parts():
            with torch.no_grad():
                logits = hidden[part] @ weight.T
            logits.requires_grad_()
            found = read(kind, logits, token[part], None if teacher is None else teacher[part])
            cut = {name: x[part] if isinstance(x, torch.Tensor) and len(x) == rows else x for name, x in c.items()}
            total += backward(of_read(kind, found, cut, rows))
            with torch.no_grad():
                hidden.grad[part] = logits.grad @ weight
                weight.grad.addmm_(logits.grad.T, hidden[part])
        return total

    compiled = torch.compile(whole)
    ways = {"eager": lambda: backward(whole(*inputs)), "compile": lambda: backward(compiled(*inputs))}
    if surface == "hidden":
        ways["checkpointed"] = checkpointed
        if kind in LOCAL:
            ways["chunked"] = chunked
    ways["exported"] = lambda: backward(entry(batch, *inputs, token, **given)[0])
    ways["exported-compiled"] = lambda: backward(entry(batch, *inputs, token, compiled=True, **given)[0])
    return inputs, {way: step for way, step in ways.items() if way in ONLY or not ONLY}


def measure(surface, rows, vocabulary, width, length, threads, turns, kind, path):
    torch.set_num_threads(threads)
    torch._dynamo.reset()  # which compiles a function eight times at most
    inputs, ways = steps(surface, rows, vocabulary, width, length, kind, path)
    times, found = {way: [] for way in ways}, {}
    for turn in range(turns + 1):
        for way, step in ways.items():
            for x in inputs:
                x.grad = None
            start, worked = time.perf_counter(), time.process_time()
            loss = step()
            if turn > 0:  # the first compiles
                times[way].append((time.perf_counter() - start, time.process_time() - worked))
            found[way] = [loss, *(x.grad for x in inputs)]
    middle = {way: [statistics.median(one) * 1e3 for one in zip(*both)] for way, both in times.items()}
    peers = [both for way, both in middle.items() if not way.startswith("exported")]
    fastest = [min(both) for both in zip(*(peers or middle.values()))]
    first = next(iter(found.values()))
    print(f"{kind} {surface} {rows}x{vocabulary}x{width}, responses of {length}, {threads} threads, {turns} turns")
    for way, both in middle.items():
        apart = [
            f"{((x - y).abs().max() / y.abs().max().clamp(min=1e-30)).item():.0e}"
            for x, y in zip(found[way], first)
        ]
        print(
            f"  {way:18} clock_ms={both[0]:.0f} over_the_fastest_peer={both[0] / fastest[0]:.2f} "
            f"processor_ms={both[1]:.0f} over_the_fastest_peer={both[1] / fastest[1]:.2f} apart={','.join(apart)}",
            flush=True,
        )


def memory(surface, rows, vocabulary, width, length, way, kind, path):
    inputs, ways = steps(surface, rows, vocabulary, width, length, kind, path)
    for x in inputs:  # what a gradient takes is no part of it
        x.grad = torch.ones_like(x)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for x in inputs:
        x.grad = None
    ways[way]()
    above = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{kind} {surface} {rows}x{vocabulary}x{width}, responses of {length}: {way} peak_mib={above:.0f}")


def main():
    words = sys.argv[1:]
    if words[:1] == ["memory"]:
        kind, path = words[7].split("=", 1)
        memory(words[1], *map(int, words[2:6]), words[6], kind, path)
        return
    if len(words) < 8:
        sys.exit(__doc__)
    for word in words[7:]:
        measure(words[0], *map(int, words[1:7]), *word.split("=", 1))


if __name__ == "__main__":
    main()
