"""A module of `export --to pytorch` from hidden states, beside what `torch_peers.py` measures, in turns in one process.

The module is of the objective that `torch_peers.py` has; its functions are asked for by their endings.

Run:  python exported_hidden.py MODULE ROWS VOCABULARY WIDTH THREADS TURNS
Prints the best time of each way over the turns, of the processor (which other programs hardly change where THREADS is 1)
and of the clock, its ratio to that of the faster peer, and how far loss and gradients are from those of eager.
"""

import argparse
import importlib.util
import sys
import time

import torch
from torch_peers import CHUNK, surrogate


def module(path):
    spec = importlib.util.spec_from_file_location("exported", path)
    sys.modules["exported"] = code = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(code)
    return code


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module")
    for size in ("rows", "vocabulary", "width", "threads", "turns"):
        parser.add_argument(size, type=int)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    rows = given.rows
    token = torch.randint(0, given.vocabulary, (rows,))
    old, advantage = torch.rand(rows) - 10, torch.rand(rows) * 2 - 1
    hidden = torch.randn(rows, given.width).requires_grad_()
    weight = (torch.randn(given.vocabulary, given.width) / given.width**0.5).requires_grad_()
    code = module(given.module)
    of_hidden = next(getattr(code, name) for name in code.__all__ if name.endswith("_of_hidden"))
    batch = code.Batch.packed(torch.arange(rows) // 16, torch.arange(rows // 16) // 2)

    def exported():
        loss, _ = of_hidden(batch, hidden, weight, token, old_log_prob=old, advantage=advantage)
        loss.backward()
        return loss

    def eager():
        loss = surrogate(hidden @ weight.T, token, old, advantage, rows)
        loss.backward()
        return loss

    def chunked():
        hidden.grad, weight.grad, total = torch.empty_like(hidden), torch.zeros_like(weight), 0
        for start in range(0, rows, CHUNK):
            part = slice(start, min(start + CHUNK, rows))
            with torch.no_grad():
                logits = hidden[part] @ weight.T
            logits.requires_grad_()
            loss = surrogate(logits, token[part], old[part], advantage[part], rows)
            loss.backward()
            with torch.no_grad():
                hidden.grad[part] = logits.grad @ weight
                weight.grad.addmm_(logits.grad.T, hidden[part])
            total += loss.detach()
        return total

    ways = {"eager": eager, "chunked": chunked, "exported": exported}
    times, found = {way: [] for way in ways}, {}
    for _ in range(given.turns):
        for way, step in ways.items():
            hidden.grad = weight.grad = None
            start, worked = time.perf_counter(), time.process_time()
            loss = step()
            times[way].append((time.process_time() - worked, time.perf_counter() - start))
            found[way] = (loss.detach(), hidden.grad, weight.grad)
    best = {way: [min(one) * 1e3 for one in zip(*both)] for way, both in times.items()}
    peer = [min(both) for both in zip(best["eager"], best["chunked"])]
    for way, (worked, waited) in best.items():
        apart = [
            ((x - y).abs().max() / y.abs().max().clamp(min=1e-30)).item() for x, y in zip(found[way], found["eager"])
        ]
        print(
            f"{way}: processor_ms={worked:.0f} over_the_faster_peer={worked / peer[0]:.2f} "
            f"clock_ms={waited:.0f} over_the_faster_peer={waited / peer[1]:.2f} "
            f"apart_from_eager={apart[0]:.1e},{apart[1]:.1e},{apart[2]:.1e}"
        )


if __name__ == "__main__":
    main()
