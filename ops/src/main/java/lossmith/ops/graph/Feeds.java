package lossmith.ops.graph;

import io.vavr.collection.Map;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.Precision;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** Samples and parameters as tensors, closed together. */
public final class Feeds implements AutoCloseable {
  private final List<Tensor> tensors = new ArrayList<>();
  private final Precision precision;

  public Feeds(Precision precision) {
    this.precision = precision;
  }

  public void structure(Session.Runner runner, Samples samples, int vocabulary) {
    feed(
        runner,
        RaggedIndex.SEQUENCE_OF_TOKEN,
        ints(samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE)));
    feed(
        runner,
        RaggedIndex.GROUP_OF_SEQUENCE,
        ints(samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP)));
    feed(runner, RaggedIndex.GROUPS, kept(TInt32.scalarOf(samples.size(Level.Name.GROUP))));
    feed(runner, RaggedIndex.WIDTH, kept(TInt32.scalarOf(vocabulary)));
    feed(
        runner,
        RaggedIndex.SAMPLED,
        ints(samples.sampled().getOrElse(() -> new int[samples.tokens()])));
  }

  public void numbers(
      Session.Runner runner,
      String name,
      Node node,
      Samples samples,
      Map<String, Double> parameters) {
    if (node instanceof Node.Input input) {
      String source = InputChecks.source(input);
      feed(
          runner,
          name,
          input.level() == Level.Name.VOCABULARY
              ? grid(samples.grid(source).get())
              : vector(samples.column(source).get()));
    } else {
      double[] values = new Reference(samples, parameters).of(node);
      feed(runner, name, vector(node instanceof Node.Uniform ? belowOne(values) : values));
    }
  }

  /** Random numbers stay below 1 in the narrower type too. */
  private double[] belowOne(double[] values) {
    double most = precision == Precision.FLOAT64 ? Math.nextDown(1.0) : Math.nextDown(1.0f);
    return Arrays.stream(values).map(u -> Math.min(u, most)).toArray();
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
    Tensor tensor = empty(Shape.of(values.length));
    NativeNumbers.write(tensor, 0, values, 0, values.length);
    return tensor;
  }

  /** Row by row, because a grid may be as large as memory allows. */
  private Tensor grid(Grid grid) {
    Tensor tensor = empty(Shape.of(grid.rows(), grid.width()));
    double[] line = new double[grid.width()];
    for (int row = 0; row < grid.rows(); row++) {
      for (int v = 0; v < line.length; v++) {
        line[v] = grid.get(row, v);
      }
      NativeNumbers.write(tensor, (long) row * line.length, line, 0, line.length);
    }
    return tensor;
  }

  private Tensor empty(Shape shape) {
    return kept(
        precision == Precision.FLOAT64 ? TFloat64.tensorOf(shape) : TFloat32.tensorOf(shape));
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
