package lossmith.proofs.independent;

import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.Arrays;
import lossmith.dsl.Level;
import lossmith.proofs.independent.loops.PlainBatch;

/**
 * A gradient with respect to what is fed where the policy enters by its numbers per token, asked
 * for its slope along a direction of something those numbers are computed from: Σ over columns of
 * the gradient times what central differences say that moving it does to the column. It is the
 * logits, or a column that is trained beside them, such as a temperature inside Σ_v e^(q/η), whose
 * own gradient counts as well.
 *
 * @param subject whose numbers per token
 * @param numbers the batch
 * @param gradients by column
 * @param input the input that is moved
 */
record Pulled(TwoForms subject, PlainBatch numbers, Map<String, double[]> gradients, String input)
    implements Along {
  @Override
  public double of(double[] v) {
    double[] z = numbers.of(input);
    double scale = weighted(numbers, true);
    return Differences.slope(h -> weighted(moved(z, v, h), false), scale).getOrElse(Double.NaN);
  }

  private PlainBatch moved(double[] z, double[] v, double h) {
    double[] y = z.clone();
    Arrays.setAll(y, i -> v[i] == 0 ? z[i] : z[i] + h * v[i]);
    PlainBatch bare = numbers;
    for (String name : subject.statistics().keySet()) {
      bare = bare.without(name);
    }
    return subject
        .statistics()
        .foldLeft(
            bare.with(input, y),
            (all, s) -> all.with(s._1, Level.Name.TOKEN, s._2.of(all, numbers)));
  }

  /** Σ of the gradient times the columns. */
  private double weighted(PlainBatch fed, boolean sizes) {
    double sum = 0;
    Set<String> columns = subject.statistics().keySet().add(input);
    for (String name : columns.filter(gradients::containsKey)) {
      double[] g = gradients.get(name).get();
      double[] x = fed.of(name);
      for (int t = 0; t < g.length; t++) {
        double product = g[t] == 0 ? 0 : g[t] * x[t];
        sum += sizes ? Math.abs(product) : product;
      }
    }
    return sum;
  }

  @Override
  public double largest() {
    return gradients
        .values()
        .map(g -> Arrays.stream(g).map(Math::abs).max().orElse(0))
        .max()
        .getOrElse(0.0);
  }
}
