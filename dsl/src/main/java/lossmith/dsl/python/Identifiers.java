package lossmith.dsl.python;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.HashSet;
import java.util.Set;

/** Names for Python, each given once. */
final class Identifiers {
  private static final Set<String> KEYWORDS =
      Set.of(
          "and as assert async await break class continue def del elif else except finally for from"
              .concat(" global if import in is lambda nonlocal not or pass raise return try while")
              .concat(" with yield None True False torch math")
              .split(" "));

  /** Letters and signs of formulas that Python has not, or that few keyboards have. */
  private static final Map<String, String> SPELLED =
      LinkedHashMap.ofEntries(
          List.of(
                  "Â A_hat",
                  "α alpha",
                  "β beta",
                  "γ gamma",
                  "δ delta",
                  "ε epsilon",
                  "η eta",
                  "λ lambda",
                  "μ mu",
                  "π pi",
                  "ρ rho",
                  "σ sigma",
                  "τ tau",
                  "φ phi",
                  "ψ psi",
                  "Δ Delta",
                  "ℓ l",
                  "₂ 2",
                  "² _squared",
                  "↓ _down",
                  "' _prime")
              .map(pair -> io.vavr.Tuple.of(pair.split(" ")[0], pair.split(" ")[1])));

  private final Set<String> taken = new HashSet<>(KEYWORDS);

  /**
   * Names beside those that are taken.
   *
   * @param taken such as the helpers of the module
   */
  Identifiers(Iterable<String> taken) {
    taken.forEach(this.taken::add);
  }

  /** {@return a text as a name, which others may have too} */
  static String of(String text) {
    String spelled = SPELLED.foldLeft(text, (left, pair) -> left.replace(pair._1, pair._2));
    String name = spelled.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
    return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "x" + name : name;
  }

  /** {@return a name for this text that nothing else has} */
  String free(String text) {
    String name = of(text);
    String candidate = KEYWORDS.contains(name) ? name + "_" : name;
    for (int i = 2; !taken.add(candidate); i++) {
      candidate = name + i;
    }
    return candidate;
  }
}
