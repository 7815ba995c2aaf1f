package lossmith.dsl.print;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.function.UnaryOperator;
import lossmith.dsl.Algebra;
import lossmith.dsl.Columns;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Each node means a piece of formula; what has a symbol is written by it and defined once, aside.
 *
 * <p>Long because a meaning has one method for each kind of node.
 */
final class FormulaPieces implements Algebra<Piece> {
  private static final Map<String, String> POLICIES =
      LinkedHashMap.of(
          Columns.LOG_PROB, "",
          Columns.LOG_PI, "",
          Columns.OLD_LOG_PROB, "old",
          Columns.REFERENCE_LOG_PROB, "ref",
          Columns.REFERENCE_LOG_PI, "ref",
          Columns.ROLLOUT_LOG_PROB, "rollout");

  private final Notation notation;
  private final Arithmetic arithmetic;
  private final BigSums sums;
  private final IdentityHashMap<Node, String> symbols;
  private final IdentityHashMap<Node, String> exponentials;
  private final UnaryOperator<String> free;
  private Map<String, String> definitions = LinkedHashMap.empty();
  private boolean saturates;
  private boolean holds;

  FormulaPieces(
      Notation notation,
      IdentityHashMap<Node, String> symbols,
      IdentityHashMap<Node, String> exponentials,
      UnaryOperator<String> free) {
    this.notation = notation;
    this.arithmetic = new Arithmetic(notation);
    this.sums = new BigSums(notation, arithmetic);
    this.symbols = symbols;
    this.exponentials = exponentials;
    this.free = free;
  }

  /** What each symbol stands for, in the order in which they build on one another. */
  Seq<String> definitions() {
    return definitions.values();
  }

  boolean saturates() {
    return saturates;
  }

  /** Whether the slope of exp(x) - x - 1 occurs, in which x is clamped. */
  boolean holds() {
    return holds;
  }

  @Override
  public Piece input(Node.Input node) {
    if (node.name().equals(Columns.ENTROPY)) {
      return entropy();
    }
    String at = node.level() == Level.Name.VOCABULARY ? "v" : "y_t";
    return POLICIES
        .get(node.name())
        .map(policy -> logPi(policy, at))
        .getOrElse(() -> Piece.atom(notation.symbol(node.name())));
  }

  private Piece logPi(String policy, String at) {
    String pi = notation.pi(policy, at);
    return Piece.log(notation.log(pi), Summand.of(new Factor(pi, false, Factor.Rank.RATIO)));
  }

  private Piece entropy() {
    return Piece.atom(notation.call("H", List.of(notation.symbol("π"))));
  }

  @Override
  public Piece sampled(Node.Sampled node) {
    return Piece.of(Relation.comparison("v", "==", "y_t", false));
  }

  private static Relation condition(Piece piece) {
    return piece.relation().getOrElse(() -> Relation.atom(""));
  }

  @Override
  public Piece constant(Node.Constant node) {
    return arithmetic.number(node.value());
  }

  @Override
  public Piece truth(Node.Truth node) {
    return Piece.of(Relation.atom(String.valueOf(node.value())));
  }

  @Override
  public Piece parameter(Node.ParameterValue node) {
    return Piece.of(notation.symbol(node.name()), Factor.Rank.PARAMETER).at(Level.Name.BATCH);
  }

  @Override
  public Piece uniform(Node.Uniform node, Piece seed, Piece step) {
    return arithmetic.call("uniform", seed, step);
  }

  @Override
  public Piece named(Node.Named node, Piece of) {
    Piece symbol = symbol(Objects.requireNonNull(symbols.get(node)), node.of());
    if (node.condition()) {
      String name = condition(symbol).text(notation);
      String when = condition(of).text(notation);
      definitions = definitions.put(name, notation.equivalence(name, when));
      return symbol;
    }
    String name = notation.sum(symbol);
    String text = notation.sum(of);
    boolean itself =
        text.equals(name)
            || (of.equals(entropy()) && text.startsWith(name))
            || (node.of() instanceof Node.Scan scan && symbols.containsKey(scan));
    if (itself) {
      return of;
    }
    boolean slopeOfKnown =
        node.of() instanceof Node.Unary u
            && u.op() == UnaryOp.EXP_SLOPE
            && exponentials.containsKey(u.of());
    if (!slopeOfKnown) {
      definitions = definitions.put(name, notation.equation(name, text));
    }
    return symbol;
  }

  /** A symbol for a node; one such as log Z is known to be the logarithm of Z. */
  Piece symbol(String name, Node of) {
    if (of.condition()) {
      return Piece.of(Relation.atom(notation.symbol(name)));
    }
    if (name.matches("log .+|log[A-Za-z]'*")) {
      String power = notation.symbol(name.substring(3).strip());
      return Piece.log(notation.log(power), Summand.of(Factor.atom(power)));
    }
    boolean ratio =
        of instanceof Node.Unary u && (u.op() == UnaryOp.EXP || u.op() == UnaryOp.EXP_SLOPE);
    return Piece.of(notation.symbol(name), ratio ? Factor.Rank.RATIO : Factor.Rank.OTHER);
  }

  @Override
  public Piece unary(Node.Unary node, Piece of) {
    holds |= node.op() == UnaryOp.EXP_REMAINDER_SLOPE;
    return node.op() == UnaryOp.EXP_SLOPE ? slope(node, of) : arithmetic.unary(node.op(), of);
  }

  private Piece slope(Node.Unary node, Piece of) {
    saturates = true;
    String symbol = exponentials.get(node.of());
    return symbol == null
        ? arithmetic.exp(of)
        : Piece.of(notation.symbol(symbol), Factor.Rank.RATIO);
  }

  @Override
  public Piece not(Node.Not node, Piece of) {
    return Piece.of(condition(of).opposite(notation));
  }

  @Override
  public Piece stopGradient(Node.StopGradient node, Piece of) {
    Piece sg = stopped(of);
    return of.logOf().map(x -> sg.logOf(stopped(Piece.of(x)).product(notation))).getOrElse(sg);
  }

  private Piece stopped(Piece of) {
    return Piece.of(notation.call("sg", List.of(notation.sum(of))), of.rank());
  }

  @Override
  public Piece broadcast(Node.Broadcast node, Piece of) {
    return of;
  }

  @Override
  public Piece neighbour(Node.Neighbour node, Piece of) {
    return arithmetic.call(
        node.from() == Direction.BACKWARD ? "next" : "previous",
        of,
        Piece.atom(NumberText.text(node.edge())));
  }

  @Override
  public Piece gather(Node.Gather node, Piece of) {
    return node.of() instanceof Node.Input input && POLICIES.containsKey(input.name())
        ? logPi(POLICIES.get(input.name()).get(), "y_t")
        : arithmetic.call("sampled", of);
  }

  @Override
  public Piece binary(Node.Binary node, Piece left, Piece right) {
    return arithmetic.binary(node, left, right);
  }

  @Override
  public Piece compare(Node.Compare node, Piece left, Piece right) {
    boolean swapped =
        !right.bounds()
            && (left.bounds()
                || (NodePatterns.common(node.left()) && !NodePatterns.common(node.right())));
    String word = node.op().toString();
    return Piece.of(Relation.comparison(notation.sum(left), word, notation.sum(right), swapped));
  }

  @Override
  public Piece logic(Node.Logic node, Piece left, Piece right) {
    return Piece.of(condition(left).join(node.all() ? "and" : "or", condition(right)));
  }

  @Override
  public Piece scan(Node.Scan node, Piece addend, Piece coefficient) {
    boolean backward = node.direction() == Direction.BACKWARD;
    if (NodePatterns.number(node.left(), 1) && NodePatterns.number(node.right(), 1)) {
      Piece position = Piece.atom("t");
      Piece length =
          Piece.of(notation.size(Level.Name.TOKEN, Level.Name.SEQUENCE), Factor.Rank.SIZE);
      return backward ? length.plus(position.negated(notation)).plus(addend) : position;
    }
    String known = symbols.get(node);
    String symbol = known == null ? free.apply("S") : notation.symbol(known);
    String neighbour = symbol + (backward ? "_{t+1}" : "_{t-1}");
    Piece rest = arithmetic.product(coefficient, Piece.atom(neighbour));
    String here = symbol + "_t";
    definitions = definitions.put(here, notation.equation(here, notation.sum(addend.plus(rest))));
    return Piece.atom(here);
  }

  @Override
  public Piece sumByKey(Node.SumByKey node, Piece of, Piece key) {
    return over(
        node.cumulative() ? "cumulative_sum" : "sum_by_key",
        Notation.index(node.level(), node.within()),
        Option.none(),
        of,
        key);
  }

  @Override
  public Piece permute(Node.Permute node, Piece of, Piece key) {
    return over(
        node.inverse() ? "unsorted_by" : "sorted_by",
        Notation.index(node.level(), node.within()),
        Option.none(),
        of,
        key);
  }

  @Override
  public Piece clip(Node.Clip node, Piece of, Piece low, Piece high) {
    Piece clipped =
        NodePatterns.infinite(node.low())
            ? arithmetic.call("min", of, high)
            : NodePatterns.infinite(node.high())
                ? arithmetic.call("max", of, low)
                : arithmetic.call("clip", of, low, high);
    return Piece.of(notation.sum(clipped), of.rank());
  }

  @Override
  public Piece select(Node.Select node, Piece when, Piece left, Piece right) {
    String condition = condition(when).text(notation);
    Piece indicator = Piece.of(notation.indicator(condition), Factor.Rank.INDICATOR);
    if (NodePatterns.number(node.right(), 0)) {
      return NodePatterns.number(node.left(), 1) ? indicator : arithmetic.product(indicator, left);
    }
    if (NodePatterns.number(node.left(), 0)) {
      String otherwise = condition(when).opposite(notation).text(notation);
      return arithmetic.product(
          Piece.of(notation.indicator(otherwise), Factor.Rank.INDICATOR), right);
    }
    CaseRows otherwise =
        right.cases().getOrElse(() -> new CaseRows(List.empty(), notation.sum(right)));
    return Piece.of(otherwise.unless(condition, notation.sum(left)), notation);
  }

  @Override
  public Piece reduce(Node.Reduce node, Piece of, Option<Piece> where) {
    Level.Name from = node.of().level();
    String index = Notation.index(from, node.to());
    if (node.op() == ReduceOp.SUM && NodePatterns.plogp(node.of())) {
      return entropy().negated(notation);
    }
    if (node.op() == ReduceOp.SUM && NodePatterns.plogp(NodePatterns.negated(node.of()))) {
      return entropy();
    }
    return switch (node.op()) {
      case SUM, MEAN -> sums.of(node, of, where.map(this::indicator));
      case STD ->
          node.ddof() == 0
              ? over("std", index, where, of)
              : over("std", index, where, of, Piece.atom(notation.words("ddof " + node.ddof())));
      case MIN, MAX, ULP -> over(node.op().toString(), index, where, of);
    };
  }

  private Piece indicator(Piece when) {
    String text = notation.indicator(condition(when).text(notation));
    return Piece.of(text, Factor.Rank.INDICATOR);
  }

  /** A function of everything that an index runs over, where a condition holds. */
  private Piece over(String function, String index, Option<Piece> where, Piece... arguments) {
    String narrowed = index + where.map(w -> ": " + condition(w).text(notation)).getOrElse("");
    return Piece.atom(notation.over(function, narrowed, List.of(arguments).map(notation::sum)));
  }

  @Override
  public Piece count(Node.Count node, Option<Piece> where) {
    String sum = notation.bigSum(Notation.index(node.from(), node.to())) + " ";
    String size =
        where
            .map(w -> sum + notation.sum(indicator(w)))
            .getOrElse(notation.size(node.from(), node.to()));
    return Piece.of(Summand.of(new Factor(size, where.isDefined(), Factor.Rank.SIZE)));
  }

  @Override
  public Piece rank(Node.Rank node, Piece of, Option<Piece> where) {
    return over("rank", Notation.index(node.level(), node.within()), where, of);
  }

  @Override
  public Piece quantile(Node.Quantile node, Piece of, Piece fraction, Option<Piece> where) {
    return over("quantile", Notation.index(node.of().level(), node.to()), where, of, fraction);
  }
}
