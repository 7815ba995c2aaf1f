package lossmith.ops;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;

/** Numbers that a narrower type cannot hold, told instead of becoming infinite. */
final class Narrow {
  private Narrow() {}

  /** The first finite number of a column that would be infinite in the type that is computed in. */
  static Seq<Problem> problems(Samples samples, Node.Input input, Precision precision) {
    if (precision == Precision.FLOAT64 || input.level() == Level.Name.VOCABULARY) {
      return List.empty();
    }
    double[] values = samples.column(input.name()).getOrElse(new double[0]);
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i]) && Float.isInfinite((float) values[i])) {
        return List.of(
            Problem.of(
                "precision",
                input.name() + "[" + i + "] = " + values[i],
                "a number that float32 holds, up to " + Float.MAX_VALUE,
                "Precision.FLOAT64"));
      }
    }
    return List.empty();
  }
}
