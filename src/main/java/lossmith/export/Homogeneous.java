package lossmith.export;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;

/**
 * Whether a loss is proportional to some of its columns together, as drawn numbers show: c times
 * them, for several c > 0, give c times the loss.
 *
 * @param loss over columns of tokens and responses
 */
record Homogeneous(Loss loss) {
  private static final int[] LENGTHS = {3, 1, 4, 2};
  private static final List<Double> FACTORS = List.of(0.25, 3.0, 40.0);
  private static final double TOLERANCE = 1e-9;

  /** {@return whether it is} */
  boolean in(Map<String, Node> columns) {
    return List.range(0, 4).forAll(seed -> in(columns, seed));
  }

  private boolean in(Map<String, Node> columns, int seed) {
    double once = value(columns, seed, 1);
    return FACTORS.forAll(
        c -> Math.abs(value(columns, seed, c) - c * once) <= TOLERANCE * c * (1 + Math.abs(once)));
  }

  private double value(Map<String, Node> columns, int seed, double factor) {
    Random random = new Random(seed);
    SamplesBuilder builder = new SamplesBuilder(LENGTHS, new int[] {0, 0, 1, 1});
    Node value = loss.value().node();
    for (Node.Input input : Inputs.of(List.of(value)).columns().distinctBy(Node.Input::name)) {
      boolean made = input.name().equals(Columns.POSITION);
      int n = input.level() == Level.Name.TOKEN ? 10 : LENGTHS.length;
      double scale = columns.containsKey(input.name()) ? factor : 1;
      double[] numbers = random.doubles(n, -1, 1).map(x -> scale * x).toArray();
      builder = made ? builder : builder.column(input.name(), input.level(), numbers);
    }
    Samples samples = builder.build();
    return new Reference(samples, HashMap.empty()).number(value);
  }
}
