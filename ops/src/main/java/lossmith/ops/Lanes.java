package lossmith.ops;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** Sums and largest entries along the vocabulary of a chunk of rows. */
final class Lanes<T extends TNumber> {
  /** The largest entry is sought in this many parts of the vocabulary side by side. */
  private static final int PARTS = 16;

  private final Ops tf;
  private final RowShape at;

  Lanes(Ops tf, RowShape at) {
    this.tf = tf;
    this.at = at;
  }

  /** A number per token for every entry. */
  Operand<T> across(Operand<T> perToken) {
    return tf.expandDims(perToken, tf.constant(at.axis()));
  }

  Operand<T> sum(Operand<T> x) {
    return tf.sum(x, tf.constant(at.axis()));
  }

  /**
   * The largest of each row: first of parts of the vocabulary entry by entry, which is quicker than
   * along it.
   */
  Operand<T> largest(Operand<T> x) {
    int parts = at.width() % PARTS == 0 ? PARTS : 1;
    int part = at.width() / parts;
    Operand<T> most = part(x, 0, part);
    for (int i = 1; i < parts; i++) {
      most = tf.math.maximum(most, part(x, i * part, part));
    }
    return tf.reduceMax(most, tf.constant(at.axis()));
  }

  private Operand<T> part(Operand<T> x, int from, int size) {
    int[] begin = at.axis() == 1 ? new int[] {0, from} : new int[] {from, 0};
    int[] shape = at.axis() == 1 ? new int[] {at.rows(), size} : new int[] {size, at.rows()};
    return tf.slice(x, tf.constant(begin), tf.constant(shape));
  }
}
