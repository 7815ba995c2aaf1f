package lossmith.ops.rows;

import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.family.TNumber;

/** log π and π of a chunk of rows of logits, each part computed once. */
final class RowSoftmax<T extends TNumber> {
  private final Ops tf;
  private final VocabularySums<T> lanes;
  private final String grid;
  private final String logits;
  private final SoftmaxConstants normaliser;
  private final BiFunction<String, Level.Name, Operand<T>> given;
  private @Nullable Operand<T> most;
  private @Nullable Operand<T> weight;
  private VocabularySums.@Nullable Two<T> sums;

  /**
   * A softmax.
   *
   * @param grid the name of its log-probabilities
   * @param logits the name of the input
   * @param given inputs by name and level
   */
  RowSoftmax(
      Ops tf,
      VocabularySums<T> lanes,
      String grid,
      String logits,
      SoftmaxConstants normaliser,
      BiFunction<String, Level.Name, Operand<T>> given) {
    this.tf = tf;
    this.lanes = lanes;
    this.grid = grid;
    this.logits = logits;
    this.normaliser = normaliser;
    this.given = given;
  }

  private Operand<T> logits() {
    return given.apply(logits, Level.Name.VOCABULARY);
  }

  /** 1/T, one number for all entries. */
  private Operand<T> sharpness() {
    return tf.math.reciprocal(given.apply(Columns.TEMPERATURE, Level.Name.BATCH));
  }

  /** The largest logit of each token. */
  Operand<T> most() {
    Operand<T> known = most;
    if (known == null) {
      known =
          normaliser == SoftmaxConstants.GIVEN
              ? given.apply(SoftmaxConstants.MOST + grid, Level.Name.TOKEN)
              : lanes.largest(logits());
      most = known;
    }
    return known;
  }

  /** log Σ exp((z − max z) / T) of each token. */
  Operand<T> logMass() {
    return normaliser == SoftmaxConstants.GIVEN
        ? given.apply(SoftmaxConstants.LOG_MASS + grid, Level.Name.TOKEN)
        : tf.math.log(sums().first());
  }

  /** (z − max z) / T. */
  private Operand<T> apart() {
    return tf.math.mul(tf.math.sub(logits(), lanes.across(most())), sharpness());
  }

  /** w = exp((z − max z) / T). */
  private Operand<T> weight() {
    Operand<T> known = weight;
    if (known == null) {
      known = tf.math.exp(apart());
      weight = known;
    }
    return known;
  }

  /** Σ w and Σ w log w. */
  private VocabularySums.Two<T> sums() {
    VocabularySums.Two<T> known = sums;
    if (known == null) {
      known = lanes.sums(weight(), guarded(weight(), apart()));
      sums = known;
    }
    return known;
  }

  /** Σ π log π = Σ w log w / Σ w − log Σ w. */
  Operand<T> negentropy() {
    return tf.math.sub(tf.math.div(sums().second(), sums().first()), logMass());
  }

  /** log π of all entries. */
  Operand<T> logPi() {
    return tf.math.sub(apart(), lanes.across(logMass()));
  }

  /** log π of one entry per token, picked from the logits. */
  Operand<T> logPi(UnaryOperator<Operand<T>> pick) {
    Operand<T> apart = tf.math.sub(pick.apply(logits()), most());
    return tf.math.sub(tf.math.mul(apart, sharpness()), logMass());
  }

  private Operand<T> pi() {
    return normaliser == SoftmaxConstants.KEPT
        ? tf.math.mul(weight(), lanes.across(tf.math.reciprocal(sums().first())))
        : tf.math.exp(logPi());
  }

  /** π·y of finite y. */
  Operand<T> underPi(Operand<T> y) {
    return tf.math.mul(pi(), y);
  }

  /** π·y; where π = 0 the product is 0, whatever y is. */
  Operand<T> guardedUnderPi(Operand<T> y) {
    return guarded(pi(), y);
  }

  private Operand<T> guarded(Operand<T> weight, Operand<T> y) {
    Operand<TBool> none = tf.math.equal(weight, tf.zerosLike(weight));
    Operand<T> product = tf.math.mul(weight, y);
    return tf.select(none, tf.zerosLike(product), product);
  }
}
