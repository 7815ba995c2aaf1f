"""Runs SavedModels on the cases of a file, one JSON object a line, and writes what comes out.

usage: saved_model.py CASES RESULTS, beside which each model stands as a folder
"""

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

CASES, RESULTS = map(Path, sys.argv[1:])
MODELS = {}


def answers(case):
    name = case["model"]
    if name not in MODELS:
        MODELS.clear()
        MODELS[name] = tf.saved_model.load(str(CASES.parent / name))
    signatures = MODELS[name].signatures
    found = {}
    for surface in ("statistics", "logits"):
        if surface in signatures:
            has = surface + "_parameters" in signatures
            defaults = signatures[surface + "_parameters"]() if has else {}
            given = {k: [v.numpy()] for k, v in defaults.items()} | case["inputs"]
            asked = signatures[surface].structured_input_signature[1]
            tensors = {k: tensor(given[k], spec, case["tokens"]) for k, spec in asked.items()}
            outputs = signatures[surface](**tensors)
            found[surface] = {k: v.numpy().ravel().tolist() for k, v in outputs.items()}
    return found


def tensor(values, spec, tokens):
    x = tf.constant(np.array(values).astype(spec.dtype.as_numpy_dtype))
    if spec.shape.rank is None:
        return tf.reshape(x, [])
    return tf.reshape(x, [tokens, -1]) if spec.shape.rank == 2 else x


with CASES.open() as cases, RESULTS.open("w") as results:
    for line in cases:
        print(json.dumps(answers(json.loads(line))), file=results)
