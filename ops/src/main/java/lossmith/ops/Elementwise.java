package lossmith.ops;

import java.util.ArrayList;
import java.util.List;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.UnaryOp;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/** The element-wise functions as TensorFlow operations. */
final class Elementwise<T extends TNumber> {
  private final Ops tf;
  private final Class<T> type;
  private final double saturation;
  private final List<Operand<TFloat64>> saturated = new ArrayList<>();

  Elementwise(Ops tf, Class<T> type, double saturation) {
    this.tf = tf;
    this.type = type;
    this.saturation = saturation;
  }

  /** For each exponential of the graph, how many of its arguments lie beyond the saturation. */
  List<Operand<TFloat64>> saturated() {
    return saturated;
  }

  Operand<T> number(double value) {
    return tf.dtypes.cast(tf.constant(value), type);
  }

  Operand<T> of(UnaryOp op, Operand<T> x) {
    return switch (op) {
      case NEGATE -> tf.math.neg(x);
      case EXP -> exp(x);
      case EXP_SLOPE -> {
        Operand<TBool> inside = tf.math.lessEqual(tf.math.abs(x), number(saturation));
        yield tf.select(inside, tf.math.exp(clipped(x)), tf.zerosLike(x));
      }
      case LOG -> tf.math.log(x);
      case SQRT -> tf.math.sqrt(x);
      case ABS -> tf.math.abs(x);
      case SIGN -> tf.math.sign(x);
      case SQUARE -> tf.math.square(x);
      case SIGMOID -> tf.math.sigmoid(x);
      case LOG_SIGMOID -> tf.math.neg(softplus(tf.math.neg(x)));
      case SOFTPLUS -> softplus(x);
      case TANH -> tf.math.tanh(x);
      case EXPM1 -> tf.math.expm1(counted(x));
      case LOG1P -> tf.math.log1p(x);
      case LOG1M_EXP -> {
        Operand<TBool> nearZero = tf.math.greater(x, number(-Math.log(2)));
        Operand<T> near = tf.math.log(tf.math.neg(tf.math.expm1(x)));
        yield tf.select(nearZero, near, tf.math.log1p(tf.math.neg(tf.math.exp(x))));
      }
      case FLOOR -> tf.math.floor(x);
    };
  }

  private Operand<T> exp(Operand<T> x) {
    return tf.math.exp(counted(x));
  }

  /** The argument of an exponential, clipped; what lies beyond is counted. */
  private Operand<T> counted(Operand<T> x) {
    Operand<TBool> beyond = tf.math.greater(tf.math.abs(x), number(saturation));
    Operand<TFloat64> ones = tf.dtypes.cast(beyond, TFloat64.class);
    saturated.add(tf.sum(tf.reshape(ones, tf.constant(new int[] {-1})), tf.constant(0)));
    return clipped(x);
  }

  private Operand<T> clipped(Operand<T> x) {
    return tf.math.maximum(tf.math.minimum(x, number(saturation)), number(-saturation));
  }

  private Operand<T> softplus(Operand<T> x) {
    Operand<T> tail = tf.math.log1p(tf.math.exp(tf.math.neg(tf.math.abs(x))));
    return tf.math.add(tf.math.maximum(x, tf.zerosLike(x)), tail);
  }

  Operand<T> of(BinaryOp op, Operand<T> x, Operand<T> y) {
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
      case SHARE -> {
        Operand<TBool> none = tf.math.equal(x, number(Double.NEGATIVE_INFINITY));
        yield tf.select(none, tf.zerosLike(x), tf.math.sigmoid(tf.math.sub(x, y)));
      }
      case EXP_TIMES -> {
        Operand<TBool> none = tf.math.equal(x, number(Double.NEGATIVE_INFINITY));
        Operand<T> weight = tf.math.exp(tf.math.minimum(x, number(saturation)));
        yield tf.select(none, tf.zerosLike(x), tf.math.mul(weight, y));
      }
    };
  }
}
