package lossmith.ops.hidden;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import lossmith.dsl.Node;
import lossmith.dsl.sweep.EntryGradient;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.Policy;
import lossmith.ops.rows.RowPlan;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/**
 * The chunks of one size of a pass over hidden states: the logits of a few rows exist at a time,
 * and of their gradient a block of the vocabulary. All processors work on one chunk.
 */
final class HiddenChunks implements AutoCloseable {
  private final HiddenShape shape;
  private final Map<String, Node> statistics;
  private final boolean gradient;
  private final Graph graph = new Graph();
  private final Session session;
  private final Seq<String> numbers;
  private final Map<String, Integer> grids;
  private final Map<String, Integer> columns;

  /**
   * Chunks.
   *
   * @param shape their size, and how they are cut
   * @param statistics what comes out per row, by name
   * @param entries dL/dlogits, where this pass writes gradients
   * @param device where it runs
   */
  HiddenChunks(
      HiddenShape shape,
      Map<String, Node> statistics,
      Option<EntryGradient> entries,
      DeviceSpec device) {
    this.shape = shape;
    this.statistics = statistics;
    this.gradient = entries.isDefined();
    Ops tf = Ops.create(graph).withDevice(device);
    try (RowPlan plan =
        new RowPlan(shape.part(), shape.chunk(), statistics, entries, shape.widths())) {
      this.numbers = List.ofAll(statistics.keySet()).appendAll(plan.made());
      HiddenGraph<?> built = new HiddenGraph<>(tf, shape.precision().type(), shape);
      built.build(plan, numbers, this.gradient);
      this.grids = built.grids();
      this.columns = built.columns();
    }
    int processors = Runtime.getRuntime().availableProcessors();
    this.session = TensorFlowRuntime.during(() -> Sessions.of(graph, processors));
  }

  /** How many rows a chunk has. */
  int rows() {
    return shape.rows();
  }

  /** Runs over the rows of a part of the tokens, statistics going to their places in results. */
  void run(
      int from,
      int to,
      Policy.Hidden policy,
      HiddenBuffers.Given given,
      Map<String, double[]> results) {
    try (HiddenBuffers room = new HiddenBuffers(shape, policy, grids)) {
      for (int start = from; start < to; start += shape.rows()) {
        int count = Math.min(shape.rows(), to - start);
        room.fill(start, count);
        try (HiddenBuffers.Columns fed = room.columns(columns, given)) {
          chunk(room, fed, start, count, results);
        }
      }
    }
  }

  private void chunk(
      HiddenBuffers room,
      HiddenBuffers.Columns fed,
      int start,
      int count,
      Map<String, double[]> results) {
    Session.Runner runner = room.feedLayers(fed.feed(session.runner()));
    for (int i = 0; i < numbers.size(); i++) {
      runner = runner.fetch(HiddenGraph.NUMBER + i);
    }
    int layers = gradient ? shape.grids().size() : 0;
    for (int layer = 0; layer < layers; layer++) {
      runner = runner.fetch(HiddenGraph.LOGITS + layer);
    }
    try (Result found = runner.run()) {
      for (int i = 0; i < statistics.size(); i++) {
        NativeNumbers.read(found.get(i), 0, results.get(numbers.get(i)).get(), start, count);
      }
      if (gradient) {
        for (int begin = 0; begin < shape.head().vocabulary(); begin += shape.block()) {
          block(room, fed, found, begin);
        }
        room.leave(start, count);
      }
    }
  }

  /** The gradients of a block of the vocabulary, the logits of the chunk and its numbers given. */
  private void block(HiddenBuffers room, HiddenBuffers.Columns fed, Result found, int begin) {
    int width = Math.min(shape.block(), shape.head().vocabulary() - begin);
    try (TInt32 at = TInt32.scalarOf(begin)) {
      Session.Runner runner =
          room.feedBlock(fed.feed(session.runner())).feed(HiddenGraph.BEGIN, at);
      for (int i = 0; i < numbers.size(); i++) {
        runner = runner.feed(HiddenGraph.NUMBER + i, found.get(i));
      }
      for (int layer = 0; layer < shape.grids().size(); layer++) {
        runner = runner.feed(HiddenGraph.LOGITS + layer, found.get(numbers.size() + layer));
      }
      runner =
          runner
              .fetch(HiddenGraph.HIDDEN_GRADIENT + width)
              .fetch(HiddenGraph.WEIGHT_GRADIENT + width);
      if (shape.head().bias()) {
        runner = runner.fetch(HiddenGraph.BIAS_GRADIENT + width);
      }
      try (Result parts = runner.run()) {
        ArrayList<Tensor> all = new ArrayList<>();
        parts.forEach(part -> all.add(part.getValue()));
        room.add(all, begin, width);
      }
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
