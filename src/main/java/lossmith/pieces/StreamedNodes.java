package lossmith.pieces;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.pieces.BatchSplit;
import lossmith.dsl.pieces.Gathered;
import lossmith.dsl.pieces.Ordered;
import lossmith.ops.CompiledNodes;
import lossmith.ops.memory.Precision;

/**
 * Nodes by name computed on a batch in pieces: as many passes over the pieces as totals of the
 * batch are read by totals, and one more for what has a number for each token, response or prompt.
 * The numbers are those of the whole batch, but for the order of sums.
 */
public final class StreamedNodes {
  private final BatchSplit split;
  private final Precision precision;
  private final String device;
  private final Map<String, Double> parameters;

  /** Takes the numbers of a piece. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes the numbers of a piece.
     *
     * @param index the piece
     * @param samples the piece itself
     * @param found the numbers of each node by its name, one per element of its level
     */
    void take(int index, Samples samples, Map<String, double[]> found);
  }

  /** Is told that a piece was read. */
  @FunctionalInterface
  public interface Watch {
    /**
     * Is told that a piece was read.
     *
     * @param done how many pieces were read so far, in all passes
     * @param all how many are read in all
     */
    void read(int done, int all);
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
    this.split = BatchSplit.of(nodes);
    this.precision = precision;
    this.device = device;
    this.parameters = parameters;
  }

  /** {@return how often each piece is read} */
  public int passes() {
    return split.passes().size() + (finer().isEmpty() ? 0 : 1);
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
    Totals totals = new Totals(pieces, split, precision, budget);
    int done = 0;
    for (var pass : split.passes()) {
      Map<String, Node> asked =
          pass.foldLeft(LinkedHashMap.empty(), (all, total) -> all.merge(total.asked()));
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
          watch.read(++done, passes() * pieces.count());
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
    return finish(pieces, totals, sink, watch, done);
  }

  private Map<String, Double> finish(
      Pieces pieces, Totals totals, Sink sink, Watch watch, int before) {
    Map<String, Node> ofPieces = finer();
    Map<String, Node> ofBatch = split.results().removeAll(ofPieces.keySet());
    Map<String, double[]> numbers;
    try (CompiledNodes compiled = CompiledNodes.of(ofBatch, precision, device)) {
      numbers = evaluate(compiled, totals.known(0));
    }
    if (!ofPieces.isEmpty()) {
      try (CompiledNodes compiled = CompiledNodes.of(ofPieces, precision, device)) {
        for (int i = 0; i < pieces.count(); i++) {
          Samples piece = totals.known(i);
          sink.take(i, piece, evaluate(compiled, piece));
          watch.read(before + i + 1, passes() * pieces.count());
        }
      }
    }
    return numbers.mapValues(one -> one[0]);
  }

  private Map<String, Node> finer() {
    return split.results().filterValues(node -> node.level() != Level.Name.BATCH);
  }

  private Map<String, double[]> evaluate(CompiledNodes compiled, Samples samples) {
    return compiled.evaluate(samples, parameters.filterKeys(compiled.parameters()::containsKey));
  }
}
