"""Modules of `export --to pytorch` beside what a user would write instead, in turns in one process.

The ways of a peer: eager; the same through torch.compile; from hidden states besides `checkpointed`, which computes the
logits of a chunk of rows again for their gradient, and where the gradient at a token reads that token alone `chunked`,
which takes it while the logits of a chunk are there, as the fused-linear losses of trainers do.

Run:  python exported.py {logits,hidden} ROWS VOCABULARY WIDTH LENGTH THREADS TURNS KIND=MODULE ...
With WAYS=eager,exported in the environment these are run alone. KIND is what the module computes: grpo, gspo, dpo, entropy (of `torch_peers.py`) or distil (distil-reverse-kl). Responses
have LENGTH tokens, prompts two responses. Prints of each way the median over the turns of the time of the clock and of
the processor (which other programs hardly change where THREADS is 1), its ratio to the fastest peer's, and how far loss and
gradients are from those of eager.

      python exported.py memory {logits,hidden} ROWS VOCABULARY WIDTH LENGTH WAY KIND=MODULE
prints the largest memory of one step above inputs and gradients, in MiB.
"""

import importlib.util
import os
import resource
import statistics
import sys
import time

import torch
from torch.nn.functional import logsigmoid
from torch.utils.checkpoint import checkpoint

CHUNK = 256
LOCAL = {"grpo", "entropy", "distil"}  # whose gradient at a token reads that token alone


def module(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    sys.modules[name] = code = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(code)
    return code


def read(kind, logits, token, teacher):
    """What an objective reads of each row of logits."""
    log_pi = torch.log_softmax(logits, -1)
    if kind == "distil":
        return ((log_pi.exp() * (log_pi - teacher)).sum(-1),)
    log_prob = log_pi.gather(1, token[:, None]).squeeze(1)
    return (log_prob, -(log_pi.exp() * log_pi).sum(-1)) if kind == "entropy" else (log_prob,)


def of_read(kind, found, c, rows):
    """The loss of all rows, or what some of them add to it where that is a sum."""
    if kind == "distil":
        return found[0].sum() / rows
    if kind == "dpo":
        margins = ((found[0] - c["ref_log_prob"]).reshape(-1, c["length"]).sum(1) * c["sign"]).reshape(-1, 2).sum(1)
        return -logsigmoid(0.1 * margins).mean()
    d = found[0] - c["old_log_prob"]
    if kind == "gspo":
        s = d.reshape(-1, c["length"]).mean(1).exp()
        return -torch.minimum(s * c["A"], s.clamp(1 - 3e-4, 1 + 4e-4) * c["A"]).mean()
    high, bonus = (0.28, 0.01 * found[1]) if kind == "entropy" else (0.2, 0)
    a, r = c["advantage" if kind == "entropy" else "A_of_token"], d.exp()
    return -(torch.minimum(r * a, r.clamp(0.8, 1 + high) * a) + bonus).sum() / rows


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
    "distil": (),
}


def steps(surface, rows, vocabulary, width, length, kind, path):
    """The inputs, and each way to give them their gradients."""
    torch.manual_seed(0)
    token = torch.randint(0, vocabulary, (rows,))
    c = columns(rows, length)
    teacher = torch.log_softmax(torch.randn(rows, vocabulary), -1) if kind == "distil" else None
    code = module(path, kind)
    batch = code.Batch.packed(torch.arange(rows) // length, torch.arange(rows // length) // 2)
    entry = next(getattr(code, name) for name in code.__all__ if name.endswith("_of_" + surface))
    given = {name: c[name] for name in READS[kind]} | ({"ref_log_pi": teacher} if kind == "distil" else {})
    if kind == "distil":
        given["old_log_prob"] = c["old_log_prob"]
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
    fastest = [min(both) for both in zip(*peers)]
    print(f"{kind} {surface} {rows}x{vocabulary}x{width}, responses of {length}, {threads} threads, {turns} turns")
    for way, both in middle.items():
        apart = [
            f"{((x - y).abs().max() / y.abs().max().clamp(min=1e-30)).item():.0e}"
            for x, y in zip(found[way], found["eager"])
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
