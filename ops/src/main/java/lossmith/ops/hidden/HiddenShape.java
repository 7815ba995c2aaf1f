package lossmith.ops.hidden;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Stream;
import lossmith.dsl.Columns;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Precision;
import lossmith.ops.rows.RowShape;

/**
 * How a pass over hidden states is cut: into chunks of rows, whose logits exist at once, and the
 * vocabulary of a chunk into blocks, whose gradient exists at once.
 *
 * @param head the output layer
 * @param precision the type of the numbers
 * @param rows how many tokens a chunk has
 * @param block how many entries of the vocabulary a block has
 */
public record HiddenShape(Head head, Precision precision, int rows, int block) {
  /** More rows than this make no product quicker. */
  private static final int MOST_ROWS = 1024;

  private static final int MOST_BLOCK = 2048;

  /** Fewer rows than this take hardly less time. */
  private static final int LEAST_ROWS = 64;

  /** The numbers of so many rows are computed at a time. */
  private static final int PART = 16;

  /** How many matrices of a part's logits there are while its numbers are computed. */
  private static final long COPIES = 4;

  /** The largest chunk that a budget of bytes holds; none that holds a row is a problem. */
  public static HiddenShape within(Head head, Precision precision, long budget) {
    long size = precision.bytes();
    int block = Math.min(head.vocabulary(), MOST_BLOCK);
    while (block > 64 && 2L * block * head.width() * size > budget / 6) {
      block /= 2;
    }
    int rows = MOST_ROWS;
    while (rows > 1 && new HiddenShape(head, precision, rows, block).bytes() > budget) {
      rows /= 2;
    }
    HiddenShape shape = new HiddenShape(head, precision, rows, block);
    if (shape.bytes() > budget) {
      throw Problem.of(
              "budget",
              budget + " bytes",
              "at least " + shape.bytes() + " bytes, so that one row of logits exists",
              "a larger budget")
          .exception();
    }
    return shape;
  }

  /** The same with the whole vocabulary as one block. */
  HiddenShape inOneBlock() {
    return new HiddenShape(head, precision, rows, head.vocabulary());
  }

  /** Chunks of half as many rows, of a quarter, and so on. */
  Seq<HiddenShape> smaller() {
    return Stream.iterate(rows / 2, half -> half / 2)
        .takeWhile(fewer -> fewer >= LEAST_ROWS)
        .map(fewer -> new HiddenShape(head, precision, fewer, block))
        .toList();
  }

  /** What a chunk takes: logits, a part's numbers, a block's gradients, hidden states. */
  private long bytes() {
    long grids = 1L + head.layers().size();
    long vocabulary = head.vocabulary();
    long logits = grids * rows * vocabulary * (precision.narrow() ? 2 : 1);
    long numbers = COPIES * grids * partRows() * vocabulary;
    long gradients = 2L * block * rows + 2L * block * head.width();
    return precision.bytes() * (logits + numbers + gradients + 4L * rows * head.width());
  }

  /** How many rows the numbers are computed of at a time. Both are powers of two. */
  int partRows() {
    return Math.min(rows, PART);
  }

  /** The rows of a chunk whose numbers are computed at a time, upright. */
  RowShape part() {
    return shape(partRows(), 1);
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
    return layer == 0 ? BoundLoss.LOGITS : BoundLoss.LOGITS + "." + layer;
  }

  /** How many entries the blocks have: all the same, the last perhaps fewer. */
  Set<Integer> widths() {
    int last = head.vocabulary() % block;
    return last == 0 ? HashSet.of(block) : HashSet.of(block, last);
  }

  /** A chunk in a graph; its logits come transposed out of a matrix product. */
  RowShape chunk() {
    return shape(rows, 0);
  }

  private RowShape shape(int rows, int axis) {
    return new RowShape(
        precision.type(),
        precision.type(),
        precision.saturation(),
        rows,
        head.vocabulary(),
        axis,
        softmaxes());
  }
}
