package lossmith.ops.hidden;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.ArrayList;
import lossmith.ops.graph.RaggedIndex;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.NativeSums;
import lossmith.ops.memory.Policy;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Buffers for one chunk of a policy of hidden states. Rows behind the last token have hidden states
 * of zero and repeat its columns, so that their results are finite and add nothing.
 */
final class HiddenBuffers implements AutoCloseable {
  private final HiddenShape shape;
  private final Policy.Hidden policy;
  private final Map<String, Integer> grids;
  private final Seq<Policy.Layer> layers;
  private final ArrayList<Tensor> hidden = new ArrayList<>();
  private final java.util.Map<String, Tensor> entries = new java.util.HashMap<>();
  private final TNumber gradient;
  private final TNumber valid;
  private int start;
  private int count;

  HiddenBuffers(HiddenShape shape, Policy.Hidden policy, Map<String, Integer> grids) {
    this.shape = shape;
    this.policy = policy;
    this.grids = grids;
    this.layers =
        List.of(policy.layer())
            .appendAll(shape.head().layers().map(name -> policy.layers().get(name).get()));
    Class<? extends TNumber> narrow = shape.precision().matrices();
    layers.forEach(layer -> hidden.add(rows(narrow, layer.hidden().columns())));
    grids.keySet().forEach(name -> entries.put(name, rows(narrow, shape.head().vocabulary())));
    this.gradient = rows(shape.precision().type(), policy.layer().hidden().columns());
    this.valid = rows(shape.precision().type(), 1);
  }

  /** Rows of a chunk, written whole whenever it is filled. */
  private TNumber rows(Class<? extends TNumber> type, long columns) {
    return Tensor.of(type, Shape.of(shape.rows(), columns));
  }

  /** Takes the rows from {@code start}. */
  void fill(int start, int count) {
    this.start = start;
    this.count = count;
    for (int layer = 0; layer < layers.size(); layer++) {
      take(layers.get(layer).hidden(), hidden.get(layer));
    }
    entries.forEach((name, tensor) -> take(policy.grids().get(name).get(), tensor));
    NativeNumbers.clear(gradient, 0, shape.rows());
    double[] ones = new double[shape.rows()];
    java.util.Arrays.fill(ones, 0, count, 1);
    NativeNumbers.write(valid, 0, ones, 0, ones.length);
  }

  private void take(Matrix from, Tensor into) {
    NativeNumbers.copy(from.memory(), start, into, 0, count);
    if (count < shape.rows()) {
      NativeNumbers.clear(into, count, shape.rows() - count);
    }
  }

  Session.Runner feedLayers(Session.Runner runner) {
    Session.Runner fed = runner;
    for (int layer = 0; layer < layers.size(); layer++) {
      fed =
          fed.feed(HiddenGraph.HIDDEN + layer, hidden.get(layer))
              .feed(HiddenGraph.WEIGHT + layer, layers.get(layer).weight().tensor());
    }
    if (shape.head().bias()) {
      fed = fed.feed(HiddenGraph.BIAS + 0, policy.layer().bias().get().tensor());
    }
    return feedGrids(fed);
  }

  Session.Runner feedBlock(Session.Runner runner) {
    Session.Runner fed =
        runner
            .feed(HiddenGraph.HIDDEN + 0, hidden.get(0))
            .feed(HiddenGraph.WEIGHT + 0, policy.layer().weight().tensor());
    return feedGrids(shape.head().bias() ? fed.feed(HiddenGraph.VALID, valid) : fed);
  }

  private Session.Runner feedGrids(Session.Runner runner) {
    return grids.foldLeft(
        runner, (fed, grid) -> fed.feed(HiddenGraph.GRID + grid._2, entries.get(grid._1)));
  }

  /** Adds a block's gradients of hidden states, weight and bias, in this order. */
  void add(java.util.List<Tensor> parts, int begin, int width) {
    NativeSums.add(parts.get(0), gradient, 0, count);
    NativeSums.add(parts.get(1), policy.gradient().weight().tensor(), begin, width);
    if (shape.head().bias()) {
      Tensor bias = policy.gradient().bias().get().tensor();
      double[] more = new double[width];
      double[] sum = new double[width];
      NativeNumbers.read(parts.get(2), 0, more, 0, width);
      NativeNumbers.read(bias, begin, sum, 0, width);
      for (int v = 0; v < width; v++) {
        sum[v] += more[v];
      }
      NativeNumbers.write(bias, begin, sum, 0, width);
    }
  }

  /** Writes the gradient of the chunk's hidden states to the policy's matrix. */
  void leave(int start, int count) {
    NativeNumbers.copy(gradient, 0, policy.gradient().hidden().memory(), start, count);
  }

  /** What is fed of columns, parameters and sampled entries. */
  Columns columns(Map<String, Integer> places, Given given) {
    Columns columns = new Columns();
    places.forEach(
        (name, place) ->
            columns.put(
                HiddenGraph.COLUMN + place,
                name.equals(RaggedIndex.SAMPLED) ? sampled(given.sampled) : column(name, given)));
    return columns;
  }

  /** What a pass reads besides matrices: sampled entries, a number per token, a number for all. */
  static final class Given {
    private final int[] sampled;
    private final Map<String, double[]> columns;
    private final Map<String, Double> parameters;

    Given(int[] sampled, Map<String, double[]> columns, Map<String, Double> parameters) {
      this.sampled = sampled;
      this.columns = columns;
      this.parameters = parameters;
    }
  }

  private Tensor sampled(int[] all) {
    int[] here = new int[shape.rows()];
    for (int row = 0; row < here.length; row++) {
      here[row] = all[at(row)];
    }
    TInt32 tensor = TInt32.tensorOf(Shape.of(here.length));
    var unused = tensor.asRawTensor().data().asInts().write(here);
    return tensor;
  }

  private Tensor column(String name, Given given) {
    double[] here;
    if (given.columns.containsKey(name)) {
      double[] all = given.columns.get(name).get();
      here = new double[shape.rows()];
      for (int row = 0; row < here.length; row++) {
        here[row] = all[at(row)];
      }
    } else {
      here = new double[] {given.parameters.get(name).get()};
    }
    TNumber tensor = Tensor.of(shape.precision().type(), Shape.of(here.length));
    NativeNumbers.write(tensor, 0, here, 0, here.length);
    return tensor;
  }

  private int at(int row) {
    return start + Math.min(row, count - 1);
  }

  @Override
  public void close() {
    hidden.forEach(Tensor::close);
    entries.values().forEach(Tensor::close);
    gradient.close();
    valid.close();
  }

  /** Small tensors that are fed to every run of a chunk. */
  static final class Columns implements AutoCloseable {
    private final java.util.Map<String, Tensor> tensors = new java.util.LinkedHashMap<>();

    private void put(String name, Tensor tensor) {
      tensors.put(name, tensor);
    }

    Session.Runner feed(Session.Runner runner) {
      Session.Runner fed = runner;
      for (var tensor : tensors.entrySet()) {
        fed = fed.feed(tensor.getKey(), tensor.getValue());
      }
      return fed;
    }

    @Override
    public void close() {
      tensors.values().forEach(Tensor::close);
    }
  }
}
