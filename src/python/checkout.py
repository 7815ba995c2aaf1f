"""Loads one module of a trainer from its checkout, without the packages that only training needs.

A package's own __init__ is not run, and what training alone needs is an empty stand-in.
"""

import importlib
import importlib.abc
import importlib.machinery
import os
import sys
import types

import torch  # before anything absent is found: it tries what is optional

assert torch
torch.compile = lambda f=None, **_: f if f is not None else (lambda g: g)  # the same numbers, without a compiler


ABSENT = ("deepspeed", "omegaconf", "tensordict", "transformers", "ray", "codetiming", "hydra", "peft", "accelerate",
          "flash_attn", "datasets", "pandas", "ring_flash_attn", "torchdata", "vllm", "optree", "jaxtyping", "beartype",
          "loguru", "wandb", "megatron", "pydantic", "pydantic_config", "olmo_core", "beaker", "httpx", "sglang")


class Nothing(type):
    """A class that has every attribute, and can be called and decorate whatever it likes."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(name, (Stub,), {})

    def __call__(cls, *args, **kwargs):
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else cls

    def __getitem__(cls, key):
        return cls

    def __bool__(cls):
        return False


class Stub(metaclass=Nothing):
    """What an absent module gives for any name."""

    def __init_subclass__(cls, **settings):
        pass


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds folders of the package, and stand-ins."""

    def __init__(self, root, package, absent):
        self.root, self.package, self.absent = root, package, absent

    def lacks(self, name):
        return any((name + ".").startswith(one + ".") for one in self.absent)

    def find_spec(self, name, path=None, target=None):
        top = name.split(".")[0]
        folder = os.path.join(self.root, *name.split("."))
        if top == self.package and os.path.isdir(folder) and not self.lacks(name):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        if top in ABSENT or self.lacks(name):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__file__ = __file__
        module.__getattr__ = lambda name: Nothing(name, (Stub,), {})
        inside = spec.name.split(".")[0] == self.package and not self.lacks(spec.name)
        module.__path__ = [os.path.join(self.root, *spec.name.split("."))] if inside else []
        return module

    def exec_module(self, module):
        pass


def load(variable, module, *absent):
    """The module of the checkout whose folder an environment variable names, with stand-ins for what is absent."""
    root = os.environ[variable]
    finder = Absent(root, module.split(".")[0], absent)
    own = importlib.machinery.PathFinder()

    class Own(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path=None, target=None):
            if name.split(".")[0] != finder.package:
                return None
            if finder.lacks(name):
                return finder.find_spec(name)
            folder = os.path.join(root, *name.split("."))
            return finder.find_spec(name) if os.path.isdir(folder) else own.find_spec(
                name, [os.path.dirname(folder)])

    sys.meta_path.insert(0, Own())
    sys.meta_path.append(finder)
    try:
        return importlib.import_module(module)
    finally:
        sys.meta_path.remove(finder)
