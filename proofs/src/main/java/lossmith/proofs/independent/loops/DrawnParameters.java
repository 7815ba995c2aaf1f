package lossmith.proofs.independent.loops;

import static lossmith.dsl.Terms.parameter;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Random;
import lossmith.dsl.Parameter;

/** The parameters of a drawn objective, some of them left at their defaults. */
public final class DrawnParameters {
  private static final Map<String, double[]> KNOWN =
      HashMap.of(
          "alpha", new double[] {0.5, 0, 2},
          "beta", new double[] {1.5, 0.1, 3},
          "gamma", new double[] {-0.3, -2, 2},
          "low", new double[] {0.2, 0, 1},
          "high", new double[] {0.3, 0, 2},
          "fraction", new double[] {0.6, 0, 1});

  private final Random random;
  private Map<String, Knob> turned = LinkedHashMap.empty();
  private Map<String, Double> parameters = LinkedHashMap.empty();

  DrawnParameters(Random random) {
    this.random = random;
  }

  /** A parameter and its default. */
  record Knob(Parameter parameter, double otherwise) {
    double of(PlainBatch numbers) {
      return numbers.set(parameter.name(), otherwise);
    }
  }

  Knob any() {
    return named(io.vavr.collection.List.of("alpha", "beta", "gamma").get(random.nextInt(3)));
  }

  Knob low() {
    return named("low");
  }

  Knob high() {
    return named("high");
  }

  Knob fraction() {
    return named("fraction");
  }

  /** What was drawn of them; those that keep their default are not here. */
  public Map<String, Double> parameters() {
    return parameters;
  }

  private Knob named(String name) {
    Knob known =
        turned
            .get(name)
            .getOrElse(
                () -> {
                  double[] range = KNOWN.get(name).get();
                  return new Knob(parameter(name, range[0], range[1], range[2]), range[0]);
                });
    if (!turned.containsKey(name) && random.nextInt(3) > 0) {
      double[] range = KNOWN.get(name).get();
      parameters = parameters.put(name, range[1] + random.nextDouble() * (range[2] - range[1]));
    }
    turned = turned.put(name, known);
    return known;
  }

  /** The names of those that were asked for. */
  public io.vavr.collection.Set<String> names() {
    return turned.keySet();
  }
}
