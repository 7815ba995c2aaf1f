package lossmith.ops.graph;

import java.util.HashMap;
import java.util.Map;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.UnaryOp;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.family.TNumber;

/** The element-wise functions as TensorFlow operations. */
public final class ElementwiseOps<T extends TNumber> {
  /** From this k on 0.5^k / k! is below the rounding of a double, relative to 0.5² / 2. */
  private static final int LAST_TERM = 16;

  private final Ops tf;
  private final Class<T> type;
  private final double saturation;
  private final Map<Double, Operand<T>> numbers = new HashMap<>();

  public ElementwiseOps(Ops tf, Class<T> type, double saturation) {
    this.tf = tf;
    this.type = type;
    this.saturation = saturation;
  }

  /** A constant; equal ones are one operation, because a small batch costs as many as it has. */
  public Operand<T> number(double value) {
    return numbers.computeIfAbsent(value, v -> tf.dtypes.cast(tf.constant((double) v), type));
  }

  public Operand<T> of(UnaryOp op, Operand<T> x) {
    return switch (op) {
      case NEGATE -> tf.math.neg(x);
      case EXP -> tf.math.exp(clipped(x));
      case EXP_SLOPE -> inside(x, tf.math.exp(clipped(x)));
      case LOG -> tf.math.log(x);
      case SQRT -> tf.math.sqrt(x);
      case ABS -> tf.math.abs(x);
      case SIGN -> tf.math.sign(x);
      case SQUARE -> tf.math.square(x);
      case SIGMOID -> tf.math.sigmoid(x);
      case LOG_SIGMOID -> tf.math.neg(softplus(tf.math.neg(x)));
      case SOFTPLUS -> softplus(x);
      case TANH -> tf.math.tanh(x);
      case EXPM1 -> tf.math.expm1(clipped(x));
      case EXP_REMAINDER -> expRemainder(clipped(x));
      case EXP_REMAINDER_SLOPE -> inside(x, tf.math.expm1(clipped(x)));
      case LOG1P -> tf.math.log1p(x);
      case LOG1M_EXP -> {
        Operand<TBool> nearZero = tf.math.greater(x, number(-Math.log(2)));
        Operand<T> near = tf.math.log(tf.math.neg(tf.math.expm1(x)));
        yield tf.select(nearZero, near, tf.math.log1p(tf.math.neg(tf.math.exp(x))));
      }
      case FLOOR -> tf.math.floor(x);
    };
  }

  /** The slope within the saturation, 0 beyond. */
  private Operand<T> inside(Operand<T> x, Operand<T> slope) {
    Operand<TBool> within = tf.math.lessEqual(tf.math.abs(x), number(saturation));
    return tf.select(within, slope, tf.zerosLike(x));
  }

  /** e^x − 1 − x; near 0, where x would cancel, by its series x²/2 (1 + x/3 (1 + x/4 (1 + …))). */
  private Operand<T> expRemainder(Operand<T> x) {
    Operand<T> one = number(1);
    Operand<T> series = tf.onesLike(x);
    for (int k = LAST_TERM; k > 2; k--) {
      series = tf.math.add(one, tf.math.mul(tf.math.mul(x, number(1.0 / k)), series));
    }
    Operand<T> near = tf.math.mul(tf.math.mul(tf.math.square(x), number(0.5)), series);
    Operand<TBool> nearZero = tf.math.less(tf.math.abs(x), number(0.5));
    return tf.select(nearZero, near, tf.math.sub(tf.math.expm1(x), x));
  }

  private Operand<T> clipped(Operand<T> x) {
    return tf.math.maximum(tf.math.minimum(x, number(saturation)), number(-saturation));
  }

  private Operand<T> softplus(Operand<T> x) {
    Operand<T> tail = tf.math.log1p(tf.math.exp(tf.math.neg(tf.math.abs(x))));
    return tf.math.add(tf.math.maximum(x, tf.zerosLike(x)), tail);
  }

  public Operand<T> of(BinaryOp op, Operand<T> x, Operand<T> y) {
    return switch (op) {
      case PLUS -> tf.math.add(x, y);
      case MINUS -> tf.math.sub(x, y);
      case TIMES -> tf.math.mul(x, y);
      case DIVIDE -> tf.math.div(x, y);
      case MIN -> tf.math.minimum(x, y);
      case MAX -> tf.math.maximum(x, y);
      case LOG_ADD_EXP -> {
        Operand<T> apart = tf.math.neg(tf.math.abs(tf.math.sub(x, y)));
        Operand<T> gap = tf.select(tf.math.equal(x, y), tf.zerosLike(x), apart);
        yield tf.math.add(tf.math.maximum(x, y), tf.math.log1p(tf.math.exp(gap)));
      }
      case SIGMOID_DIFF -> {
        Operand<TBool> none = tf.math.equal(x, number(Double.NEGATIVE_INFINITY));
        yield tf.select(none, tf.zerosLike(x), tf.math.sigmoid(tf.math.sub(x, y)));
      }
      case PROB_TIMES -> {
        Operand<TBool> none = tf.math.equal(x, number(Double.NEGATIVE_INFINITY));
        Operand<T> weight = tf.math.exp(tf.math.minimum(x, number(saturation)));
        yield tf.select(none, tf.zerosLike(x), tf.math.mul(weight, y));
      }
    };
  }
}
