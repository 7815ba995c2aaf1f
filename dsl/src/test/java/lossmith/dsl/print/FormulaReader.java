package lossmith.dsl.print;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * Reads a printed formula as a person does, who knows the rules of brackets and nothing of terms,
 * and works it out on columns of one number per token.
 *
 * <p>Long because a recursive descent has one method for each rule of its grammar.
 */
final class FormulaReader {
  private final Map<String, double[]> columns;
  private final int[] sequences;
  private final Map<String, String> definitions = new HashMap<>();
  private final Map<String, String> conditions = new HashMap<>();
  private String text = "";
  private int at;

  private FormulaReader(Map<String, double[]> columns, int[] sequences) {
    this.columns = columns;
    this.sequences = sequences;
  }

  /** The numbers that a formula with the definitions below it stands for. */
  static double[] read(String formula, Map<String, double[]> columns, int... sequences) {
    FormulaReader reader = new FormulaReader(columns, sequences);
    String[] lines = formula.split("\n", -1);
    for (String line : lines) {
      if (line.startsWith("  where ")) {
        String definition = line.substring("  where ".length());
        boolean condition = definition.matches("[^ ]+ ⇔ .*");
        String[] sides = definition.split(condition ? " ⇔ " : " = ", 2);
        (condition ? reader.conditions : reader.definitions).put(sides[0], sides[1]);
      }
    }
    return reader.whole(lines[0], reader::sum);
  }

  private <R> R whole(String formula, Supplier<R> part) {
    String outer = text;
    int before = at;
    text = formula;
    at = 0;
    R value = part.get();
    if (at != text.length()) {
      throw wrong("the end");
    }
    text = outer;
    at = before;
    return value;
  }

  private IllegalStateException wrong(String expected) {
    return new IllegalStateException("expected " + expected + " at " + at + " of " + text);
  }

  private boolean accept(String word) {
    boolean there = text.startsWith(word, at);
    at += there ? word.length() : 0;
    return there;
  }

  private void expect(String word) {
    if (!accept(word)) {
      throw wrong(word);
    }
  }

  private double[] sum() {
    double[] value = accept("-") ? map(product(), x -> -x) : product();
    while (true) {
      if (accept(" + ")) {
        value = zip(value, product(), Double::sum);
      } else if (accept(" - ")) {
        value = zip(value, product(), (x, y) -> x - y);
      } else {
        return value;
      }
    }
  }

  private double[] product() {
    double[] value = factor();
    while (true) {
      if (accept("·") || (text.startsWith(" Σ", at) && accept(" "))) {
        value = zip(value, factor(), (x, y) -> x * y);
      } else if (accept(" / ") || accept("/")) {
        value = zip(value, factor(), (x, y) -> x / y);
      } else {
        return value;
      }
    }
  }

  private double[] factor() {
    double[] base = primary();
    while (accept("^")) {
      int power = (int) number();
      base = map(base, x -> Math.pow(x, power));
    }
    return base;
  }

  private double[] primary() {
    if (accept("|y_i|")) {
      return perResponse(filled(1));
    } else if (accept("Σ_t ")) {
      return perResponse(product());
    } else if (accept("1[")) {
      boolean[] holds = condition();
      expect("]");
      return each(i -> holds[i] ? 1 : 0);
    } else if (accept("{")) {
      return cases();
    } else if (accept("(")) {
      double[] value = sum();
      expect(")");
      return value;
    } else if (accept("|")) {
      double[] value = sum();
      expect("|");
      return map(value, Math::abs);
    } else if (text.charAt(at) == '∞' || Character.isDigit(text.charAt(at))) {
      return filled(number());
    }
    if (accept("log ")) {
      return map(primary(), Math::log);
    }
    String name = name();
    if (accept("(")) {
      return call(name);
    } else if (definitions.containsKey(name)) {
      return whole(definitions.get(name), this::sum);
    } else if (!columns.containsKey(name)) {
      throw wrong("a name, not " + name);
    }
    return columns.get(name);
  }

  private double[] cases() {
    double[] value = sum();
    if (accept(" otherwise}")) {
      return value;
    }
    expect(" if ");
    boolean[] when = condition();
    expect("; ");
    double[] rest = cases();
    return each(i -> when[i] ? value[i] : rest[i]);
  }

  private double number() {
    int start = at;
    while (at < text.length() && (digit(at) || text.charAt(at) == '.')) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == 'e') {
      at += 2;
      while (at < text.length() && digit(at)) {
        at++;
      }
    }
    return Double.parseDouble(text.substring(start, at));
  }

  private boolean digit(int place) {
    return Character.isDigit(text.charAt(place));
  }

  private String name() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "_'".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    if (start == at) {
      throw wrong("a name");
    }
    return text.substring(start, at);
  }

  private double[] call(String function) {
    List<double[]> of = new ArrayList<>();
    do {
      of.add(sum());
    } while (accept(", "));
    expect(")");
    double[] x = of.get(0);
    return switch (function) {
      case "min" -> zip(x, of.get(1), Math::min);
      case "max" -> zip(x, of.get(1), Math::max);
      case "clip" -> zip(zip(x, of.get(1), Math::max), of.get(2), Math::min);
      case "exp" -> map(x, Math::exp);
      case "log" -> map(x, Math::log);
      case "sqrt" -> map(x, Math::sqrt);
      case "tanh" -> map(x, Math::tanh);
      case "floor" -> map(x, Math::floor);
      case "sign" -> map(x, Math::signum);
      case "softplus" -> map(x, z -> Math.log(1 + Math.exp(z)));
      case "σ" -> map(x, z -> 1 / (1 + Math.exp(-z)));
      case "sg" -> x;
      default -> throw wrong("a function, not " + function);
    };
  }

  private boolean[] condition() {
    boolean[] value = atom();
    while (true) {
      boolean[] left = value;
      if (accept(" ∧ ")) {
        boolean[] right = atom();
        value = truths(i -> left[i] && right[i]);
      } else if (accept(" ∨ ")) {
        boolean[] right = atom();
        value = truths(i -> left[i] || right[i]);
      } else {
        return value;
      }
    }
  }

  private boolean[] atom() {
    if (accept("true")) {
      return truths(i -> true);
    } else if (accept("false")) {
      return truths(i -> false);
    } else if (accept("¬")) {
      boolean[] of = atom();
      return truths(i -> !of[i]);
    }
    int start = at;
    String symbol = text.substring(at).split("[^A-Za-z']", 2)[0];
    if (conditions.containsKey(symbol)) {
      at += symbol.length();
      return whole(conditions.get(symbol), this::condition);
    }
    try {
      return comparison();
    } catch (IllegalStateException brackets) {
      at = start;
      expect("(");
      boolean[] of = condition();
      expect(")");
      return of;
    }
  }

  /** One comparison, or a chain of them. */
  private boolean[] comparison() {
    double[] left = sum();
    boolean[] all = truths(i -> true);
    int count = 0;
    for (; text.startsWith(" ", at) && "<>≤≥=≠".indexOf(text.charAt(at + 1)) >= 0; count++) {
      char relation = text.charAt(at + 1);
      at += 3;
      double[] x = left;
      double[] y = sum();
      boolean[] before = all;
      all = truths(i -> before[i] && holds(relation, x[i], y[i]));
      left = y;
    }
    if (count == 0) {
      throw wrong("a comparison");
    }
    return all;
  }

  private static boolean holds(char relation, double x, double y) {
    return switch (relation) {
      case '<' -> x < y;
      case '>' -> x > y;
      case '≤' -> x <= y;
      case '≥' -> x >= y;
      case '=' -> x == y;
      default -> x != y;
    };
  }

  private double[] filled(double value) {
    return each(i -> value);
  }

  /** Each token's sum over its response. */
  private double[] perResponse(double[] of) {
    return each(
        i -> {
          double sum = 0;
          for (int t = 0; t < of.length; t++) {
            sum += sequences[t] == sequences[i] ? of[t] : 0;
          }
          return sum;
        });
  }

  private double[] each(java.util.function.IntToDoubleFunction value) {
    return java.util.stream.IntStream.range(0, sequences.length).mapToDouble(value).toArray();
  }

  private boolean[] truths(java.util.function.IntPredicate value) {
    boolean[] all = new boolean[sequences.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = value.test(i);
    }
    return all;
  }

  private double[] map(double[] x, DoubleUnaryOperator f) {
    return each(i -> f.applyAsDouble(x[i]));
  }

  private double[] zip(double[] x, double[] y, DoubleBinaryOperator f) {
    return each(i -> f.applyAsDouble(x[i], y[i]));
  }
}
