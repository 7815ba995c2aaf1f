package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What is added to a reward before it becomes an advantage. */
final class ShapingLaws {
  private static final String LONGER = "tokens more, under proof";

  /** Tokens more, beyond any limit of a length. */
  private static final double FAR = 1e6;

  /** Lengths that are tried, up to twice the largest number that is known of. */
  private static final int STEPS = 40;

  private static final List<String> BUFFERS = List.of("cache", "buffer");

  private static final List<String> COSTS = List.of("penalty", "cost", "baseline");

  private ShapingLaws() {}

  static PartLaws.Presumed length() {
    return PartLaws.law(
        "length-shaping",
        "what a reward gets for the length of its response is a punishment: a longer response of"
            + " the same reward does not get more",
        "R + f(|y|): f(|y| + n) ≤ f(|y|)",
        1e-12,
        "the same arithmetic",
        role -> shaped(role).nonEmpty(),
        (part, trial, tolerance) ->
            shaped(part.presumed()).flatMap(node -> length(part, node, trial, tolerance)),
        Trial.Kind.TIED);
  }

  private static Seq<Violation> length(Isolated part, Node node, Trial trial, double tolerance) {
    Node longer = new Fold<>(new Longer()).of(node);
    Samples samples = trial.samples();
    double[] none = new double[samples.size(Level.Name.SEQUENCE)];
    double[] before = new Reference(samples, trial.parameters()).of(node);
    return List.range(0, none.length)
        .flatMap(
            i -> {
              double[] one = none.clone();
              one[i] = FAR;
              Samples more = samples.with(LONGER, Level.Name.SEQUENCE, one);
              double after = new Reference(more, trial.parameters()).of(longer)[i];
              return after <= before[i] + tolerance * (1 + Math.abs(before[i]))
                  ? List.<Violation>empty()
                  : List.of(
                      PartLaws.at(
                          part,
                          "with " + FAR + " tokens more, the shaped reward of response",
                          i,
                          after + " instead of " + before[i]));
            });
  }

  /** DAPO, eq 13: what is longer than the limit less a buffer is punished, in full at the limit. */
  static PartLaws.Presumed buffer() {
    return PartLaws.law(
        "length-buffer",
        "a buffer before the longest length is where the punishment begins: with a larger one no"
            + " response is punished less",
        "f(|y|; L, c) = −clip((|y| − (L − c))/c, 0, 1): ∂f/∂c ≤ 0",
        1e-12,
        "the same arithmetic",
        role -> shaped(role).exists(node -> buffers(node).nonEmpty()),
        (part, trial, tolerance) ->
            shaped(part.presumed())
                .flatMap(
                    node ->
                        buffers(node)
                            .flatMap(
                                p -> buffer(part, node, p, PartLaws.usual(part, trial), tolerance)))
                .take(1),
        Trial.Kind.TIED);
  }

  private static Seq<Node.ParameterValue> buffers(Node node) {
    return Graph.parameters(List.of(node))
        .filter(p -> List.of(p.name().split("_", -1)).exists(BUFFERS::contains));
  }

  private static Seq<Violation> buffer(
      Isolated part, Node node, Node.ParameterValue buffer, Trial trial, double tolerance) {
    Node longer = new Fold<>(new Longer()).of(node);
    double most =
        Graph.parameters(List.of(node)).map(p -> p.range().initial()).max().getOrElse(1.0);
    double more = buffer.range().initial() * 1.5;
    return List.rangeClosed(0, STEPS)
        .map(step -> Math.rint(2 * most * step / STEPS))
        .flatMap(
            tokens -> {
              double[] all = new double[trial.samples().size(Level.Name.SEQUENCE)];
              Arrays.fill(all, tokens);
              Samples samples = trial.samples().with(LONGER, Level.Name.SEQUENCE, all);
              double[] here = new Reference(samples, trial.parameters()).of(longer);
              double[] there =
                  new Reference(samples, trial.parameters().put(buffer.name(), more)).of(longer);
              return List.range(0, here.length)
                  .filter(i -> there[i] > here[i] + tolerance * (1 + Math.abs(here[i])))
                  .map(
                      i ->
                          PartLaws.at(
                              part,
                              "with "
                                  + tokens
                                  + " tokens more, and "
                                  + buffer.name()
                                  + " "
                                  + more
                                  + " for "
                                  + buffer.range().initial()
                                  + ", the shaped reward of response",
                              i,
                              there[i] + " instead of " + here[i]));
            });
  }

  /** The sums of a reward and a function of the length alone. */
  private static Seq<Node> shaped(PresumedRole role) {
    return Graph.below(role.advantages().appendAll(role.carriers()), Node::children)
        .filter(ShapingLaws::shapes);
  }

  private static boolean shapes(Node node) {
    return node instanceof Node.Binary sum
        && (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
        && !sum.live()
        && sum.level() == Level.Name.SEQUENCE
        && ((isReward(sum.left()) && countsTokens(sum.right()))
            || (isReward(sum.right()) && countsTokens(sum.left())));
  }

  private static boolean isReward(Node node) {
    return node instanceof Node.Input input
        ? input.name().equals(Columns.REWARD)
        : node instanceof Node.Named named && isReward(named.of());
  }

  private static boolean countsTokens(Node node) {
    Seq<Node> below = Graph.below(List.of(node), Node::children);
    return below.exists(ShapingLaws::isLength) && !below.exists(Node.Input.class::isInstance);
  }

  private static boolean isLength(Node node) {
    return node instanceof Node.Count count
        && count.from() == Level.Name.TOKEN
        && count.to() == Level.Name.SEQUENCE;
  }

  static PartLaws.Presumed bonus() {
    return PartLaws.law(
        "bonus-rewards",
        "what is called a bonus is added to a reward, what is called a penalty, a cost or a"
            + " baseline is taken from it",
        "R + β·b: ∂/∂b ≥ 0; R − β·c: ∂/∂c ≤ 0",
        1e-12,
        "the same arithmetic",
        role -> given(role).nonEmpty(),
        (part, trial, tolerance) ->
            given(part.presumed()).flatMap(node -> bonus(part, node, trial, tolerance)),
        Trial.Kind.ORDINARY);
  }

  /** The sums of a reward and a number with a name that says whether it is good. */
  private static Seq<Node> given(PresumedRole role) {
    return Graph.below(role.advantages().appendAll(role.carriers()), Node::children)
        .filter(
            node ->
                node instanceof Node.Binary sum
                    && (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
                    && !sum.live()
                    && (isReward(sum.left()) || isReward(sum.right()))
                    && named(sum).isDefined());
  }

  private static Option<String> named(Node sum) {
    Seq<String> read =
        Graph.only(Node.Input.class, Graph.below(List.of(sum), Node::children))
            .filter(input -> input.level() == Level.Name.SEQUENCE)
            .map(Node.Input::name)
            .distinct()
            .remove(Columns.REWARD);
    return Option.when(read.size() == 1, read::head).filter(name -> sign(name) != 0);
  }

  private static int sign(String name) {
    Seq<String> words = List.of(name.split("_", -1));
    return words.contains("bonus") ? 1 : words.exists(COSTS::contains) ? -1 : 0;
  }

  private static Seq<Violation> bonus(Isolated part, Node sum, Trial any, double tolerance) {
    String name = named(sum).get();
    Trial trial = PartLaws.usual(part, any);
    Trial more = PartLaws.changed(trial, name, x -> x + 1);
    double[] before = new Reference(trial.samples(), trial.parameters()).of(sum);
    double[] after = new Reference(more.samples(), more.parameters()).of(sum);
    return List.range(0, before.length)
        .filter(i -> sign(name) * (after[i] - before[i]) < -tolerance * (1 + Math.abs(before[i])))
        .map(
            i ->
                PartLaws.at(
                    part,
                    "with " + name + " more by 1, the shaped reward of response",
                    i,
                    after[i] + " instead of " + before[i]));
  }

  /** Every response as if it had so many tokens more. */
  private static final class Longer extends Rebuild {
    @Override
    public Node count(Node.Count node, Option<Node> where) {
      Node count = super.count(node, where);
      return isLength(node)
          ? Nodes.binary(BinaryOp.PLUS, count, Nodes.given(LONGER, Level.Name.SEQUENCE))
          : count;
    }
  }
}
