package lossmith.dsl;

import io.vavr.collection.List;

/**
 * A number per element of level {@code L}, through which gradient may flow: an immutable value that
 * wraps a {@link Node}. Levels never broadcast by accident: both sides of a verb live at one level,
 * {@link #per} goes finer, a named reduction goes coarser.
 *
 * <p>Long because completion finds every verb of a term here.
 *
 * @param <L> the level
 */
public sealed class Term<L extends Level> permits Detached {
  private final Node node;

  Term(Node node) {
    this.node = node;
  }

  static <L extends Level> Term<L> of(Node node) {
    return new Term<>(node);
  }

  /** {@return the untyped core of this term} */
  public final Node node() {
    return node;
  }

  /** {@return the level as data} */
  public final Level.Name level() {
    return node.level();
  }

  /** {@return x + y} */
  public Term<L> plus(Term<L> other) {
    return of(Nodes.binary(BinaryOp.PLUS, node, other.node));
  }

  /** {@return x − y} */
  public Term<L> minus(Term<L> other) {
    return of(Nodes.binary(BinaryOp.MINUS, node, other.node));
  }

  /** {@return x · y} */
  public Term<L> times(Term<L> other) {
    return of(Nodes.binary(BinaryOp.TIMES, node, other.node));
  }

  /** {@return x / y} */
  public Term<L> dividedBy(Term<L> other) {
    Checks.divisor(other.node);
    return of(Nodes.binary(BinaryOp.DIVIDE, node, other.node));
  }

  /** {@return this times a number} */
  public Term<L> scaledBy(double factor) {
    return of(
        Nodes.binary(
            BinaryOp.TIMES, node, Nodes.constant(Checks.finite("scaledBy", factor), level())));
  }

  /** {@return this times a parameter} */
  public Term<L> scaledBy(Parameter factor) {
    return of(Nodes.binary(BinaryOp.TIMES, node, factor.at(level())));
  }

  /** {@return this plus a number} */
  public Term<L> shiftedBy(double offset) {
    return of(
        Nodes.binary(
            BinaryOp.PLUS, node, Nodes.constant(Checks.finite("shiftedBy", offset), level())));
  }

  /** {@return this plus a parameter} */
  public Term<L> shiftedBy(Parameter offset) {
    return of(Nodes.binary(BinaryOp.PLUS, node, offset.at(level())));
  }

  /** {@return this times a weight, which may not carry gradient} */
  public Term<L> weightedBy(Detached<L> weight) {
    return of(Nodes.binary(BinaryOp.TIMES, node, weight.node()));
  }

  /** {@return −x} */
  public Term<L> negated() {
    return of(Nodes.unary(UnaryOp.NEGATE, node));
  }

  /** {@return e^x, saturated (see {@link UnaryOp#EXP})} */
  public Term<L> exp() {
    return of(Nodes.unary(UnaryOp.EXP, node));
  }

  /** {@return e^x − 1, saturated} */
  public Term<L> expm1() {
    return of(Nodes.unary(UnaryOp.EXPM1, node));
  }

  /**
   * {@return e^x − 1 − x ≥ 0, exact near 0; x is clamped at the saturation in both places, so that
   * beyond it the value is constant and the slope 0 (see {@link UnaryOp#EXP_REMAINDER})}
   *
   * <p>With x = log π_ref − log π this is k3. Written as {@code x.expm1().minus(x)} it would have
   * the slope −1 beyond the saturation, away from the reference, and no correct digit near 0 in
   * single precision.
   */
  public Term<L> expRemainder() {
    return of(Nodes.unary(UnaryOp.EXP_REMAINDER, node));
  }

  /** {@return the natural logarithm} */
  public Term<L> log() {
    Checks.domain(UnaryOp.LOG, node);
    return of(Nodes.unary(UnaryOp.LOG, node));
  }

  /** {@return log(1 + x)} */
  public Term<L> log1p() {
    Checks.domain(UnaryOp.LOG1P, node);
    return of(Nodes.unary(UnaryOp.LOG1P, node));
  }

  /** {@return log(1 − e^x), for x &lt; 0} */
  public Term<L> log1mExp() {
    Checks.domain(UnaryOp.LOG1M_EXP, node);
    return of(Nodes.unary(UnaryOp.LOG1M_EXP, node));
  }

  /** {@return the square root; slope 0 at 0} */
  public Term<L> sqrt() {
    Checks.domain(UnaryOp.SQRT, node);
    return of(Nodes.unary(UnaryOp.SQRT, node));
  }

  /** {@return |x|; slope 0 at 0} */
  public Term<L> abs() {
    return of(Nodes.unary(UnaryOp.ABS, node));
  }

  /** {@return x²} */
  public Term<L> square() {
    return of(Nodes.unary(UnaryOp.SQUARE, node));
  }

  /** {@return 1 / (1 + e^−x)} */
  public Term<L> sigmoid() {
    return of(Nodes.unary(UnaryOp.SIGMOID, node));
  }

  /** {@return log(1 / (1 + e^−x))} */
  public Term<L> logSigmoid() {
    return of(Nodes.unary(UnaryOp.LOG_SIGMOID, node));
  }

  /** {@return log(1 + e^x)} */
  public Term<L> softplus() {
    return of(Nodes.unary(UnaryOp.SOFTPLUS, node));
  }

  /** {@return the hyperbolic tangent} */
  public Term<L> tanh() {
    return of(Nodes.unary(UnaryOp.TANH, node));
  }

  /** {@return this clamped to the bounds; the slope passes inside and at the bounds} */
  public Term<L> clip(Clip bounds) {
    return of(Nodes.clip(node, bounds.low(level()), bounds.high(level())));
  }

  /** {@return this clamped to two detached bounds of its own level} */
  public Term<L> clipBetween(Detached<L> low, Detached<L> high) {
    return of(Nodes.clip(node, low.node(), high.node()));
  }

  /** {@return the same value at every element of a finer level} */
  public <F extends L> Term<F> per(Axis<F> axis) {
    return of(Nodes.broadcast(node, axis.name()));
  }

  /** {@return the sum over the members that count} */
  public <T extends Level> Term<T> sum(Over<L, T> over) {
    return of(Nodes.reduce(ReduceOp.SUM, node, over.toFrom(node), 0, over.where()));
  }

  /** {@return the mean over the members that count; 0 of nothing} */
  public <T extends Level> Term<T> mean(Over<L, T> over) {
    return of(Nodes.reduce(ReduceOp.MEAN, node, over.toFrom(node), 0, over.where()));
  }

  /**
   * {@return the standard deviation with n − ddof in the denominator; 0 where n ≤ ddof and exactly
   * 0 where all are equal}
   */
  public <T extends Level> Term<T> std(Over<L, T> over, int ddof) {
    return of(Nodes.reduce(ReduceOp.STD, node, over.toFrom(node), ddof, over.where()));
  }

  /** {@return the smallest member that counts; 0 of nothing} */
  public <T extends Level> Term<T> min(Over<L, T> over) {
    return of(Nodes.reduce(ReduceOp.MIN, node, over.toFrom(node), 0, over.where()));
  }

  /** {@return the largest member that counts; 0 of nothing} */
  public <T extends Level> Term<T> max(Over<L, T> over) {
    return of(Nodes.reduce(ReduceOp.MAX, node, over.toFrom(node), 0, over.where()));
  }

  /** {@return this in descending order of a detached key inside each T} */
  public <T extends Level> Term<L> sortedBy(Detached<L> key, Over<L, T> within) {
    return of(Nodes.permute(node, key.node(), within.toFrom(node), false));
  }

  /**
   * {@return at every element, the sum over the elements of the same T with the same detached key}
   */
  public <T extends Level> Term<L> sumByKey(Detached<L> key, Over<L, T> within) {
    return of(Nodes.sumByKey(node, key.node(), within.toFrom(node), false));
  }

  /**
   * {@return at every element, the sum over the elements of the same T whose detached key is not
   * above this element's: a cumulative sum in ascending order, which equal keys take together; it
   * carries the gradient of what is summed, none of the key}
   */
  public <T extends Level> Term<L> cumulativeSum(Detached<L> key, Over<L, T> within) {
    return of(Nodes.sumByKey(node, key.node(), within.toFrom(node), true));
  }

  /** {@return the same term under a symbol for readers, such as {@code A} or {@code r}} */
  public Term<L> as(String symbol) {
    return of(Nodes.named(node, symbol));
  }

  /** {@return where this is above the other} */
  public Condition<L> above(Term<L> other) {
    return new Condition<>(Nodes.compare(CompareOp.BELOW, other.node(), node));
  }

  /** {@return where this is not below the other} */
  public Condition<L> atLeast(Term<L> other) {
    return new Condition<>(Nodes.compare(CompareOp.AT_MOST, other.node(), node));
  }

  /** {@return where this is below the other} */
  public Condition<L> below(Term<L> other) {
    return new Condition<>(Nodes.compare(CompareOp.BELOW, node, other.node()));
  }

  /** {@return where this is not above the other} */
  public Condition<L> atMost(Term<L> other) {
    return new Condition<>(Nodes.compare(CompareOp.AT_MOST, node, other.node()));
  }

  /** {@return where this equals the other exactly} */
  public Condition<L> equalTo(Term<L> other) {
    return new Condition<>(Nodes.compare(CompareOp.EQUAL, node, other.node()));
  }

  /** {@return where this is above 0} */
  public Condition<L> positive() {
    return new Condition<>(Nodes.compare(CompareOp.BELOW, Nodes.constant(0, level()), node));
  }

  /** {@return where this is below 0} */
  public Condition<L> negative() {
    return new Condition<>(Nodes.compare(CompareOp.BELOW, node, Nodes.constant(0, level())));
  }

  /** {@return the same value, through which no gradient flows} */
  public Detached<L> stopGradient() {
    return Detached.of(Nodes.stopGradient(node));
  }

  /**
   * {@return the same term with one of its parameters under another name}
   *
   * @param parameter its name
   * @param name its new name
   * @throws ProblemException if the term has no such parameter, or one of the new name already
   */
  public Term<L> renamed(String parameter, String name) {
    return of(new Renaming(List.of(node), parameter, name).of(node));
  }

  /** {@return what this term means, as 64 hexadecimal digits (see {@link Fingerprint})} */
  public final String fingerprint() {
    return Fingerprint.of(node);
  }

  /**
   * {@return whether the other is a term that means the same: whether the fingerprints are equal}
   */
  @Override
  public final boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Term<?> term && fingerprint().equals(term.fingerprint());
  }

  @Override
  public final int hashCode() {
    return fingerprint().hashCode();
  }

  /** What it is to the compiler, and whether gradient flows through it. */
  String type() {
    return "Term<" + level().type() + ">, " + (node.live() ? "live" : "without gradient");
  }

  /** {@return its formula, its type behind it, then what its symbols stand for} */
  @Override
  public final String toString() {
    return Printed.of(node, type());
  }
}
