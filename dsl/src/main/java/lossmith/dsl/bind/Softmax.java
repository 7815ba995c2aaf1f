package lossmith.dsl.bind;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.simplify.Simplify;
import lossmith.dsl.simplify.SoftmaxSums;

/** The derivative of the softmax, by which a gradient at log π becomes one at the logits. */
public final class Softmax {
  private static final Node LOG_PI = Nodes.given(Columns.LOG_PI, Level.Name.VOCABULARY);
  private static final Node ZERO = Nodes.constant(0, Level.Name.VOCABULARY);
  private static final Node ONE = Nodes.constant(1, Level.Name.VOCABULARY);

  private Softmax() {}

  /**
   * {@return dL/dz_v = (G_v − π_v Σ_u G_u) / T, the gradient with respect to the logits}
   *
   * <p>Where only the sampled entry counts, it is its weight times the score. Otherwise G = O + π
   * W, and the two terms with π are taken together: (O_v − π_v (Σ_u G_u − W_v)) / T.
   *
   * @param g G = dL/dlog π, at the vocabulary level
   */
  public static Node pull(Node g) {
    Node temperature =
        Nodes.broadcast(
            Nodes.parameter(Columns.TEMPERATURE, BoundLoss.TEMPERATURE), Level.Name.VOCABULARY);
    Node pulled = atSampled(g).map(Softmax::scored).getOrElse(() -> pulled(new Simplify().of(g)));
    return new Simplify().of(Nodes.binary(BinaryOp.DIVIDE, pulled, temperature));
  }

  private static Node scored(Node weight) {
    Node pi = Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, ONE);
    Node sampled = Nodes.select(Nodes.sampled(), ONE, ZERO);
    return Nodes.binary(BinaryOp.TIMES, weight, Nodes.binary(BinaryOp.MINUS, sampled, pi));
  }

  private static Node pulled(Node g) {
    Node sum = Nodes.reduce(ReduceOp.SUM, g, Level.Name.TOKEN, 0, Option.none());
    Node total = Nodes.broadcast(new SoftmaxSums().of(sum), Level.Name.VOCABULARY);
    Parted parted = Parted.of(g);
    Node weight = Nodes.binary(BinaryOp.MINUS, total, parted.underPi());
    return Nodes.binary(
        BinaryOp.MINUS, parted.others(), Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, weight));
  }

  /**
   * {@return a gradient at log π that pulls back to the same one at the logits: without what under
   * π is the same for all of a row, since π_v (c − Σ_u π_u c) = 0}
   *
   * @param g G = dL/dlog π, at the vocabulary level
   */
  public static Node varying(Node g) {
    return new Simplify().of(varyingTerms(new Simplify().of(g)));
  }

  private static Node varyingTerms(Node g) {
    if (g instanceof Node.Unary u && u.op() == UnaryOp.NEGATE) {
      return Nodes.unary(UnaryOp.NEGATE, varyingTerms(u.of()));
    }
    if (g instanceof Node.Binary b && (b.op() == BinaryOp.PLUS || b.op() == BinaryOp.MINUS)) {
      return Nodes.binary(b.op(), varyingTerms(b.left()), varyingTerms(b.right()));
    }
    return g instanceof Node.Binary b && weighsPi(b)
        ? Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, withoutConstants(b.right()))
        : g;
  }

  /** A sum without its terms that are the same for all entries of a row. */
  private static Node withoutConstants(Node weight) {
    if (ofRow(weight)) {
      return ZERO;
    }
    return weight instanceof Node.Binary b && (b.op() == BinaryOp.PLUS || b.op() == BinaryOp.MINUS)
        ? Nodes.binary(b.op(), withoutConstants(b.left()), withoutConstants(b.right()))
        : weight;
  }

  private static boolean weighsPi(Node.Binary product) {
    return product.op() == BinaryOp.PROB_TIMES
        && product.left() instanceof Node.Input input
        && input.name().equals(Columns.LOG_PI);
  }

  /**
   * The weight w of a gradient w · 1[v = y_t], so that dL/dz_v = w · (1[v = y_t] − π_v) / T; one
   * number for the whole row: of a w that is another at every entry, that of the sampled entry.
   */
  private static Option<Node> atSampled(Node g) {
    if (g instanceof Node.Unary negated && negated.op() == UnaryOp.NEGATE) {
      return atSampled(negated.of()).map(weight -> Nodes.unary(UnaryOp.NEGATE, weight));
    }
    return g instanceof Node.Select select
            && select.when() instanceof Node.Sampled
            && select.right() instanceof Node.Constant zero
            && zero.value() == 0
        ? Option.some(ofSampled(select.left()))
        : Option.none();
  }

  /** A weight at the sampled entry, spread over the row. */
  private static Node ofSampled(Node weight) {
    return ofRow(weight) ? weight : Nodes.broadcast(Nodes.gather(weight), Level.Name.VOCABULARY);
  }

  /** Whether it is the same for all entries of a row. */
  private static boolean ofRow(Node node) {
    return node instanceof Node.Constant
        || node instanceof Node.Broadcast
        || (node instanceof Node.Unary unary && ofRow(unary.of()))
        || (node instanceof Node.Binary binary && ofRow(binary.left()) && ofRow(binary.right()));
  }

  /**
   * A sum parted into what stands under π and the rest: G = others + π · underPi.
   *
   * @param underPi W
   * @param others O
   */
  private record Parted(Node underPi, Node others) {
    static Parted of(Node g) {
      if (g instanceof Node.Unary u && u.op() == UnaryOp.NEGATE) {
        Parted of = of(u.of());
        return new Parted(
            Nodes.unary(UnaryOp.NEGATE, of.underPi), Nodes.unary(UnaryOp.NEGATE, of.others));
      }
      if (g instanceof Node.Binary b) {
        boolean sum = b.op() == BinaryOp.PLUS || b.op() == BinaryOp.MINUS;
        if (sum) {
          Parted left = of(b.left());
          Parted right = of(b.right());
          return new Parted(
              Nodes.binary(b.op(), left.underPi, right.underPi),
              Nodes.binary(b.op(), left.others, right.others));
        }
        if (weighsPi(b)) {
          return new Parted(b.right(), ZERO);
        }
      }
      return new Parted(ZERO, g);
    }
  }
}
