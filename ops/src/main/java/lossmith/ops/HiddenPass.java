package lossmith.ops;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import lossmith.dsl.Node;
import lossmith.dsl.sweep.Entries;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/**
 * A pass over hidden states: the logits of a few rows exist at a time, and of their gradient a
 * block of the vocabulary. All processors work on one chunk.
 */
final class HiddenPass implements Pass {
  private final HiddenShape shape;
  private final HiddenShape blocks;
  private final Map<String, Node> statistics;
  private final boolean gradient;
  private final Graph graph;
  private final Session session;
  private final Seq<String> numbers;
  private final Map<String, Integer> grids;
  private final Map<String, Integer> columns;

  /**
   * A pass.
   *
   * @param shape how it is cut
   * @param statistics what comes out per row, by name
   * @param gradient dL/dlogits, where this pass writes gradients
   * @param device where it runs
   */
  HiddenPass(
      HiddenShape shape, Map<String, Node> statistics, Option<Node> gradient, DeviceSpec device) {
    this.shape = shape;
    this.statistics = statistics;
    this.gradient = gradient.isDefined();
    Option<Entries> entries = gradient.map(Entries::of);
    // An entry that needs more of the row than numbers has the whole row for a block.
    HiddenShape cut =
        entries.exists(Entries::whole)
            ? new HiddenShape(
                shape.head(), shape.precision(), shape.rows(), shape.head().vocabulary())
            : shape;
    this.blocks = cut;
    this.graph = new Graph();
    Ops tf = Ops.create(graph).withDevice(device);
    try (RowPlan plan = new RowPlan(cut.part(), cut.chunk(), statistics, entries, cut.widths())) {
      this.numbers = List.ofAll(statistics.keySet()).appendAll(plan.made());
      HiddenGraph<?> built = new HiddenGraph<>(tf, shape.precision().type(), cut);
      built.build(plan, numbers, this.gradient);
      this.grids = built.grids();
      this.columns = built.columns();
    }
    int processors = Runtime.getRuntime().availableProcessors();
    this.session = Quiet.during(() -> Sessions.of(graph, processors));
  }

  @Override
  public Map<String, double[]> run(
      Policy policy, int[] chosen, Map<String, double[]> given, Map<String, Double> settings) {
    Map<String, double[]> results = statistics.mapValues(node -> new double[chosen.length]);
    try (HiddenRoom room = new HiddenRoom(blocks, (Policy.Hidden) policy, grids)) {
      for (int start = 0; start < chosen.length; start += shape.rows()) {
        int count = Math.min(shape.rows(), chosen.length - start);
        room.fill(start, count);
        try (HiddenRoom.Columns fed = room.columns(columns, chosen, given, settings)) {
          chunk(room, fed, start, count, results);
        }
      }
    }
    return results;
  }

  private void chunk(
      HiddenRoom room,
      HiddenRoom.Columns fed,
      int start,
      int count,
      Map<String, double[]> results) {
    Session.Runner runner = room.feedLayers(fed.feed(session.runner()));
    for (int i = 0; i < numbers.size(); i++) {
      runner = runner.fetch(HiddenGraph.NUMBER + i);
    }
    int layers = gradient ? blocks.grids().size() : 0;
    for (int layer = 0; layer < layers; layer++) {
      runner = runner.fetch(HiddenGraph.LOGITS + layer);
    }
    try (Result found = runner.run()) {
      for (int i = 0; i < statistics.size(); i++) {
        Rows.read(found.get(i), 0, results.get(numbers.get(i)).get(), start, count);
      }
      if (gradient) {
        for (int begin = 0; begin < shape.head().vocabulary(); begin += blocks.block()) {
          block(room, fed, found, begin);
        }
        room.leave(start, count);
      }
    }
  }

  /** The gradients of a block of the vocabulary, the logits of the chunk and its numbers given. */
  private void block(HiddenRoom room, HiddenRoom.Columns fed, Result found, int begin) {
    int width = Math.min(blocks.block(), shape.head().vocabulary() - begin);
    try (TInt32 at = TInt32.scalarOf(begin)) {
      Session.Runner runner =
          room.feedBlock(fed.feed(session.runner())).feed(HiddenGraph.BEGIN, at);
      for (int i = 0; i < numbers.size(); i++) {
        runner = runner.feed(HiddenGraph.NUMBER + i, found.get(i));
      }
      for (int layer = 0; layer < blocks.grids().size(); layer++) {
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
