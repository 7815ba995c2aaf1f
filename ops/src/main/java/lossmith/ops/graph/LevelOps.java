package lossmith.ops.graph;

import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;
import lossmith.dsl.Level;
import lossmith.dsl.ReduceOp;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Segment reductions (from tokens to responses, prompts and the batch) and their broadcasts back,
 * as TensorFlow operations. Sums are taken in float64; what does not count is left out by
 * selection, never by a factor.
 */
final class LevelOps<T extends TNumber> {
  private static final double SINGLE = 0x1p-23;
  private static final double DOUBLE = 0x1p-52;

  private final Ops tf;
  private final Class<T> type;
  private final RaggedIndex structure;
  private final Map<Members, Operand<TFloat64>> members = new HashMap<>();

  /** What is counted: elements of a level within another, all or those where a condition holds. */
  private record Members(Level.Name from, Level.Name to, Option<Operand<TBool>> where) {}

  LevelOps(Ops tf, Class<T> type, RaggedIndex structure) {
    this.tf = tf;
    this.type = type;
    this.structure = structure;
  }

  Operand<T> spread(Operand<T> x, Level.Name from, Level.Name to) {
    Level.Name finest = to == Level.Name.VOCABULARY ? Level.Name.TOKEN : to;
    Operand<T> perToken =
        from == finest ? x : tf.gather(x, structure.parents(finest, from), tf.constant(0));
    return to == Level.Name.VOCABULARY
        ? tf.broadcastTo(tf.expandDims(perToken, tf.constant(1)), structure.shape(to))
        : perToken;
  }

  Operand<TBool> spreadAnswer(Operand<TBool> x, Level.Name from, Level.Name to) {
    Level.Name finest = to == Level.Name.VOCABULARY ? Level.Name.TOKEN : to;
    Operand<TBool> perToken =
        from == finest ? x : tf.gather(x, structure.parents(finest, from), tf.constant(0));
    return to == Level.Name.VOCABULARY
        ? tf.math.logicalAnd(tf.expandDims(perToken, tf.constant(1)), truths(to, true))
        : perToken;
  }

  Operand<TBool> truths(Level.Name level, boolean value) {
    return tf.fill(structure.shape(level), tf.constant(value));
  }

  Operand<T> reduce(
      ReduceOp op,
      Operand<T> x,
      Level.Name from,
      Level.Name to,
      int ddof,
      Option<Operand<TBool>> where) {
    Operand<TFloat64> wide = tf.dtypes.cast(x, TFloat64.class);
    Operand<TFloat64> result =
        switch (op) {
          case SUM -> sum(wide, from, to, where);
          case MEAN -> mean(wide, from, to, where);
          case STD -> std(wide, from, to, ddof, where);
          case MAX -> largest(wide, from, to, where);
          case MIN -> tf.math.neg(largest(tf.math.neg(wide), from, to, where));
          case ULP -> ulp(wide, from, to, where);
        };
    return tf.dtypes.cast(result, type);
  }

  Operand<T> count(Level.Name from, Level.Name to, Option<Operand<TBool>> where) {
    return tf.dtypes.cast(members(from, to, where), type);
  }

  private Operand<TFloat64> members(Level.Name from, Level.Name to, Option<Operand<TBool>> where) {
    return members.computeIfAbsent(
        new Members(from, to, where), unused -> newMembers(from, to, where));
  }

  private Operand<TFloat64> newMembers(
      Level.Name from, Level.Name to, Option<Operand<TBool>> where) {
    Operand<TFloat64> ones = tf.fill(structure.shape(from), tf.constant(1.0));
    return sum(ones, from, to, where);
  }

  private Operand<TFloat64> sum(
      Operand<TFloat64> x, Level.Name from, Level.Name to, Option<Operand<TBool>> where) {
    Operand<TFloat64> kept =
        where.map(w -> (Operand<TFloat64>) tf.select(w, x, tf.zerosLike(x))).getOrElse(x);
    if (from == Level.Name.VOCABULARY) {
      Operand<TFloat64> perToken = tf.sum(kept, tf.constant(1));
      return to == Level.Name.TOKEN ? perToken : sum(perToken, Level.Name.TOKEN, to, Option.none());
    }
    if (to == Level.Name.BATCH) {
      return tf.expandDims(tf.sum(kept, tf.constant(0)), tf.constant(0));
    }
    return tf.math.unsortedSegmentSum(kept, structure.parents(from, to), structure.size(to));
  }

  private Operand<TFloat64> mean(
      Operand<TFloat64> x, Level.Name from, Level.Name to, Option<Operand<TBool>> where) {
    Operand<TFloat64> n = members(from, to, where);
    return tf.math.div(sum(x, from, to, where), tf.math.maximum(n, tf.constant(1.0)));
  }

  private Operand<TFloat64> std(
      Operand<TFloat64> x, Level.Name from, Level.Name to, int ddof, Option<Operand<TBool>> where) {
    Operand<TFloat64> free = tf.math.sub(members(from, to, where), tf.constant((double) ddof));
    Operand<TFloat64> mean = back(mean(x, from, to, where), from, to);
    Operand<TFloat64> apart = tf.math.sub(x, mean);
    Operand<TFloat64> farthest = largest(tf.math.abs(apart), from, to, where);
    Operand<TFloat64> unit =
        tf.select(tf.math.greater(farthest, tf.constant(0.0)), farthest, tf.onesLike(farthest));
    Operand<TFloat64> parts = tf.math.div(apart, back(unit, from, to));
    Operand<TFloat64> squares = sum(tf.math.square(parts), from, to, where);
    Operand<TFloat64> variance = tf.math.div(squares, tf.math.maximum(free, tf.constant(1.0)));
    Operand<TFloat64> most = largest(x, from, to, where);
    Operand<TFloat64> least = tf.math.neg(largest(tf.math.neg(x), from, to, where));
    Operand<TBool> defined =
        tf.math.logicalAnd(tf.math.greater(free, tf.constant(0.0)), tf.math.greater(most, least));
    Operand<TFloat64> std = tf.math.mul(farthest, tf.math.sqrt(variance));
    return tf.select(defined, std, tf.zerosLike(variance));
  }

  /** The spacing of the numbers that the members were recorded in, at the largest. */
  private Operand<TFloat64> ulp(
      Operand<TFloat64> x, Level.Name from, Level.Name to, Option<Operand<TBool>> where) {
    Operand<TFloat64> largest = largest(tf.math.abs(x), from, to, where);
    if (type != TFloat64.class) {
      return tf.math.mul(largest, tf.constant(SINGLE));
    }
    Operand<TFloat64> rounded = tf.dtypes.cast(tf.dtypes.cast(x, TFloat32.class), TFloat64.class);
    Operand<TBool> single = none(tf.math.notEqual(rounded, x), from, to, where);
    Operand<TBool> whole = none(tf.math.notEqual(tf.math.floor(x), x), from, to, where);
    Operand<TFloat64> wide = tf.math.mul(largest, tf.constant(DOUBLE));
    Operand<TFloat64> narrow = tf.math.mul(largest, tf.constant(SINGLE));
    return tf.select(tf.math.logicalAnd(single, tf.math.logicalNot(whole)), narrow, wide);
  }

  private Operand<TBool> none(
      Operand<TBool> answers, Level.Name from, Level.Name to, Option<Operand<TBool>> where) {
    Operand<TFloat64> yes = sum(tf.dtypes.cast(answers, TFloat64.class), from, to, where);
    return tf.math.equal(yes, tf.constant(0.0));
  }

  private Operand<TFloat64> back(Operand<TFloat64> x, Level.Name from, Level.Name to) {
    return from == Level.Name.VOCABULARY
        ? tf.expandDims(x, tf.constant(1))
        : tf.gather(x, structure.parents(from, to), tf.constant(0));
  }

  private Operand<TFloat64> largest(
      Operand<TFloat64> x, Level.Name from, Level.Name to, Option<Operand<TBool>> where) {
    Operand<TFloat64> lowest =
        tf.fill(structure.shape(from), tf.constant(Double.NEGATIVE_INFINITY));
    Operand<TFloat64> kept =
        where.map(w -> (Operand<TFloat64>) tf.select(w, x, lowest)).getOrElse(x);
    Operand<TFloat64> most;
    if (from == Level.Name.VOCABULARY) {
      most = tf.reduceMax(kept, tf.constant(1));
    } else {
      Operand<TInt32> parents = structure.parents(from, to);
      most = tf.math.unsortedSegmentMax(kept, parents, structure.size(to));
    }
    Operand<TBool> some = tf.math.greater(members(from, to, where), tf.constant(0.0));
    return tf.select(some, most, tf.zerosLike(most));
  }
}
