package lossmith.pieces;

import io.vavr.Lazy;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.function.IntConsumer;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.pieces.BatchSplit;
import lossmith.dsl.pieces.Gathered;
import lossmith.dsl.pieces.Ordered;
import lossmith.ops.CompiledNodes;
import lossmith.ops.memory.Precision;
import lossmith.storage.MemoryBudget;

/**
 * Nodes by name computed on a batch in pieces: as many passes over the pieces as totals of the
 * batch are read by totals, and one more for what has a number for each token, response or prompt.
 * The numbers are those of the whole batch, but for the order of sums.
 */
public final class StreamedNodes {
  private final Map<String, Node> nodes;
  private final Lazy<BatchSplit> split;
  private final Precision precision;
  private final String device;
  private final Map<String, Double> parameters;

  /** Takes the numbers of a piece. */
  @FunctionalInterface
  public interface Sink {
    /** Takes nothing: pieces are read no more often than the numbers of the batch need. */
    Sink NONE = (index, samples, found) -> {};

    /**
     * Takes the numbers of a piece.
     *
     * @param index the piece
     * @param samples the piece itself
     * @param found the numbers of each node by its name, one per element of its level
     */
    void take(int index, Samples samples, Map<String, double[]> found);
  }

  /**
   * Nodes to be computed in pieces.
   *
   * @param nodes bound nodes by name
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}
   * @param parameters values by name; one that is not here has its default, and one that no node
   *     reads is left aside
   */
  public StreamedNodes(
      Map<String, Node> nodes, Precision precision, String device, Map<String, Double> parameters) {
    this.nodes = nodes;
    this.split = Lazy.of(() -> BatchSplit.of(nodes));
    this.precision = precision;
    this.device = device;
    this.parameters = parameters;
  }

  /**
   * {@return the numbers of the nodes of the batch, by name}
   *
   * @param pieces the batch
   * @param sink takes the numbers of all other nodes, piece by piece
   * @param budget what may be in memory of columns that the whole batch determines
   * @param watch is told of progress
   */
  public Map<String, Double> run(Pieces pieces, Sink sink, MemoryBudget budget, Watch watch) {
    if (pieces.count() == 1) {
      return whole(pieces.piece(0), sink);
    }
    try (Totals totals = new Totals(pieces, split.get(), precision, budget)) {
      return passes(pieces, totals, sink, watch);
    }
  }

  private Map<String, Double> passes(Pieces pieces, Totals totals, Sink sink, Watch watch) {
    int all = pieces.count() * (split.get().passes().size() + (sink == Sink.NONE ? 0 : 1));
    int done = 0;
    for (var pass : split.get().passes()) {
      Map<String, Node> asked =
          pass.foldLeft(LinkedHashMap.empty(), (found, total) -> found.merge(total.asked()));
      Map<Gathered, double[]> shares = LinkedHashMap.empty();
      try (CompiledNodes compiled = CompiledNodes.of(asked, precision, device)) {
        for (int i = 0; i < pieces.count(); i++) {
          Map<String, double[]> found = evaluate(compiled, totals.known(i));
          for (var total : pass) {
            if (total instanceof Gathered gathered) {
              double[] share = gathered.share(found);
              shares = shares.put(gathered, share, gathered.gathering()::and);
            } else {
              totals.keep((Ordered) total, i, found);
            }
          }
          watch.read(++done, all);
        }
      }
      for (var total : pass) {
        if (total instanceof Gathered gathered) {
          totals.found(gathered, gathered.gathering().result(shares.get(gathered).get()));
        } else {
          totals.order((Ordered) total);
        }
      }
    }
    if (sink != Sink.NONE) {
      finer(pieces, totals, sink, index -> watch.read(all - pieces.count() + index + 1, all));
    }
    return ofBatch(totals);
  }

  /** A single piece is the batch: what it gives is final. */
  private Map<String, Double> whole(Samples samples, Sink sink) {
    try (CompiledNodes compiled = CompiledNodes.of(nodes, precision, device)) {
      Map<String, double[]> found = evaluate(compiled, samples);
      Map<String, double[]> finer = found.filterKeys(name -> isFiner(nodes.get(name).get()));
      sink.take(0, samples, finer);
      return found.removeAll(finer.keySet()).mapValues(one -> one[0]);
    }
  }

  /** What the totals of the batch give. */
  private Map<String, Double> ofBatch(Totals totals) {
    Map<String, Node> ofBatch = split.get().results().filterValues(node -> !isFiner(node));
    try (CompiledNodes compiled = CompiledNodes.of(ofBatch, precision, device)) {
      return evaluate(compiled, totals.known(0)).mapValues(one -> one[0]);
    }
  }

  /** What has a number for each token, response or prompt, with all totals known. */
  private void finer(Pieces pieces, Totals totals, Sink sink, IntConsumer read) {
    Map<String, Node> finer = split.get().results().filterValues(StreamedNodes::isFiner);
    try (CompiledNodes compiled = CompiledNodes.of(finer, precision, device)) {
      for (int i = 0; i < pieces.count(); i++) {
        Samples piece = totals.known(i);
        sink.take(i, piece, evaluate(compiled, piece));
        read.accept(i);
      }
    }
  }

  private static boolean isFiner(Node node) {
    return node.level() != Level.Name.BATCH;
  }

  private Map<String, double[]> evaluate(CompiledNodes compiled, Samples samples) {
    return compiled.evaluate(samples, parameters.filterKeys(compiled.parameters()::containsKey));
  }
}
