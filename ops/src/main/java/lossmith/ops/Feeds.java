package lossmith.ops;

import io.vavr.collection.Map;
import java.util.ArrayList;
import java.util.List;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** Samples and settings as tensors, closed together. */
final class Feeds implements AutoCloseable {
  private final List<Tensor> tensors = new ArrayList<>();
  private final Precision precision;

  Feeds(Precision precision) {
    this.precision = precision;
  }

  void structure(Session.Runner runner, Samples samples) {
    feed(
        runner,
        Structure.SEQUENCE_OF_TOKEN,
        ints(samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE)));
    feed(
        runner,
        Structure.GROUP_OF_SEQUENCE,
        ints(samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP)));
    feed(runner, Structure.GROUPS, kept(TInt32.scalarOf(samples.size(Level.Name.GROUP))));
    feed(runner, Structure.WIDTH, kept(TInt32.scalarOf(samples.vocabulary())));
    feed(
        runner,
        Structure.CHOSEN,
        ints(samples.chosen().getOrElse(() -> new int[samples.tokens()])));
  }

  void numbers(
      Session.Runner runner,
      String name,
      Node node,
      Samples samples,
      Map<String, Double> settings) {
    if (node.level() == Level.Name.VOCABULARY && node instanceof Node.Input input) {
      String grid = input.name().equals(Columns.LOG_PI) ? Bound.LOGITS : input.name();
      feed(runner, name, grid(samples.grid(grid).getOrElseThrow(() -> missing(grid))));
    } else if (node instanceof Node.Input input) {
      double[] column = samples.column(input.name()).getOrElseThrow(() -> missing(input.name()));
      if (column.length != samples.size(input.level())) {
        throw Problem.of(
                "column",
                input.name() + " with " + column.length + " numbers",
                samples.size(input.level()) + " numbers, one per " + input.level(),
                "a column at that level")
            .exception();
      }
      feed(runner, name, vector(column));
    } else {
      feed(runner, name, vector(new Reference(samples, settings).of(node)));
    }
  }

  private static RuntimeException missing(String column) {
    return Problem.of(
            "column",
            "samples without " + column,
            "the column " + column,
            "samples with that column")
        .exception();
  }

  private static void feed(Session.Runner runner, String name, Tensor tensor) {
    Session.Runner unused = runner.feed(name, tensor);
  }

  private <T extends Tensor> T kept(T tensor) {
    tensors.add(tensor);
    return tensor;
  }

  private Tensor ints(int[] values) {
    return kept(TInt32.tensorOf(Shape.of(values.length), DataBuffers.of(values)));
  }

  private Tensor vector(double[] values) {
    return tensor(Shape.of(values.length), values);
  }

  private Tensor tensor(Shape shape, double[] values) {
    if (precision == Precision.FLOAT64) {
      return kept(TFloat64.tensorOf(shape, DataBuffers.of(values)));
    }
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return kept(TFloat32.tensorOf(shape, DataBuffers.of(narrow)));
  }

  private Tensor grid(Grid grid) {
    double[] values = new double[grid.rows() * grid.width()];
    for (int row = 0; row < grid.rows(); row++) {
      for (int v = 0; v < grid.width(); v++) {
        values[row * grid.width() + v] = grid.get(row, v);
      }
    }
    return tensor(Shape.of(grid.rows(), grid.width()), values);
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
