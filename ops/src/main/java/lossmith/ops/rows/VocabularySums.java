package lossmith.ops.rows;

import java.util.function.BinaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * Sums and largest entries along the vocabulary of a chunk of rows. Parts of the vocabulary are
 * joined entry by entry first, which is quicker than along it; and where rows lie one after the
 * other, XLA makes the entries while it joins them and writes none of them down.
 */
final class VocabularySums<T extends TNumber> {
  private static final int PARTS = 8;

  private final Ops tf;
  private final Class<T> type;
  private final RowShape at;

  VocabularySums(Ops tf, Class<T> type, RowShape at) {
    this.tf = tf;
    this.type = type;
    this.at = at;
  }

  /** Two sums over entries that have common terms. */
  record Two<T extends TNumber>(Operand<T> first, Operand<T> second) {}

  /** A number per token for every entry. */
  Operand<T> across(Operand<T> perToken) {
    return tf.expandDims(perToken, tf.constant(at.axis()));
  }

  <U extends TType> Operand<U> sum(Operand<U> x) {
    Operand<U> joined = at.axis() == 1 ? joined(x, tf.math::add) : x;
    return tf.sum(joined, tf.constant(at.axis()));
  }

  /**
   * Two sums. Where rows lie one after the other they are the parts of a complex one: in one walk,
   * in which what x and y share is computed once.
   */
  Two<T> sums(Operand<T> x, Operand<T> y) {
    if (at.axis() == 0) {
      return new Two<>(sum(x), sum(y));
    }
    Operand<TType> both = sum(pairs(x, y));
    return new Two<>(tf.math.real(both, type), tf.math.imag(both, type));
  }

  /** x + iy, for which there is no class of tensors. */
  private Operand<TType> pairs(Operand<T> x, Operand<T> y) {
    boolean wide = type == TFloat64.class;
    return tf.scope()
        .opBuilder("Complex", "Complex")
        .addInput(x.asOutput())
        .addInput(y.asOutput())
        .setAttr("Tout", wide ? DataType.DT_COMPLEX128 : DataType.DT_COMPLEX64)
        .build()
        .<TType>output(0);
  }

  Operand<T> largest(Operand<T> x) {
    return tf.reduceMax(joined(x, tf.math::maximum), tf.constant(at.axis()));
  }

  private <U extends TType> Operand<U> joined(Operand<U> x, BinaryOperator<Operand<U>> join) {
    int parts = at.width() % PARTS == 0 ? PARTS : 1;
    int part = at.width() / parts;
    Operand<U> all = part(x, 0, part);
    for (int i = 1; i < parts; i++) {
      all = join.apply(all, part(x, i * part, part));
    }
    return all;
  }

  private <U extends TType> Operand<U> part(Operand<U> x, int from, int size) {
    int[] begin = at.axis() == 1 ? new int[] {0, from} : new int[] {from, 0};
    int[] shape = at.axis() == 1 ? new int[] {at.rows(), size} : new int[] {size, at.rows()};
    return tf.slice(x, tf.constant(begin), tf.constant(shape));
  }
}
