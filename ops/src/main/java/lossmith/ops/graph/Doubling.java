package lossmith.ops.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Recurrences and sums along a vector in as many rounds as its length has digits in base two, each
 * over all elements at once.
 */
public final class Doubling<T extends TNumber> {
  private final Ops tf;
  private final int rounds;

  /**
   * Of vectors of a graph.
   *
   * @param most how many elements they may have
   */
  Doubling(Ops tf, int most) {
    this.tf = tf;
    this.rounds = rounds(most);
  }

  /** {@return how many rounds reach that many elements} */
  public static int rounds(int elements) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(elements - 1);
  }

  /**
   * x_t = b_t + c_t x_(t+1) by doubling: after k rounds each element knows its next 2^k. A round
   * works on the elements that have another so far ahead, so that rounds beyond the length of the
   * batch cost a copy.
   */
  Operand<T> recurrence(Operand<T> addend, Operand<T> coefficient) {
    Operand<TInt32> n = tf.expandDims(tf.size(addend), tf.constant(0));
    Operand<TInt32> zero = tf.constant(new int[] {0});
    Operand<TInt32> all = tf.constant(new int[] {-1});
    Operand<T> b = addend;
    Operand<T> c = coefficient;
    for (int round = 0; round < rounds; round++) {
      Operand<TInt32> k = tf.math.minimum(tf.constant(new int[] {1 << round}), n);
      Operand<TInt32> head = tf.math.sub(n, k);
      Operand<T> near = tf.slice(c, zero, head);
      Operand<T> further = tf.math.mulNoNan(tf.slice(b, k, all), near);
      Operand<T> known = tf.math.add(tf.slice(b, zero, head), further);
      b = tf.concat(List.of(known, tf.slice(b, head, all)), tf.constant(0));
      // Of the last k elements nothing is asked again: there is none so far ahead of them.
      Operand<T> product = tf.math.mul(near, tf.slice(c, k, all));
      c = tf.concat(List.of(product, tf.slice(c, head, all)), tf.constant(0));
    }
    return b;
  }

  /**
   * The sum of each element and the {@code behind} after it, by doubling: after k rounds each has
   * summed itself and up to 2^k - 1 of those. A cumulative sum would carry one parent's rounding,
   * infinities and NaN into the next.
   */
  Operand<T> rests(Operand<T> values, Operand<TInt32> behind) {
    Operand<TInt32> places = tf.range(tf.constant(0), tf.size(values), tf.constant(1));
    Operand<T> sum = values;
    for (int round = 0; round < rounds; round++) {
      Operand<TInt32> step = tf.constant(1 << round);
      Operand<TInt32> at = tf.math.add(places, tf.math.minimum(step, behind));
      Operand<T> next = tf.gather(sum, at, tf.constant(0));
      Operand<TBool> there = tf.math.greaterEqual(behind, step);
      sum = tf.math.add(sum, tf.select(there, next, tf.zerosLike(next)));
    }
    return sum;
  }
}
