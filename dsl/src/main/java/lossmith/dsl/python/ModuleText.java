package lossmith.dsl.python;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** The text of a module: what is said at its head, imports, helpers, functions. */
final class ModuleText {
  private ModuleText() {}

  /**
   * A module.
   *
   * @param documentation at its head
   * @param imports lines after those that every module has
   * @param exported the names that others use
   * @param functions its functions, after the helpers that they use
   * @param parts helpers that nothing in it uses and others do
   */
  static String of(
      String documentation,
      String imports,
      Seq<String> exported,
      Seq<String> functions,
      Seq<String> parts) {
    Seq<String> blocks =
        Helpers.usedBy(functions.appendAll(parts).mkString("\n")).appendAll(functions);
    return "\"\"\""
        + documentation.replace("\\", "\\\\").replace("\"\"\"", "'''")
        + "\n\"\"\"\n\n"
        + imports(blocks)
        + imports
        + "__all__ = "
        + exported.map(one -> "\"" + one + "\"").mkString("[", ", ", "]\n\n\n")
        + blocks.mkString("\n\n\n")
        + "\n";
  }

  private static String imports(Seq<String> blocks) {
    String code = blocks.mkString("\n");
    List<String> functions = List.of("logsigmoid", "softplus").filter(f -> code.contains(f + "("));
    return "from __future__ import annotations\n\n"
        + (code.contains("math.") ? "import math\n" : "")
        + "from collections.abc import Callable"
        + (code.contains("Iterator[") ? ", Iterator, Sequence\n" : "\n")
        + "from dataclasses import dataclass, replace\n"
        + "from functools import "
        + (code.contains("@cache\n") ? "cache, " : "")
        + "cached_property\nfrom typing import Any\n\n"
        + "import torch\nfrom torch import Tensor\n"
        + "from torch.autograd.function import once_differentiable\n"
        + (functions.isEmpty()
            ? ""
            : "from torch.nn.functional import " + functions.mkString(", ") + "\n")
        + "\n";
  }
}
