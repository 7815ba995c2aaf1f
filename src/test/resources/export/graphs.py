"""Graphs of torch.fx in JSON, rebuilt with torch and operator, beside what they should return.

usage: graphs.py GRAPHS.jsonl, a line for each graph and the data that it is run on.
"""

import json
import operator
import sys

import torch

def value(x, values):
    if isinstance(x, dict):
        ((kind, of),) = x.items()
        return values[of] if kind == "ref" else {"float": float}[kind](of)
    return x


def run(nodes, inputs):
    values = {}
    for node in nodes:
        args = [value(x, values) for x in node["args"]]
        kwargs = {name: value(x, values) for name, x in node["kwargs"].items()}
        if node["op"] == "output":
            return args[0]
        if node["op"] == "placeholder":
            result = inputs[node["target"]]
        elif node["op"] == "call_method":
            result = getattr(args[0], node["target"])(*args[1:], **kwargs)
        else:
            package, name = node["target"].split(".")
            result = getattr({"torch": torch, "operator": operator}[package], name)(*args, **kwargs)
        values[node["name"]] = result


def number(x):
    return torch.tensor([float(y) for y in x] if isinstance(x, list) else float(x), dtype=torch.float64)


def close(found, expected, scale):
    return torch.allclose(found, expected, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)


def main(path):
    wrong, data = [], 0
    for line in open(path, encoding="utf-8"):
        graph = json.loads(line)
        for datum in graph["data"]:
            inputs = {name: number(x) for name, x in datum["inputs"].items()}
            inputs["logprobs"].requires_grad_()
            loss = run(graph["nodes"], inputs)
            loss.backward()
            data += 1
            gradient = number(datum.get("gradient", []))
            if loss.dim() or not close(loss, number(datum["loss"]), graph["scale"]):
                wrong.append(f"{graph['name']}: {loss} for {datum['loss']}")
            if not close(inputs["logprobs"].grad, gradient, graph["scale"]):
                wrong.append(f"{graph['name']}: {inputs['logprobs'].grad} for {gradient}")
    print(f"PyTorch: {data} data run by graphs in JSON, {len(wrong)} wrong")
    sys.exit("\n".join(wrong[:20]) if wrong else 0)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1])
