package lossmith.ops;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.Bound;

/**
 * How a pass over hidden states is cut: into chunks of rows, whose logits exist at once, and the
 * vocabulary of a chunk into blocks, whose gradient exists at once.
 *
 * @param head the output layer
 * @param precision the type of the numbers
 * @param rows how many tokens a chunk has
 * @param block how many entries of the vocabulary a block has
 */
record HiddenShape(Head head, Precision precision, int rows, int block) {
  /** More rows than this make no product quicker. */
  private static final int MOST_ROWS = 1024;

  private static final int MOST_BLOCK = 2048;

  /** How many matrices of a chunk's logits there are per output layer: they, and their weights. */
  private static final int COPIES = 2;

  /** The largest chunk that a budget of bytes holds; none that holds a row is a problem. */
  static HiddenShape within(Head head, Precision precision, long budget) {
    long size = precision.bytes();
    int block = Math.min(head.vocabulary(), MOST_BLOCK);
    while (block > 64 && block * (long) head.width() * size > budget / 4) {
      block /= 2;
    }
    long fixed = block * (long) head.width() * size;
    if (precision.narrow()) {
      fixed += block * (long) head.width() * size;
    }
    long grids = 1 + head.layers().size();
    long row =
        size
            * (COPIES * grids * (long) head.vocabulary()
                + 2L * block
                + 4L * head.width());
    long rows = (budget - fixed) / row;
    if (rows < 1) {
      throw Problem.of(
              "budget",
              budget + " bytes",
              "at least " + (fixed + row) + " bytes, so that one row of logits exists",
              "a larger budget")
          .exception();
    }
    int whole = (int) Math.min(rows, MOST_ROWS);
    return new HiddenShape(head, precision, whole > 16 ? whole / 16 * 16 : whole, block);
  }

  /** The grids that are log-probabilities, and the logits behind them. */
  Map<String, String> softmaxes() {
    return grids().zipWithIndex().toLinkedMap(g -> io.vavr.Tuple.of(g._1, logits(g._2)));
  }

  /** The grids that come out of an output layer, the policy's first. */
  Seq<String> grids() {
    return List.of(Columns.LOG_PI).appendAll(head.layers());
  }

  /** The name of the logits of an output layer. */
  static String logits(int layer) {
    return layer == 0 ? Bound.LOGITS : Bound.LOGITS + "." + layer;
  }

  /** How many entries the blocks have: all the same, the last perhaps fewer. */
  Set<Integer> widths() {
    int last = head.vocabulary() % block;
    return last == 0 ? HashSet.of(block) : HashSet.of(block, last);
  }

  /** A chunk in a graph; its logits come transposed out of a matrix product. */
  RowShape chunk() {
    return new RowShape(
        precision.type(),
        precision.type(),
        precision.saturation(),
        rows,
        head.vocabulary(),
        0,
        HashMap.ofAll(softmaxes().toJavaMap()));
  }
}
