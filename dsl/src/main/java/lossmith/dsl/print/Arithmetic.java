package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Locale;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;

/** Sums, products, powers and logarithms of pieces of formula. */
final class Arithmetic {
  private final Notation notation;

  Arithmetic(Notation notation) {
    this.notation = notation;
  }

  Piece call(String function, Piece... arguments) {
    return Piece.atom(notation.call(function, List.of(arguments).map(notation::sum)));
  }

  Piece product(Piece left, Piece right) {
    return Piece.of(left.product(notation).times(right.product(notation)));
  }

  Piece unary(UnaryOp op, Piece of) {
    return switch (op) {
      case NEGATE -> of.negated(notation);
      case EXP, EXP_SLOPE -> exp(of);
      case SQUARE -> square(of);
      case ABS -> Piece.atom("|" + notation.sum(of) + "|");
      case SIGMOID -> call("σ", of);
      case LOG -> log(of);
      case LOG_SIGMOID -> logSigmoid(call("σ", of));
      case EXPM1, EXP_REMAINDER_SLOPE -> exp(of).plus(one().negated(notation));
      case EXP_REMAINDER -> exp(of).plus(of.negated(notation)).plus(one().negated(notation));
      case LOG1P -> log(one().plus(of));
      case LOG1M_EXP -> log(one().plus(exp(of).negated(notation)));
      default -> call(op.name().toLowerCase(Locale.ROOT), of);
    };
  }

  /** A number, as a logarithm where its author wrote one. */
  Piece number(double value) {
    Option<Double> of = NumberText.exponential(value);
    Option<Double> power = of.orElse(() -> NumberText.exponential(-value));
    String text =
        power
            .map(x -> notation.call("log", List.of(notation.number(x))))
            .getOrElse(() -> notation.number(Math.abs(value)));
    Piece number = Piece.of(text, Factor.Rank.NUMBER).at(Level.Name.BATCH);
    boolean negative = power.isDefined() ? of.isEmpty() : value < 0;
    return negative ? number.negated(notation) : number;
  }

  private Piece one() {
    return Piece.of(notation.number(1), Factor.Rank.NUMBER);
  }

  /** e^log x is x. */
  Piece exp(Piece of) {
    return of.logOf()
        .map(Piece::of)
        .getOrElse(
            () -> Piece.of(notation.call("exp", List.of(notation.sum(of))), Factor.Rank.RATIO));
  }

  private Piece log(Piece of) {
    String text = notation.sum(of);
    boolean symbol = of.rank() == Factor.Rank.OTHER && !text.matches(".*[ (|^{-].*");
    String log = symbol ? notation.log(text) : notation.call("log", List.of(text));
    return Piece.log(log, of.product(notation));
  }

  private Piece logSigmoid(Piece sigmoid) {
    return Piece.log(notation.log(notation.sum(sigmoid)), sigmoid.product(notation));
  }

  private Piece square(Piece of) {
    Summand base = of.product(notation);
    Summand factor =
        base.only() ? base : Summand.of(new Factor(notation.sum(of), true, Factor.Rank.OTHER));
    return Piece.of(factor.times(factor));
  }

  Piece binary(Node.Binary node, Piece left, Piece right) {
    return switch (node.op()) {
      case PLUS -> left.plus(right);
      case MINUS -> left.plus(right.negated(notation));
      case TIMES -> times(node, left, right);
      case DIVIDE -> Piece.of(left.product(notation).times(right.product(notation).inverse()));
      case PROB_TIMES -> product(exp(left), right);
      case SIGMOID_DIFF -> sigmoidDiff(left, right);
      case LOG_ADD_EXP -> log(exp(left).plus(exp(right)));
      case MIN, MAX -> call(node.op().toString(), left, right);
    };
  }

  /** A product; 2·log x is the logarithm of x². */
  private Piece times(Node.Binary node, Piece left, Piece right) {
    Piece product = product(left, right);
    return power(node.left(), right)
        .orElse(() -> power(node.right(), left))
        .map(product::logOf)
        .getOrElse(product);
  }

  private Option<Summand> power(Node times, Piece log) {
    return times instanceof Node.Constant c && c.value() > 0
        ? log.logOf()
            .filter(Summand::only)
            .map(of -> Summand.of(of.over().head().power(notation.number(c.value()))))
        : Option.none();
  }

  /** e^a / (e^b + e^a), which is σ(a - b). */
  private Piece sigmoidDiff(Piece left, Piece right) {
    if (left.logOf().isEmpty() || right.logOf().isEmpty()) {
      return call("σ", left.plus(right.negated(notation)));
    }
    Summand all = exp(right).plus(exp(left)).product(notation);
    return Piece.of(exp(left).product(notation).times(all.inverse()));
  }
}
