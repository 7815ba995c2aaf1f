package lossmith.dsl.python;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.HashSet;
import java.util.Set;

/** Names for Python, each given once. */
public final class Identifiers {
  private static final List<String> KEYWORDS =
      List.of(
          "and",
          "as",
          "assert",
          "async",
          "await",
          "break",
          "class",
          "continue",
          "def",
          "del",
          "elif",
          "else",
          "except",
          "False",
          "finally",
          "for",
          "from",
          "global",
          "if",
          "import",
          "in",
          "is",
          "lambda",
          "math",
          "None",
          "nonlocal",
          "not",
          "or",
          "pass",
          "raise",
          "return",
          "torch",
          "True",
          "try",
          "while",
          "with",
          "yield");

  /** Letters and signs of formulas, and how they are spelled. */
  private static final Map<String, String> SPELLED =
      LinkedHashMap.<String, String>empty()
          .put("Â", "A_hat")
          .put("α", "alpha")
          .put("β", "beta")
          .put("γ", "gamma")
          .put("δ", "delta")
          .put("ε", "epsilon")
          .put("η", "eta")
          .put("λ", "lambda")
          .put("μ", "mu")
          .put("π", "pi")
          .put("ρ", "rho")
          .put("σ", "sigma")
          .put("τ", "tau")
          .put("φ", "phi")
          .put("ψ", "psi")
          .put("Δ", "Delta")
          .put("ℓ", "l")
          .put("₂", "2")
          .put("²", "_squared")
          .put("↓", "_down")
          .put("'", "_prime");

  private final Set<String> taken = new HashSet<>(KEYWORDS.asJava());

  /**
   * Names beside those that are taken.
   *
   * @param taken such as the helpers of the module
   */
  public Identifiers(Iterable<String> taken) {
    taken.forEach(this.taken::add);
  }

  /** {@return a text as a name, which others may have too} */
  static String of(String text) {
    String spelled = SPELLED.foldLeft(text, (left, pair) -> left.replace(pair._1, pair._2));
    String name = spelled.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
    return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "x" + name : name;
  }

  /** {@return a name for this text that nothing else has} */
  public String free(String text) {
    String name = of(text);
    String candidate = KEYWORDS.contains(name) ? name + "_" : name;
    for (int i = 2; !taken.add(candidate); i++) {
      candidate = name + i;
    }
    return candidate;
  }
}
