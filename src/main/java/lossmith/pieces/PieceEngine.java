package lossmith.pieces;

import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.data.Samples;

/**
 * Who computes nodes on the pieces of a batch: this process, or others on many machines. In which
 * passes the batch is read, and what is joined of what the pieces gave, is the same for all of them
 * ({@link StreamedNodes}).
 */
public interface PieceEngine {
  /** Takes the numbers of a piece. */
  @FunctionalInterface
  interface Sink {
    /** Takes nothing: pieces are read no more often than the numbers of the batch need. */
    Sink NONE = (index, samples, found) -> {};

    /**
     * Takes the numbers of a piece.
     *
     * @param index the piece
     * @param samples the piece itself
     * @param found the numbers of each node by its name, one per element of its level
     */
    void take(int index, Supplier<Samples> samples, Map<String, double[]> found);
  }

  /** {@return the batch} */
  Pieces pieces();

  /** {@return the batch as one piece, where it is no more than that and here} */
  Option<Samples> whole();

  /**
   * Computes nodes on every piece.
   *
   * @param work what is computed
   * @param known what is known of the batch, columns of every piece
   * @param sink takes what was found, once for each piece, one at a time and in any order
   * @param watch is told how many pieces are done
   */
  void evaluate(PieceWork work, BatchKnown known, Sink sink, Watch watch);

  /**
   * Computes what somebody wants to have of every piece. An engine that was told to keep it where
   * the pieces are does that, and gives nothing to the sink.
   *
   * @param work what is computed
   * @param known what is known of the batch
   * @param sink takes what was found, as before
   * @param watch is told how many pieces are done
   */
  default void deliver(PieceWork work, BatchKnown known, Sink sink, Watch watch) {
    evaluate(work, known, sink, watch);
  }
}
