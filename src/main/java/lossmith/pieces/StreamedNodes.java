package lossmith.pieces;

import io.vavr.Lazy;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Objects;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.pieces.BatchSplit;
import lossmith.dsl.pieces.BatchTotal;
import lossmith.dsl.pieces.Gathered;
import lossmith.dsl.pieces.Ordered;
import lossmith.ops.CompiledNodes;
import lossmith.storage.MemoryBudget;

/**
 * Nodes by name computed on a batch in pieces: as many passes over the pieces as totals of the
 * batch are read by totals, and one more for what has a number for each token, response or prompt.
 * The numbers are those of the whole batch, but for the order of sums.
 */
public final class StreamedNodes {
  private final PieceWork work;
  private final Lazy<BatchSplit> split;

  /**
   * Nodes to be computed in pieces.
   *
   * @param work the nodes, and how they are computed
   */
  public StreamedNodes(PieceWork work) {
    this.work = work;
    this.split = Lazy.of(() -> BatchSplit.of(work.nodes()));
  }

  /**
   * {@return the numbers of the nodes of the batch, by name}
   *
   * @param engine who has the batch and computes
   * @param sink takes the numbers of all other nodes, piece by piece
   * @param budget what may be in memory of columns that the whole batch determines
   * @param watch is told of progress
   */
  public Map<String, Double> run(
      PieceEngine engine, PieceEngine.Sink sink, MemoryBudget budget, Watch watch) {
    Option<Samples> whole = engine.whole();
    if (whole.isDefined()) {
      return whole(work.view().of(whole.get()), sink);
    }
    try (Totals totals = new Totals(engine.pieces(), split.get(), work.precision(), budget)) {
      return passes(engine, totals, sink, watch);
    }
  }

  private Map<String, Double> passes(
      PieceEngine engine, Totals totals, PieceEngine.Sink sink, Watch watch) {
    long pieces = engine.pieces().count();
    long all = pieces * (split.get().passes().size() + (sink == PieceEngine.Sink.NONE ? 0 : 1));
    long before = 0;
    for (Seq<BatchTotal> pass : split.get().passes()) {
      long passed = before;
      pass(engine, pass, totals, (done, unused) -> watch.read(passed + done, all));
      before += pieces;
    }
    if (sink != PieceEngine.Sink.NONE) {
      long passed = before;
      engine.deliver(
          work.of(split.get().results().filterValues(StreamedNodes::isFiner)),
          totals.known(),
          sink,
          (done, unused) -> watch.read(passed + done, all));
    }
    return ofBatch(engine, totals);
  }

  /** Finds the totals of a pass; shares are joined in the order of the pieces. */
  private void pass(PieceEngine engine, Seq<BatchTotal> pass, Totals totals, Watch watch) {
    Map<String, Node> asked =
        pass.foldLeft(LinkedHashMap.empty(), (found, total) -> found.merge(total.asked()));
    java.util.Map<Gathered, double[][]> shares = new HashMap<>();
    engine.evaluate(
        work.of(asked),
        totals.known(),
        (index, samples, found) -> {
          for (BatchTotal total : pass) {
            if (total instanceof Gathered gathered) {
              shares
                      .computeIfAbsent(gathered, key -> new double[engine.pieces().count()][])[
                      index] =
                  gathered.share(found);
            } else {
              totals.keep((Ordered) total, index, found);
            }
          }
        },
        watch);
    for (BatchTotal total : pass) {
      if (total instanceof Gathered gathered) {
        double[][] own = Objects.requireNonNull(shares.get(gathered));
        double[] joined = own[0];
        for (int i = 1; i < own.length; i++) {
          joined = gathered.gathering().and(joined, own[i]);
        }
        totals.found(gathered, gathered.gathering().result(joined));
      } else {
        totals.order((Ordered) total);
      }
    }
  }

  /** A single piece is the batch: what it gives is final. */
  private Map<String, Double> whole(Samples samples, PieceEngine.Sink sink) {
    try (CompiledNodes compiled = work.compile()) {
      Map<String, double[]> found = work.on(compiled, samples);
      Map<String, double[]> finer = found.filterKeys(name -> isFiner(work.nodes().get(name).get()));
      sink.take(0, () -> samples, finer);
      return found.removeAll(finer.keySet()).mapValues(one -> one[0]);
    }
  }

  /** What the totals of the batch give: nothing of a piece is read. */
  private Map<String, Double> ofBatch(PieceEngine engine, Totals totals) {
    PieceWork ofBatch = work.of(split.get().results().filterValues(node -> !isFiner(node)));
    Samples some = BatchKnown.withNumbers(engine.pieces().piece(0), totals.known().numbers());
    try (CompiledNodes compiled = ofBatch.compile()) {
      return ofBatch.on(compiled, some).mapValues(one -> one[0]);
    }
  }

  private static boolean isFiner(Node node) {
    return node.level() != Level.Name.BATCH;
  }
}
