package lossmith.proofs.known;

import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.function.ToDoubleFunction;

/**
 * What a number of a term is, of the values of the parameters that it is made of; not a number
 * where that is not known.
 *
 * @param parameters their names
 * @param of the number
 */
record Amount(Set<String> parameters, ToDoubleFunction<Map<String, Double>> of) {
  /** What nothing is known of. */
  static final Amount UNKNOWN = new Amount(HashSet.empty(), values -> Double.NaN);

  static final Amount ONE = constant(1);
  static final Amount ZERO = constant(0);

  static Amount constant(double value) {
    return new Amount(HashSet.empty(), values -> value);
  }

  static Amount parameter(String name) {
    return new Amount(HashSet.of(name), values -> values.getOrElse(name, Double.NaN));
  }

  double at(Map<String, Double> values) {
    return of.applyAsDouble(values);
  }

  Amount plus(Amount other) {
    return new Amount(parameters.union(other.parameters), values -> at(values) + other.at(values));
  }

  Amount times(Amount other) {
    return new Amount(parameters.union(other.parameters), values -> at(values) * other.at(values));
  }

  Amount inverse() {
    return new Amount(parameters, values -> 1 / at(values));
  }

  /** A function of numbers by its word, as terms in normal form have it. */
  static Amount of(String word, Seq<Amount> of) {
    return switch (word) {
      case TermForm.SUM -> of.fold(ZERO, Amount::plus);
      case TermForm.PRODUCT -> of.fold(ONE, Amount::times);
      case TermForm.INVERSE -> of.head().inverse();
      case TermForm.NEGATED -> of.head().times(constant(-1));
      case "exp" -> of.head().then(Math::exp);
      case "log" -> of.head().then(Math::log);
      case "square" -> of.head().then(x -> x * x);
      case "sqrt" -> of.head().then(Math::sqrt);
      case "abs" -> of.head().then(Math::abs);
      default -> UNKNOWN;
    };
  }

  private Amount then(ToDoubleFunction<Double> function) {
    return new Amount(parameters, values -> function.applyAsDouble(at(values)));
  }
}
