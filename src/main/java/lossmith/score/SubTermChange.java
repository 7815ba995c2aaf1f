package lossmith.score;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.math.BigDecimal;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.print.Formula;

/**
 * A sub-term in which one objective differs from another, and the first objective with that of the
 * second in its place: what this alone changes can be computed.
 *
 * <p>The two are walked side by side from the top as long as they are put together alike. Where
 * they are not, what each averages over tokens is compared, whatever way it is averaged, or terms
 * that both give a name, and parameters; what is then left is one change, how the tokens are added
 * up.
 *
 * @param name what it is called
 * @param from the sub-term of the first objective, as a formula
 * @param to that of the second
 * @param hybrid the first objective with the second's sub-term
 */
public record SubTermChange(String name, String from, String to, Loss hybrid) {
  /** What is left when sub-terms of one name are the same. */
  public static final String REST = "how tokens are added up";

  /** Two sub-terms that stand for each other, and the term with a name that they stand in. */
  private record Pair(Node first, Node second, String within) {
    Pair turned() {
      return new Pair(/* first= */ second, /* second= */ first, within);
    }
  }

  /** Pairs that can be exchanged, and whether anything else differs. */
  private record Found(Seq<Pair> pairs, boolean rest) {
    static final Found NOTHING = new Found(List.empty(), false);

    Found and(Found other) {
      return new Found(pairs.appendAll(other.pairs).distinct(), rest || other.rest);
    }
  }

  /**
   * {@return the sub-terms in which two objectives differ}
   *
   * @param first an objective
   * @param second another
   */
  public static Seq<SubTermChange> between(Loss first, Loss second) {
    // Equal terms of both are one object, so that they are known as equal by looking once.
    HashConsing shared = new HashConsing();
    Node one = shared.of(first.value().node());
    Node other = shared.of(second.value().node());
    Found found = compared(one, other, "");
    Seq<SubTermChange> changes =
        found
            .pairs()
            .flatMap(
                pair ->
                    hybrid(first, one, List.of(pair))
                        .map(
                            loss ->
                                new SubTermChange(
                                    name(pair), line(pair.first()), line(pair.second()), loss)));
    return found.rest()
        ? changes.appendAll(
            hybrid(second, other, found.pairs().map(Pair::turned))
                .map(loss -> new SubTermChange(REST, line(one), line(other), loss)))
        : changes;
  }

  private static Option<Loss> hybrid(Loss of, Node value, Seq<Pair> pairs) {
    try {
      Fold<Node> exchanged = new Fold<>(new Rebuild());
      pairs.forEach(pair -> exchanged.given(pair.first(), pair.second()));
      return Option.some(
          Loss.of(
              LinkedHashMap.of("objective", exchanged.of(value)),
              LinkedHashMap.empty(),
              of.trains()));
    } catch (ProblemException doesNotFit) {
      return Option.none();
    }
  }

  private static Found compared(Node one, Node other, String within) {
    if (one == other) {
      return Found.NOTHING;
    }
    if (isAlike(one, other)) {
      return one.children()
          .zip(other.children())
          .map(pair -> compared(pair._1, pair._2, symbol(one).getOrElse(within)))
          .fold(Found.NOTHING, Found::and);
    }
    Found averaged = averaged(one, other, within);
    if (averaged.pairs().nonEmpty()) {
      return averaged;
    }
    Found named = named(one, other);
    if (named.pairs().isEmpty() && one.level() != Level.Name.BATCH && fits(one, other)) {
      return new Found(List.of(new Pair(one, other, within)), false);
    }
    return new Found(named.pairs(), true);
  }

  /** What is added up over tokens in two ways: what it is, and how it is added up, are changes. */
  private static Found averaged(Node one, Node other, String within) {
    if (one.level() == Level.Name.TOKEN && other.level() == Level.Name.TOKEN) {
      return Found.NOTHING;
    }
    return summand(one)
        .flatMap(mine -> summand(other).map(theirs -> summands(mine, theirs, within)))
        .getOrElse(Found.NOTHING);
  }

  private static Found summands(Node one, Node other, String within) {
    boolean another = one != other && !isAlike(one, other);
    Seq<Pair> pairs =
        another ? List.of(new Pair(one, other, within)) : compared(one, other, within).pairs();
    return new Found(pairs, true);
  }

  /**
   * The term of a token below sums, means, signs and coefficients of the batch, if there is one.
   */
  private static Option<Node> summand(Node node) {
    if (node.level() == Level.Name.TOKEN) {
      return Option.some(node);
    }
    if (node instanceof Node.Reduce reduce) {
      boolean adds = reduce.op() == ReduceOp.SUM || reduce.op() == ReduceOp.MEAN;
      return adds ? summand(reduce.of()) : Option.none();
    }
    if (node instanceof Node.Binary product
        && (product.op() == BinaryOp.TIMES || product.op() == BinaryOp.DIVIDE)) {
      Seq<Node> live = product.children().filter(Node::live);
      return live.size() == 1 ? summand(live.head()) : Option.none();
    }
    boolean negated = node instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE;
    return negated || node instanceof Node.Named ? summand(((Node.Of) node).of()) : Option.none();
  }

  /** Whether a node is made of its children as another is of its own. */
  private static boolean isAlike(Node one, Node other) {
    if (one.getClass() != other.getClass()
        || one.children().isEmpty()
        || one.children().size() != other.children().size()) {
      return false;
    }
    Map<Node, Node> instead = HashMap.ofEntries(one.children().zip(other.children()).reverse());
    try {
      return one.<Node>apply(new Rebuild(), child -> instead.get(child).getOrElse(child))
          .equals(other);
    } catch (ProblemException doesNotFit) {
      return false;
    }
  }

  private static boolean fits(Node one, Node other) {
    return one.level() == other.level() && one.condition() == other.condition();
  }

  /** Terms that both call by one name, and parameters of one name, the innermost that differ. */
  private static Found named(Node one, Node other) {
    Map<String, Node> second = names(other);
    Seq<Pair> pairs = List.empty();
    for (var first : names(one)) {
      for (Node there : second.get(first._1)) {
        if (there != first._2 && fits(first._2, there)) {
          pairs = pairs.appendAll(inside(first._2, there));
        }
      }
    }
    return new Found(pairs.distinct(), true);
  }

  private static Seq<Pair> inside(Node one, Node other) {
    String symbol = symbol(one).getOrElse("");
    if (one.children().isEmpty()) {
      return List.of(new Pair(one, other, symbol));
    }
    Found within =
        one.children()
            .zip(other.children())
            .map(pair -> compared(pair._1, pair._2, symbol))
            .fold(Found.NOTHING, Found::and);
    return within.rest() || within.pairs().isEmpty()
        ? List.of(new Pair(one, other, symbol))
        : within.pairs();
  }

  private static Map<String, Node> names(Node root) {
    Map<String, Node> names = LinkedHashMap.empty();
    for (Node node : Graph.below(List.of(root))) {
      if (node instanceof Node.Named named) {
        names = names.put(named.symbol(), node);
      } else if (node instanceof Node.ParameterValue parameter) {
        names = names.put("parameter " + parameter.name(), node);
      }
    }
    return names;
  }

  private static Option<String> symbol(Node node) {
    return node instanceof Node.Named named ? Option.some(named.symbol()) : Option.none();
  }

  private static String name(Pair pair) {
    if (pair.first() instanceof Node.ParameterValue parameter) {
      return parameter.name();
    }
    return symbol(pair.first())
        .getOrElse(() -> pair.within().isEmpty() ? "the term of a token" : "in " + pair.within());
  }

  /** The term in one line; what it calls by a name is not written out. */
  private static String line(Node node) {
    return node instanceof Node.ParameterValue parameter
        ? parameter.name()
            + " = "
            + BigDecimal.valueOf(parameter.range().initial()).stripTrailingZeros().toPlainString()
        : Formula.unicode(node).lines().findFirst().orElse("");
  }
}
