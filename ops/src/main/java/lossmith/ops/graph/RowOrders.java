package lossmith.ops.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.math.Cumsum;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** Orders within each row of a matrix, the largest key first. */
public final class RowOrders {
  private final Ops tf;

  public RowOrders(Ops tf) {
    this.tf = tf;
  }

  /**
   * Keys of an order: those of entries that cannot happen, -∞, are the lowest number of their type,
   * and so still in front of what does not count at all.
   */
  public <T extends TNumber> Operand<T> keys(Operand<T> x) {
    double lowest = x.type() == TFloat64.class ? -Double.MAX_VALUE : -Float.MAX_VALUE;
    return tf.math.maximum(x, tf.dtypes.cast(tf.constant(lowest), x.type()));
  }

  /** The place of each entry in the order of its row. */
  public <T extends TNumber> Operand<TInt32> places(Operand<T> keys, Operand<TInt32> width) {
    return inverse(order(keys, width), width);
  }

  /** The entries of each row in the order of their keys, or back to where such entries stood. */
  public <T extends TNumber> Operand<T> permuted(
      Operand<T> x, Operand<T> key, Operand<TInt32> width, boolean inverse) {
    Operand<TInt32> order = order(keys(key), width);
    Operand<TInt32> from = inverse ? inverse(order, width) : order;
    return taken(x, from);
  }

  /**
   * At each entry, the sum over the entries of its row with the same key, or with one that is not
   * above its own.
   */
  public <T extends TNumber> Operand<T> sumByKey(
      Operand<T> x, Operand<T> key, Operand<TInt32> width, boolean cumulative, Class<T> type) {
    Operand<T> keys = keys(key);
    Operand<TInt32> order = order(keys, width);
    Operand<TBool> first = first(taken(keys, order), width);
    Operand<TInt32> run = tf.math.cumsum(tf.dtypes.cast(first, TInt32.class), tf.constant(1));
    Operand<TInt32> row = count(tf.gather(tf.shape(x), tf.constant(0), tf.constant(0)));
    Operand<TInt32> before = tf.math.mul(tf.expandDims(row, tf.constant(1)), width);
    Operand<TInt32> segment = tf.math.add(before, tf.math.sub(run, tf.constant(1)));
    Operand<TFloat64> values = tf.dtypes.cast(taken(x, order), TFloat64.class);
    Operand<TFloat64> rest = tf.math.cumsum(values, tf.constant(1), Cumsum.reverse(true));
    Operand<TFloat64> parts = cumulative ? tf.select(first, rest, tf.zerosLike(rest)) : values;
    Operand<TFloat64> sums = tf.math.unsortedSegmentSum(parts, segment, tf.size(x));
    Operand<T> found = tf.dtypes.cast(tf.gather(sums, segment, tf.constant(0)), type);
    return taken(found, inverse(order, width));
  }

  /** Whether each sorted key is another than the one before it in its row. */
  private <T extends TNumber> Operand<TBool> first(Operand<T> sorted, Operand<TInt32> width) {
    Operand<TInt32> corner = tf.constant(new int[] {0, 0});
    Operand<T> most = tf.slice(sorted, corner, tf.constant(new int[] {-1, 1}));
    Operand<TInt32> others = tf.stack(List.of(tf.constant(-1), tf.math.sub(width, tf.constant(1))));
    Operand<T> before = tf.concat(List.of(most, tf.slice(sorted, corner, others)), tf.constant(1));
    Operand<TBool> start = tf.math.equal(count(width), tf.constant(0));
    return tf.math.logicalOr(
        tf.expandDims(start, tf.constant(0)), tf.math.notEqual(sorted, before));
  }

  /** 0, 1, …, n − 1. */
  private Operand<TInt32> count(Operand<TInt32> n) {
    return tf.range(tf.constant(0), n, tf.constant(1));
  }

  private <T extends TNumber> Operand<T> taken(Operand<T> x, Operand<TInt32> from) {
    return tf.gather(x, from, tf.constant(1), Gather.batchDims(1L));
  }

  /** By a second sort: XLA does not turn every permutation round. */
  private Operand<TInt32> inverse(Operand<TInt32> order, Operand<TInt32> width) {
    return order(tf.math.neg(order), width);
  }

  private <T extends TNumber> Operand<TInt32> order(Operand<T> keys, Operand<TInt32> width) {
    return tf.nn.topK(keys, width, new TopK.Options[] {TopK.sorted(true)}).indices();
  }
}
