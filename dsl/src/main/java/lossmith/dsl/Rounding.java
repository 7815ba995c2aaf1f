package lossmith.dsl;

import io.vavr.control.Option;

/**
 * The largest rounding difference between numbers that ought to be equal: {@value #ULPS} times the
 * ulp ({@link ReduceOp#ULP}) of the largest, and of the largest of each summand that they were
 * computed from: 1.3 − 1 and 0.3 are off by an ulp of 1.3, and a result computed in float64 from
 * numbers recorded as float32 has the precision of float32.
 *
 * <p>Summands are looked for through sums, signs, names, factors that are one number for all
 * members, numbers that are repeated at a finer level, what a condition replaces by a constant, and
 * sums over tokens; anything else is a number like one that was recorded.
 */
final class Rounding {
  /**
   * The number of ulps within which numbers agree: one for having been recorded, the rest for the
   * sums that produced them.
   */
  static final int ULPS = 8;

  private final Level.Name to;
  private final Option<Node> where;

  private Rounding(Level.Name to, Option<Node> where) {
    this.to = to;
    this.where = where;
  }

  /** The rounding of the members of {@code x} inside each element of {@code to}. */
  static Node of(Node x, Level.Name to, Option<Node> where) {
    Node ulps = new Rounding(to, where).ulps(x);
    return Nodes.binary(BinaryOp.TIMES, ulps, Nodes.constant(ULPS, to));
  }

  private Node ulps(Node x) {
    return bare(x) instanceof Node.Input ? ulp(x) : summands(x).getOrElse(() -> ulp(x));
  }

  private Node ulp(Node x) {
    Option<Node> counts = where.filter(kept -> kept.level() == x.level());
    return Nodes.reduce(ReduceOp.ULP, x, to, 0, counts);
  }

  private static Node bare(Node x) {
    return x instanceof Node.Named named ? bare(named.of()) : x;
  }

  /** The ulps of what x is the sum of; none where it is no sum. */
  private Option<Node> summands(Node x) {
    Node sum = bare(x);
    if (sum instanceof Node.Unary unary && unary.op() == UnaryOp.NEGATE) {
      return Option.some(ulps(unary.of()));
    }
    if (sum instanceof Node.Binary binary) {
      return switch (binary.op()) {
        case PLUS, MINUS ->
            Option.some(Nodes.binary(BinaryOp.PLUS, ulps(binary.left()), ulps(binary.right())));
        case TIMES ->
            factor(binary.right()).map(f -> Nodes.binary(BinaryOp.TIMES, f, ulps(binary.left())));
        default -> Option.none();
      };
    }
    if (sum instanceof Node.Broadcast spread && spread.of().level().finerThan(to)) {
      return summands(spread.of());
    }
    if (sum instanceof Node.Select choice && bare(choice.right()) instanceof Node.Constant) {
      return summands(choice.left());
    }
    if (sum instanceof Node.Scan scan) {
      return Option.some(overTokens(scan.left(), Level.Name.SEQUENCE, Option.none()));
    }
    boolean overTokens =
        sum instanceof Node.Reduce reduce
            && reduce.op() == ReduceOp.SUM
            && reduce.of().level() == Level.Name.TOKEN;
    return Option.when(
        overTokens,
        () -> overTokens(((Node.Reduce) sum).of(), sum.level(), ((Node.Reduce) sum).where()));
  }

  /** Each token's ulps, which add up as a random walk does: times the root of the longest. */
  private Node overTokens(Node x, Level.Name level, Option<Node> counts) {
    Node tokens = Nodes.count(Level.Name.TOKEN, level, counts);
    Node most = level == to ? tokens : Nodes.reduce(ReduceOp.MAX, tokens, to, 0, Option.none());
    Node root = Nodes.unary(UnaryOp.SQRT, most);
    return Nodes.binary(BinaryOp.TIMES, root, new Rounding(to, Option.none()).ulps(x));
  }

  /** The size of a factor that is one number for all members; none where it is not. */
  private Option<Node> factor(Node x) {
    Node bare = bare(x);
    if (bare instanceof Node.Constant constant) {
      return Option.some(Nodes.constant(Math.abs(constant.value()), to));
    }
    boolean one =
        bare instanceof Node.Broadcast spread && spread.of() instanceof Node.ParameterValue;
    return Option.when(one, () -> Nodes.unary(UnaryOp.ABS, at(((Node.Broadcast) bare).of())));
  }

  private Node at(Node parameter) {
    return to == Level.Name.BATCH ? parameter : Nodes.broadcast(parameter, to);
  }
}
