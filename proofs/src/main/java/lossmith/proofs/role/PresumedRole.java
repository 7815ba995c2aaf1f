package lossmith.proofs.role;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.UnaryOperator;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.print.Formula;

/**
 * What a part of a loss, or some of its summands, are presumed to be.
 *
 * @param part the name of the part
 * @param role the role
 * @param whole the part
 * @param beside the terms of the part that are its other summands
 * @param carriers what carries the gradient
 * @param advantages the detached factors that say what a token was worth
 * @param estimates the same as each is multiplied in, not taken apart into factors
 * @param weights the detached factors that are ratios of policies
 * @param coefficients the other detached factors
 * @param others the columns of other policies that the terms with the gradient are compared with
 */
public record PresumedRole(
    String part,
    Role role,
    Node whole,
    Seq<Node> beside,
    Seq<Node> carriers,
    Seq<Node> advantages,
    Seq<Node> estimates,
    Seq<Node> weights,
    Seq<Node> coefficients,
    Set<String> others) {
  private static final int LONGEST = 80;

  /** Words that make a mask one of what is left out. */
  private static final Set<String> OTHERWISE =
      HashSet.of("pad", "padding", "ignore", "ignored", "prompt", "not");

  /** The names it goes by: that of the head that is trained, and of an earlier one. */
  private static final Set<String> VALUES =
      HashSet.of(Columns.VALUE, "values", "old_value", "old_values");

  static PresumedRole of(
      String part, Node whole, Role role, Seq<Addend> summands, Seq<Addend> others) {
    Seq<Multiplier> factors = summands.flatMap(Addend::factors).flatMap(Multiplier::of);
    return new PresumedRole(
        part,
        role,
        whole,
        others.map(Addend::top),
        summands.flatMap(Addend::carriers).distinct(),
        nodes(factors, Multiplier.Kind.ADVANTAGE),
        summands.flatMap(Addend::factors).flatMap(Multiplier::worth).distinct(),
        nodes(factors, Multiplier.Kind.WEIGHT),
        nodes(factors, Multiplier.Kind.COEFFICIENT)
            .appendAll(nodes(factors, Multiplier.Kind.PROBABILITY)),
        Multiplier.columns(
                summands.flatMap(Addend::carriers).appendAll(summands.flatMap(Addend::offsets)))
            .filter(Multiplier.POLICIES::contains)
            .remove(Columns.LOG_PI));
  }

  private static Seq<Node> nodes(Seq<Multiplier> factors, Multiplier.Kind kind) {
    return factors.filter(factor -> factor.kind() == kind).map(Multiplier::node).distinct();
  }

  /**
   * {@return these summands as a loss of their own: what else there is of the part has its value
   * and no gradient}
   *
   * <p>Inside a statistic of the policy nothing is replaced: no case has a column of another one.
   *
   * @param some terms of it
   * @param other what stands in the place of each
   */
  public Loss alone(Seq<Node> some, UnaryOperator<Node> other) {
    Fold<Node> apart = new Fold<>(new Rebuild());
    beside.forEach(node -> apart.given(node, Nodes.stopGradient(node)));
    Fold<Node> fold = new Fold<>(new Rebuild());
    statistics().forEach(node -> fold.given(node, apart.of(node)));
    beside.forEach(node -> fold.given(node, Nodes.stopGradient(node)));
    some.forEach(node -> fold.given(node, other.apply(node)));
    Term<Batch> anything = Terms.constant(0, Axis.BATCH);
    return Terms.minimise(anything).rewritten(node -> fold.of(whole));
  }

  /** What goes from the vocabulary to the token, or further. */
  private Seq<Node> statistics() {
    return Graph.below(List.of(whole), Node::children)
        .filter(
            node ->
                node.level() != Level.Name.VOCABULARY
                    && node.children().exists(x -> x.level() == Level.Name.VOCABULARY));
  }

  /**
   * {@return the factors that are 1 in the step that a role has: what a token was worth, of a
   * policy gradient, and whatever a parameter or the policy scales}
   */
  public Seq<Node> scales() {
    Seq<Node> scaling =
        coefficients.filter(
            node ->
                Graph.below(List.of(node), Node::children)
                    .exists(x -> x instanceof Node.ParameterValue || x instanceof Node.Input));
    return role.policyGradient() ? advantages.appendAll(scaling) : scaling;
  }

  /**
   * {@return whether what carries the gradient is to be near a number, not as large as it can be}
   */
  public boolean isAimed() {
    return carriers.exists(
        node -> node instanceof Node.Unary square && square.op() == UnaryOp.SQUARE);
  }

  /** {@return the columns that the terms with the gradient read} */
  public Set<String> read() {
    return Multiplier.columns(carriers);
  }

  /** {@return the columns of all that these summands are made of} */
  public Set<String> reads() {
    return read().addAll(Multiplier.columns(advantages.appendAll(weights)));
  }

  /** {@return the columns of what says what a token was worth} */
  public Set<String> worth() {
    return Multiplier.columns(advantages);
  }

  /** {@return the columns of the detached ratios that weigh these summands} */
  public Set<String> weighs() {
    return Multiplier.columns(weights);
  }

  /** {@return the clips of the part that have a gradient and two finite bounds} */
  public Seq<Node> clips() {
    return Graph.below(List.of(whole), Node::children)
        .filter(
            node ->
                node instanceof Node.Clip clip
                    && clip.live()
                    && !isEndless(clip.low())
                    && !isEndless(clip.high()));
  }

  /** {@return the conditions that leave tokens, responses or prompts out of the part} */
  public Seq<Node> selections() {
    Seq<Node> all = Graph.below(List.of(whole), Node::children);
    return Graph.only(Node.Reduce.class, all)
        .flatMap(Node.Reduce::where)
        .appendAll(Graph.only(Node.Count.class, all).flatMap(Node.Count::where))
        .distinct();
  }

  /** {@return whether a bound of a clip bounds nothing} */
  public static boolean isEndless(Node bound) {
    return bound instanceof Node.Broadcast spread
        ? isEndless(spread.of())
        : bound instanceof Node.Constant number && Double.isInfinite(number.value());
  }

  /** {@return the policies whose ratios carry the gradient or weigh it} */
  public Set<String> ratios() {
    return Multiplier.columns(carriers.appendAll(weights)).filter(Multiplier.POLICIES::contains);
  }

  /** {@return what a part of this role needs and what does not enter here, if so} */
  public Option<String> missing() {
    return Missing.of(this);
  }

  /** {@return whether a term reads the log-probabilities of policies, two or more, and no data} */
  public static boolean compares(Node node) {
    return compares(Multiplier.columns(List.of(node)));
  }

  private static boolean compares(Set<String> columns) {
    Set<String> read = columns.reject(PresumedRole::isMask);
    return read.size() > 1
        && read.forAll(Multiplier.POLICIES::contains)
        && !read.contains(Columns.ENTROPY);
  }

  /** {@return the same, over tokens that are put together by a number that they have in common} */
  public static boolean comparesAt(Node node) {
    Set<String> keys =
        Multiplier.columns(
            Graph.only(Node.SumByKey.class, Graph.below(List.of(node))).map(Node.SumByKey::right));
    return compares(Multiplier.columns(List.of(node)).removeAll(keys));
  }

  /** {@return whether what carries the gradient reads nothing but policies and places} */
  public boolean isOfPolicies() {
    return read()
        .removeAll(Multiplier.POLICIES)
        .removeAll(Multiplier.PLACES)
        .forAll(PresumedRole::isMask);
  }

  /** {@return whether a column of this name is 1 for what counts and 0 for what does not} */
  public static boolean isMask(String name) {
    List<String> words = List.of(name.split("_", -1));
    return words.contains("mask") && !words.exists(OTHERWISE::contains);
  }

  /** {@return whether a column of this name is what tokens are expected to earn} */
  public static boolean isValue(String name) {
    return VALUES.contains(name);
  }

  /** {@return what is under names and repeated at finer levels} */
  public static Node plain(Node node) {
    return node instanceof Node.Named || node instanceof Node.Broadcast
        ? plain(((Node.Of) node).of())
        : node;
  }

  /** What was read, from what: one sentence. */
  @Override
  public String toString() {
    return part
        + (role == Role.UNKNOWN ? " is " : " reads as ")
        + role
        + (role == Role.REGULARISER && !others.isEmpty() ? " towards " + others.mkString(", ") : "")
        + ": "
        + text(carriers.head())
        + (carriers.size() > 1 ? ", and " + (carriers.size() - 1) + " more," : "")
        + (carriers.size() > 1 ? " carry" : " carries")
        + " the gradient"
        + times("a detached term", advantages)
        + times("a detached ratio", weights);
  }

  private static String times(String what, Seq<Node> factors) {
    return factors.isEmpty()
        ? ""
        : ", times "
            + what
            + " of "
            + Multiplier.columns(factors)
                .map(name -> name.equals(Columns.LOG_PI) ? Columns.LOG_PROB : name)
                .mkString(", ");
  }

  private static String text(Node node) {
    String line = List.of(Formula.unicode(node).split("\n", -1)).head().strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
