package lossmith.ops;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** Orders within each row of a matrix, the largest key first. */
final class RowOrders {
  private final Ops tf;

  RowOrders(Ops tf) {
    this.tf = tf;
  }

  /** The place of each entry in the order of its row. */
  <T extends TNumber> Operand<TInt32> places(Operand<T> keys, Operand<TInt32> width) {
    return inverse(order(keys, width), width);
  }

  /** The entries of each row in the order of their keys, or back to where such entries stood. */
  <T extends TNumber> Operand<T> permuted(
      Operand<T> x, Operand<T> keys, Operand<TInt32> width, boolean inverse) {
    Operand<TInt32> order = order(keys, width);
    Operand<TInt32> from = inverse ? inverse(order, width) : order;
    return tf.gather(x, from, tf.constant(1), Gather.batchDims(1L));
  }

  private Operand<TInt32> inverse(Operand<TInt32> order, Operand<TInt32> width) {
    return order(tf.math.neg(order), width);
  }

  private <T extends TNumber> Operand<TInt32> order(Operand<T> keys, Operand<TInt32> width) {
    return tf.nn.topK(keys, width, new TopK.Options[] {TopK.sorted(true)}).indices();
  }
}
