package lossmith.dsl.print;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Objects;
import lossmith.dsl.Algebra;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Each node means a piece of formula; what has a symbol is written by it and defined once, aside.
 */
final class Pieces implements Algebra<Piece> {
  private static final Map<String, String> POLICIES =
      LinkedHashMap.of(
          Columns.LOG_PROB, "",
          Columns.LOG_PI, "",
          Columns.OLD_LOG_PROB, "old",
          Columns.REFERENCE_LOG_PROB, "ref",
          Columns.REFERENCE_LOG_PI, "ref",
          Columns.ROLLOUT_LOG_PROB, "rollout");

  private final Notation notation;
  private final IdentityHashMap<Node, String> symbols;
  private final IdentityHashMap<Node, String> exponentials;
  private Map<String, String> definitions = LinkedHashMap.empty();
  private boolean saturates;

  Pieces(
      Notation notation,
      IdentityHashMap<Node, String> symbols,
      IdentityHashMap<Node, String> exponentials) {
    this.notation = notation;
    this.symbols = symbols;
    this.exponentials = exponentials;
  }

  Map<String, String> definitions() {
    return definitions;
  }

  boolean saturates() {
    return saturates;
  }

  private Piece call(String function, Piece... arguments) {
    return Piece.atom(notation.call(function, List.of(arguments).map(Piece::text)));
  }

  private Piece product(Piece left, Piece right) {
    return new Piece(
        notation.times(left.atLeast(Piece.PRODUCT), right.atLeast(Piece.PRODUCT)), Piece.PRODUCT);
  }

  private Piece relation(Piece left, String word, Piece right) {
    return new Piece(
        left.atLeast(Piece.SUM) + " " + notation.relation(word) + " " + right.atLeast(Piece.SUM),
        0);
  }

  @Override
  public Piece input(Node.Input node) {
    if (node.name().equals(Columns.ENTROPY)) {
      return call("H", Piece.atom(notation.symbol("π")));
    }
    String at = node.level() == Level.Name.VOCABULARY ? "v" : "y_t";
    return Piece.atom(
        POLICIES
            .get(node.name())
            .map(policy -> notation.logPi(policy, at))
            .getOrElse(notation.symbol(node.name())));
  }

  @Override
  public Piece chosen(Node.Chosen node) {
    return new Piece("v = y_t", 0);
  }

  @Override
  public Piece constant(Node.Constant node) {
    return new Piece(Numbers.text(node.value()), node.value() < 0 ? Piece.SUM : Piece.ATOM);
  }

  @Override
  public Piece truth(Node.Truth node) {
    return Piece.atom(String.valueOf(node.value()));
  }

  @Override
  public Piece setting(Node.Setting node) {
    return Piece.atom(notation.symbol(node.name()));
  }

  @Override
  public Piece uniform(Node.Uniform node, Piece seed, Piece step) {
    return call("uniform", seed, step);
  }

  @Override
  public Piece named(Node.Named node, Piece of) {
    String symbol = notation.symbol(Objects.requireNonNull(symbols.get(node)));
    definitions = definitions.put(symbol, of.text());
    return Piece.atom(symbol);
  }

  @Override
  public Piece unary(Node.Unary node, Piece of) {
    return switch (node.op()) {
      case NEGATE -> new Piece("-" + of.atLeast(Piece.BIG), Piece.SUM);
      case EXP_SLOPE -> slope(node, of);
      case SQUARE -> Piece.atom((atomic(of) ? of.text() : "(" + of.text() + ")") + "^2");
      case ABS -> Piece.atom("|" + of.text() + "|");
      case SIGMOID -> call("σ", of);
      default -> call(node.op().name().toLowerCase(Locale.ROOT), of);
    };
  }

  private static boolean atomic(Piece of) {
    return of.binds() == Piece.ATOM && !of.text().contains(" ");
  }

  private Piece slope(Node.Unary node, Piece of) {
    saturates = true;
    String symbol = exponentials.get(node.of());
    return symbol == null ? call(UnaryOp.EXP.toString(), of) : Piece.atom(notation.symbol(symbol));
  }

  @Override
  public Piece not(Node.Not node, Piece of) {
    return Piece.atom(notation.relation("not") + of.atLeast(Piece.ATOM));
  }

  @Override
  public Piece stopGradient(Node.StopGradient node, Piece of) {
    return call("sg", of);
  }

  @Override
  public Piece broadcast(Node.Broadcast node, Piece of) {
    return of;
  }

  @Override
  public Piece neighbour(Node.Neighbour node, Piece of) {
    return call(
        node.from() == Direction.BACKWARD ? "next" : "previous",
        of,
        Piece.atom(Numbers.text(node.edge())));
  }

  @Override
  public Piece choose(Node.Choose node, Piece of) {
    return node.of() instanceof Node.Input input && POLICIES.containsKey(input.name())
        ? Piece.atom(notation.logPi(POLICIES.get(input.name()).get(), "y_t"))
        : call("chosen", of);
  }

  @Override
  public Piece binary(Node.Binary node, Piece left, Piece right) {
    return switch (node.op()) {
      case PLUS -> new Piece(left.atLeast(Piece.SUM) + " + " + right.atLeast(Piece.BIG), Piece.SUM);
      case MINUS ->
          new Piece(left.atLeast(Piece.SUM) + " - " + right.atLeast(Piece.BIG), Piece.SUM);
      case TIMES -> product(left, right);
      case DIVIDE -> notation.fraction(left, right);
      case EXP_TIMES -> product(call("exp", left), right);
      case MIN, MAX, LOG_ADD_EXP -> call(node.op().toString(), left, right);
    };
  }

  @Override
  public Piece compare(Node.Compare node, Piece left, Piece right) {
    return relation(left, node.op().toString(), right);
  }

  @Override
  public Piece logic(Node.Logic node, Piece left, Piece right) {
    String word = notation.relation(node.all() ? "and" : "or");
    return new Piece(left.atLeast(Piece.ATOM) + " " + word + " " + right.atLeast(Piece.ATOM), 0);
  }

  @Override
  public Piece scan(Node.Scan node, Piece addend, Piece coefficient) {
    return call("scan_" + node.direction().name().toLowerCase(Locale.ROOT), addend, coefficient);
  }

  @Override
  public Piece share(Node.Share node, Piece of, Piece key) {
    return call("sum_sharing", of, key);
  }

  @Override
  public Piece permute(Node.Permute node, Piece of, Piece key) {
    return call(node.inverse() ? "unsorted_by" : "sorted_by", of, key);
  }

  @Override
  public Piece clip(Node.Clip node, Piece of, Piece low, Piece high) {
    return call("clip", of, low, high);
  }

  @Override
  public Piece select(Node.Select node, Piece when, Piece left, Piece right) {
    Piece indicator = Piece.atom(notation.indicator(when.text()));
    if (node.right() instanceof Node.Constant zero && zero.value() == 0) {
      return node.left() instanceof Node.Constant one && one.value() == 1
          ? indicator
          : product(indicator, left);
    }
    return Piece.atom(notation.cases(when.text(), left.text(), right.text()));
  }

  @Override
  public Piece reduce(Node.Reduce node, Piece of, Option<Piece> where) {
    if (entropy(node)) {
      return call("H", Piece.atom(notation.symbol("π")));
    }
    Level.Name from = node.of().level();
    String sum = notation.bigSum(Notation.index(from, node.to())) + " ";
    Option<Piece> kept = where.map(w -> Piece.atom(notation.indicator(w.text())));
    String body = kept.map(k -> product(k, of)).getOrElse(of).atLeast(Piece.BIG);
    String count = kept.map(k -> sum + k.text()).getOrElse(notation.size(from, node.to()));
    return switch (node.op()) {
      case SUM -> new Piece(sum + body, Piece.BIG);
      case MEAN -> new Piece(notation.oneOver(count) + " " + sum + body, Piece.BIG);
      case DEVIATION, MIN, MAX -> extreme(node, of, where, Notation.index(from, node.to()));
    };
  }

  private Piece extreme(Node.Reduce node, Piece of, Option<Piece> where, String index) {
    String name = node.op() == ReduceOp.DEVIATION ? "std" : node.op().toString();
    String over = index + where.map(w -> ": " + w.text()).getOrElse("");
    String ddof = node.ddof() == 0 ? "" : "; ddof " + node.ddof();
    return Piece.atom(notation.call(name, List.of(of.text() + "; " + over + ddof)));
  }

  /** Whether this is Σ_v π(v) · (−log π(v)). */
  private static boolean entropy(Node.Reduce node) {
    return node.op() == ReduceOp.SUM
        && node.of() instanceof Node.Binary product
        && product.op() == BinaryOp.EXP_TIMES
        && product.left() instanceof Node.Input input
        && input.name().equals(Columns.LOG_PI)
        && product.right() instanceof Node.Unary negated
        && negated.op() == UnaryOp.NEGATE
        && negated.of() == product.left();
  }

  @Override
  public Piece count(Node.Count node, Option<Piece> where) {
    String sum = notation.bigSum(Notation.index(node.from(), node.to())) + " ";
    return where
        .map(w -> new Piece(sum + notation.indicator(w.text()), Piece.BIG))
        .getOrElse(Piece.atom(notation.size(node.from(), node.to())));
  }

  @Override
  public Piece rank(Node.Rank node, Piece of, Option<Piece> where) {
    return where.map(w -> call("rank", of, w)).getOrElse(() -> call("rank", of));
  }

  @Override
  public Piece quantile(Node.Quantile node, Piece of, Piece share, Option<Piece> where) {
    return where
        .map(w -> call("quantile", of, share, w))
        .getOrElse(() -> call("quantile", of, share));
  }
}
