package lossmith.proofs.known;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.proofs.role.PresumedRole;

/**
 * The pieces of a part: itself; each of its summands, in which one word stands for whatever
 * detached factor weighs it; each of these factors; how each summand becomes one number; and each
 * condition on which a token counts.
 */
final class Fragments {
  /** What stands for any factor that says what a token was worth. */
  static final String ADVANTAGE = "an advantage";

  /** What stands for any factor of policies alone. */
  static final String WEIGHT = "a weight";

  private static final String SELECTED = "a selection";
  private static final String MEANS = "by ";

  private static final Set<String> POLICIES =
      HashSet.of(
          Columns.LOG_PI,
          Columns.LOG_PROB,
          Columns.OLD_LOG_PROB,
          Columns.ROLLOUT_LOG_PROB,
          Columns.REFERENCE_LOG_PROB,
          Columns.REFERENCE_LOG_PI,
          Columns.ENTROPY,
          Columns.POSITION);

  private Fragments() {}

  /**
   * The pieces of a part whose equal terms are shared, itself first; a known reward counts as the
   * column.
   */
  static Seq<Fragment> of(Node part, Set<Long> rewards) {
    Seq<Node> all = Graph.below(List.of(part), Node::children);
    Seq<Node> earned = all.filter(Fragments::isOfResponses);
    Fold<TermForm> plain = new Fold<>(new NormalForm());
    Fold<TermForm> whole = new Fold<>(new NormalForm());
    Fold<TermForm> abstracted = new Fold<>(new NormalForm());
    for (Node one : earned.filter(one -> rewards.contains(plain.of(one).print()))) {
      whole.given(one, TermForm.leaf(Columns.REWARD, one, false));
      abstracted.given(one, TermForm.leaf(Columns.REWARD, one, false));
    }
    Seq<Node> live = all.filter(Node::live);
    Seq<Node> factors = live.flatMap(Fragments::held).distinct();
    Seq<Node> selections =
        Graph.only(Node.Reduce.class, live).flatMap(Node.Reduce::where).distinct();
    Seq<TermForm> conditions =
        selections.map(whole::of).flatMap(Fragments::conditions).distinctBy(TermForm::print);
    selections.forEach(one -> abstracted.given(one, TermForm.leaf(SELECTED, one, false)));
    factors.forEach(
        one ->
            abstracted.given(
                one, TermForm.leaf(isOfPolicies(one) ? WEIGHT : ADVANTAGE, one, false)));
    return summands(abstracted.of(part), false, MEANS)
        .prepend(new Fragment(Fragment.Kind.WHOLE, whole.of(part)))
        .appendAll(
            factors.map(
                one ->
                    new Fragment(
                        isOfPolicies(one) ? Fragment.Kind.WEIGHT : Fragment.Kind.ADVANTAGE,
                        whole.of(one))))
        .appendAll(conditions.map(one -> new Fragment(Fragment.Kind.SELECTION, one)))
        .appendAll(earned.map(one -> new Fragment(Fragment.Kind.REWARD, plain.of(one))));
  }

  /** What all must hold for a selection to hold, unless it only asks whether any is selected. */
  private static Seq<TermForm> conditions(TermForm selection) {
    if (selection.is("and")) {
      return selection.of().flatMap(Fragments::conditions);
    }
    boolean any = selection.is(Shapes.POSITIVE) && isCount(selection.first());
    return any ? List.empty() : List.of(selection);
  }

  private static boolean isOfResponses(Node node) {
    return node.level() == Level.Name.SEQUENCE
        && !node.live()
        && !node.condition()
        && node instanceof Node.Pair
        && columns(node).contains(Columns.REWARD);
  }

  /** The detached factors of a product that has a gradient, and what it is divided by. */
  private static Seq<Node> held(Node node) {
    boolean product =
        node instanceof Node.Binary binary
            && (binary.op() == BinaryOp.TIMES || binary.op() == BinaryOp.DIVIDE);
    return product
        ? node.children()
            .reject(Node::live)
            .map(PresumedRole::plain)
            .filter(factor -> isWorthComparing(factor) || isOfLengths(factor))
        : List.empty();
  }

  private static boolean isWorthComparing(Node factor) {
    Set<String> read = columns(factor);
    return !read.isEmpty() && !read.contains(Columns.SIGN);
  }

  /** A function of how many tokens there are, and not the number by which a mean divides. */
  private static boolean isOfLengths(Node factor) {
    Seq<Node> below = Graph.below(List.of(factor), Node::children);
    return columns(factor).isEmpty()
        && below.exists(
            node -> node instanceof Node.Count count && count.from() == Level.Name.TOKEN)
        && below.exists(node -> node instanceof Node.Binary sum && sum.op() == BinaryOp.MINUS);
  }

  private static boolean isOfPolicies(Node factor) {
    return POLICIES.containsAll(columns(factor));
  }

  private static Set<String> columns(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node), Node::children))
        .map(Node.Input::name)
        .toSet();
  }

  /** What is summed and averaged, with its sign, and how. */
  private static Seq<Fragment> summands(TermForm x, boolean negative, String way) {
    if (x.is(TermForm.NEGATED)) {
      return summands(x.first(), !negative, way);
    }
    if (x.is(TermForm.SUM)) {
      return x.of().flatMap(one -> summands(one, negative, way));
    }
    boolean reduced = x.word().startsWith("sum ") || x.word().startsWith("mean ");
    if (reduced && x.isLive()) {
      String selected = x.of().size() > 1 ? " of " + Long.toHexString(x.of().last().bare()) : "";
      return summands(x.first(), negative, way + x.word() + selected + ", ");
    }
    if (x.is(TermForm.PRODUCT) && x.of().count(TermForm::isLive) == 1) {
      Seq<TermForm> counts = x.of().filter(Fragments::isOverCount);
      Seq<TermForm> rest = x.of().removeAll(counts).reject(TermForm::isNumber);
      if (rest.size() == 1) {
        String over = counts.map(one -> Long.toHexString(one.bare())).mkString(" ");
        return summands(rest.head(), negative, counts.isEmpty() ? way : way + over + ", ");
      }
    }
    TermForm term = withoutHeld(x);
    TermForm signed = negative ? Shapes.negated(term, x.node()) : term;
    return List.of(
        new Fragment(Fragment.Kind.TERM, signed),
        new Fragment(Fragment.Kind.MEAN, TermForm.leaf(way, x.node(), false)));
  }

  /**
   * A term with a gradient without its coefficients: parameters, constants and numbers of tokens.
   */
  private static TermForm withoutHeld(TermForm x) {
    Seq<TermForm> rest =
        x.is(TermForm.PRODUCT) ? x.of().filter(one -> one.isLive() || one.isFactor()) : List.of(x);
    return rest.size() > 1 ? x.with(rest) : rest.headOption().getOrElse(x);
  }

  /** A product without what is made of parameters and constants; any other term as it is. */
  static TermForm withoutNumbers(TermForm product) {
    if (!product.is(TermForm.PRODUCT)) {
      return product;
    }
    Seq<TermForm> rest = product.of().reject(TermForm::isNumber);
    return rest.size() > 1 ? product.with(rest) : rest.headOption().getOrElse(product);
  }

  private static boolean isOverCount(TermForm x) {
    return x.is(TermForm.INVERSE) && isCount(x.first());
  }

  private static boolean isCount(TermForm x) {
    return x.word().startsWith("count ");
  }
}
