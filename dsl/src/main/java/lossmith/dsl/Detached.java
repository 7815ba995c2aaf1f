package lossmith.dsl;

import io.vavr.collection.List;

/**
 * A term through which no gradient flows: data, or anything under {@code stopGradient()}. Weights,
 * keys, selections and scan coefficients must be detached, and the compiler checks it.
 *
 * <p>Long because completion finds every verb of a detached term here.
 *
 * @param <L> the level
 */
public sealed class Detached<L extends Level> extends Term<L> permits Parameter {
  Detached(Node node) {
    super(node);
    Checks.detached("a detached term", node);
  }

  static <L extends Level> Detached<L> of(Node node) {
    return new Detached<>(node);
  }

  /**
   * Wraps a node that an analysis produced.
   *
   * @param node a detached node
   * @param axis its level
   * @param <L> its level
   * @return the node as a typed term
   */
  public static <L extends Level> Detached<L> wrap(Node node, Axis<L> axis) {
    Checks.sameLevel("a wrapped term", axis.name(), node);
    Checks.detached("a wrapped term", node);
    return new Detached<>(node);
  }

  /** {@return x + y, detached as both sides are} */
  public Detached<L> plus(Detached<L> other) {
    return Detached.of(Nodes.binary(BinaryOp.PLUS, node(), other.node()));
  }

  /** {@return x − y, detached as both sides are} */
  public Detached<L> minus(Detached<L> other) {
    return Detached.of(Nodes.binary(BinaryOp.MINUS, node(), other.node()));
  }

  /** {@return x · y, detached as both sides are} */
  public Detached<L> times(Detached<L> other) {
    return Detached.of(Nodes.binary(BinaryOp.TIMES, node(), other.node()));
  }

  /** {@return x / y, detached as both sides are} */
  public Detached<L> dividedBy(Detached<L> other) {
    Checks.divisor(other.node());
    return Detached.of(Nodes.binary(BinaryOp.DIVIDE, node(), other.node()));
  }

  @Override
  public Detached<L> scaledBy(double factor) {
    return Detached.of(
        Nodes.binary(
            BinaryOp.TIMES, node(), Nodes.constant(Checks.finite("scaledBy", factor), level())));
  }

  @Override
  public Detached<L> scaledBy(Parameter factor) {
    return Detached.of(Nodes.binary(BinaryOp.TIMES, node(), factor.at(level())));
  }

  @Override
  public Detached<L> shiftedBy(double offset) {
    return Detached.of(
        Nodes.binary(
            BinaryOp.PLUS, node(), Nodes.constant(Checks.finite("shiftedBy", offset), level())));
  }

  @Override
  public Detached<L> shiftedBy(Parameter offset) {
    return Detached.of(Nodes.binary(BinaryOp.PLUS, node(), offset.at(level())));
  }

  @Override
  public Detached<L> weightedBy(Detached<L> weight) {
    return Detached.of(Nodes.binary(BinaryOp.TIMES, node(), weight.node()));
  }

  @Override
  public Detached<L> negated() {
    return Detached.of(Nodes.unary(UnaryOp.NEGATE, node()));
  }

  @Override
  public Detached<L> exp() {
    return Detached.of(Nodes.unary(UnaryOp.EXP, node()));
  }

  @Override
  public Detached<L> expm1() {
    return Detached.of(Nodes.unary(UnaryOp.EXPM1, node()));
  }

  @Override
  public Detached<L> expRemainder() {
    return Detached.of(Nodes.unary(UnaryOp.EXP_REMAINDER, node()));
  }

  @Override
  public Detached<L> log() {
    Checks.domain(UnaryOp.LOG, node());
    return Detached.of(Nodes.unary(UnaryOp.LOG, node()));
  }

  @Override
  public Detached<L> log1p() {
    Checks.domain(UnaryOp.LOG1P, node());
    return Detached.of(Nodes.unary(UnaryOp.LOG1P, node()));
  }

  @Override
  public Detached<L> log1mExp() {
    Checks.domain(UnaryOp.LOG1M_EXP, node());
    return Detached.of(Nodes.unary(UnaryOp.LOG1M_EXP, node()));
  }

  @Override
  public Detached<L> sqrt() {
    Checks.domain(UnaryOp.SQRT, node());
    return Detached.of(Nodes.unary(UnaryOp.SQRT, node()));
  }

  @Override
  public Detached<L> abs() {
    return Detached.of(Nodes.unary(UnaryOp.ABS, node()));
  }

  @Override
  public Detached<L> square() {
    return Detached.of(Nodes.unary(UnaryOp.SQUARE, node()));
  }

  @Override
  public Detached<L> sigmoid() {
    return Detached.of(Nodes.unary(UnaryOp.SIGMOID, node()));
  }

  @Override
  public Detached<L> logSigmoid() {
    return Detached.of(Nodes.unary(UnaryOp.LOG_SIGMOID, node()));
  }

  @Override
  public Detached<L> softplus() {
    return Detached.of(Nodes.unary(UnaryOp.SOFTPLUS, node()));
  }

  @Override
  public Detached<L> tanh() {
    return Detached.of(Nodes.unary(UnaryOp.TANH, node()));
  }

  @Override
  public Detached<L> clip(Clip bounds) {
    return Detached.of(Nodes.clip(node(), bounds.low(level()), bounds.high(level())));
  }

  @Override
  public Detached<L> clipBetween(Detached<L> low, Detached<L> high) {
    return Detached.of(Nodes.clip(node(), low.node(), high.node()));
  }

  @Override
  public <F extends L> Detached<F> per(Axis<F> axis) {
    return Detached.of(Nodes.broadcast(node(), axis.name()));
  }

  @Override
  public <T extends Level> Detached<T> sum(Over<L, T> over) {
    return Detached.of(Nodes.reduce(ReduceOp.SUM, node(), over.toFrom(node()), 0, over.where()));
  }

  @Override
  public <T extends Level> Detached<T> mean(Over<L, T> over) {
    return Detached.of(Nodes.reduce(ReduceOp.MEAN, node(), over.toFrom(node()), 0, over.where()));
  }

  @Override
  public <T extends Level> Detached<T> std(Over<L, T> over, int ddof) {
    return Detached.of(Nodes.reduce(ReduceOp.STD, node(), over.toFrom(node()), ddof, over.where()));
  }

  @Override
  public <T extends Level> Detached<T> min(Over<L, T> over) {
    return Detached.of(Nodes.reduce(ReduceOp.MIN, node(), over.toFrom(node()), 0, over.where()));
  }

  @Override
  public <T extends Level> Detached<T> max(Over<L, T> over) {
    return Detached.of(Nodes.reduce(ReduceOp.MAX, node(), over.toFrom(node()), 0, over.where()));
  }

  /**
   * {@return the ulp of the largest member, in the type that was recorded: {@link ReduceOp#ULP}}
   */
  public <T extends Level> Detached<T> ulp(Over<L, T> over) {
    return Detached.of(Nodes.reduce(ReduceOp.ULP, node(), over.toFrom(node()), 0, over.where()));
  }

  /**
   * {@return the largest rounding difference between members that ought to be equal: 8 ulps, in the
   * type that was recorded, of the largest of what each was added up from}
   */
  public <T extends Level> Detached<T> rounding(Over<L, T> over) {
    return Detached.of(Rounding.of(node(), over.toFrom(node()), over.where()));
  }

  /**
   * {@return yes where members differ by more than {@link #rounding}: max − min &gt; 8 ulps.
   * Members that agree are one number; their differences are rounding errors}
   */
  public <T extends Level> Condition<T> differs(Over<L, T> over) {
    return max(over).minus(min(over)).above(rounding(over));
  }

  @Override
  public <T extends Level> Detached<L> sortedBy(Detached<L> key, Over<L, T> within) {
    return Detached.of(Nodes.permute(node(), key.node(), within.toFrom(node()), false));
  }

  @Override
  public <T extends Level> Detached<L> sumByKey(Detached<L> key, Over<L, T> within) {
    return Detached.of(Nodes.sumByKey(node(), key.node(), within.toFrom(node()), false));
  }

  @Override
  public <T extends Level> Detached<L> cumulativeSum(Detached<L> key, Over<L, T> within) {
    return Detached.of(Nodes.sumByKey(node(), key.node(), within.toFrom(node()), true));
  }

  @Override
  public Detached<L> renamed(String parameter, String name) {
    return Detached.of(new Renaming(List.of(node()), parameter, name).of(node()));
  }

  @Override
  public Detached<L> as(String symbol) {
    return Detached.of(Nodes.named(node(), symbol));
  }

  /** {@return the same: there is no gradient to stop} */
  @Override
  public Detached<L> stopGradient() {
    return this;
  }

  /** {@return −1, 0 or 1} */
  public Detached<L> sign() {
    return Detached.of(Nodes.unary(UnaryOp.SIGN, node()));
  }

  /** {@return the largest integer not above this} */
  public Detached<L> floor() {
    return Detached.of(Nodes.unary(UnaryOp.FLOOR, node()));
  }

  /**
   * {@return 0 for the largest member that counts inside each T, 1 for the next, …; ties in their
   * own order}
   */
  public <T extends Level> Detached<L> rank(Over<L, T> within) {
    return Detached.of(Nodes.rank(node(), within.toFrom(node()), within.where()));
  }

  /**
   * {@return the quantile of the members that count, by linear interpolation; 0 of nothing}
   *
   * @param fraction the fraction below, in [0, 1]
   */
  public <T extends Level> Detached<T> quantile(Detached<T> fraction, Over<L, T> within) {
    return Detached.of(
        Nodes.quantile(node(), fraction.node(), within.toFrom(node()), within.where()));
  }

  /** {@return yes for the k largest members that count inside each T; ties in their own order} */
  public <T extends Level> Condition<L> top(Detached<T> k, Over<L, T> within) {
    Checks.number("k", k.node(), "a number of members, 0 or more");
    Node best =
        Nodes.compare(CompareOp.BELOW, rank(within).node(), Nodes.broadcast(k.node(), level()));
    return new Condition<>(within.where().map(kept -> Nodes.and(best, kept)).getOrElse(best));
  }

  /**
   * {@return yes for the k largest members that count inside each T, with k = max(atLeast,
   * floor(fraction · n))}
   *
   * @param fraction the fraction of the n members that count, in [0, 1]
   * @param atLeast the smallest k
   */
  public <T extends Level> Condition<L> topFraction(
      Parameter fraction, int atLeast, Over<L, T> within) {
    Checks.fraction("a fraction of members", fraction.node());
    Node least = Nodes.constant(atLeast, within.to());
    Checks.number("the smallest k", least, "a number of members, 0 or more");
    Node n = Nodes.count(within.from(), within.to(), within.where());
    Node k = Nodes.unary(UnaryOp.FLOOR, Nodes.binary(BinaryOp.TIMES, n, fraction.at(within.to())));
    return top(Detached.of(Nodes.binary(BinaryOp.MAX, k, least)), within);
  }

  @Override
  String type() {
    return "Detached<" + level().type() + ">";
  }
}
