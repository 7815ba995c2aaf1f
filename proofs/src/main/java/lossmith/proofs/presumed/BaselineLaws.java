package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What is made of the rewards of a prompt: its baseline, and what is left out of it. */
final class BaselineLaws {
  /**
   * Sums of rewards of 0 and 1 that are moved by these are exact; the squares, after the second,
   * keep few digits of their differences. So does what is added to such rewards, which is therefore
   * moved by the first alone.
   */
  private static final List<Double> MOVES = List.of(7.0, 0x1p26 + 0x1p-4);

  private static final double SMALL = 1e-3;

  private BaselineLaws() {}

  static PartLaws.Presumed shift() {
    return PartLaws.law(
        "baseline-shift",
        "who subtracts the mean of the rewards, or asks whether those of a prompt differ, does not"
            + " see what is added to all of them, be it 7 or many millions",
        "A(R + c) = A(R)",
        1e-6,
        "an epsilon beside a std; rewards of 0 and 1 are moved without rounding",
        role ->
            reads(role).exists(node -> centres(node) || asksWhetherTheyDiffer(node))
                && !reads(role).exists(BaselineLaws::bounds)
                && !Graph.below(role.estimates(), Node::children).exists(BaselineLaws::isOverAMean),
        BaselineLaws::shift,
        Trial.Kind.TIED);
  }

  private static Seq<Node> reads(PresumedRole role) {
    return Graph.below(role.advantages().appendAll(role.carriers()), Node::children);
  }

  /** Rewards, less something with a mean or a sum of rewards. */
  private static boolean centres(Node node) {
    return node instanceof Node.Binary difference
        && difference.op() == BinaryOp.MINUS
        && !difference.live()
        && readsReward(difference.left())
        && Graph.below(List.of(difference.right()), Node::children).exists(BaselineLaws::averages);
  }

  /** Where equal rewards teach nothing, they are compared. */
  private static boolean asksWhetherTheyDiffer(Node node) {
    return node instanceof Node.Select select
        && select.level() == Level.Name.SEQUENCE
        && !select.live()
        && isZero(select.right())
        && readsReward(select.left())
        && Graph.only(Node.Reduce.class, Graph.below(List.of(select.when())))
            .exists(ulp -> ulp.op() == ReduceOp.ULP && readsReward(ulp.of()));
  }

  /** A bound, or another function, of what was earned has a unit of its own. */
  private static boolean bounds(Node node) {
    boolean bends =
        node instanceof Node.Clip
            || (node instanceof Node.Unary unary
                && HashSet.of(UnaryOp.TANH, UnaryOp.SIGMOID, UnaryOp.LOG, UnaryOp.SQRT)
                    .contains(unary.op()));
    return bends
        && !node.live()
        && readsReward(node)
        && !Graph.below(List.of(node), Node::children).exists(BaselineLaws::averages);
  }

  /** (R − mean)/mean is of rewards of 0 and 1: their mean is the pass rate. */
  private static boolean isOverAMean(Node node) {
    return node instanceof Node.Binary quotient
        && quotient.op() == BinaryOp.DIVIDE
        && !quotient.live()
        && Graph.below(List.of(quotient.left())).exists(BaselineLaws::centres)
        && isMean(quotient.right());
  }

  /** A mean of rewards, which a constant may keep from 0. */
  private static boolean isMean(Node node) {
    Node plain = PresumedRole.plain(node);
    if (plain instanceof Node.Binary kept && kept.op() != BinaryOp.MINUS) {
      return kept.children().exists(BaselineLaws::isMean)
          && kept.children().map(PresumedRole::plain).exists(Node.Constant.class::isInstance);
    }
    return plain instanceof Node.Reduce mean && averages(mean) && isReward(mean.of());
  }

  /** The reward, with or without what is added to it, such as for its length. */
  private static boolean isReward(Node node) {
    Node plain = PresumedRole.plain(node);
    boolean sum =
        plain instanceof Node.Binary both
            && (both.op() == BinaryOp.PLUS || both.op() == BinaryOp.MINUS);
    return sum
        ? plain.children().exists(BaselineLaws::isReward)
        : plain instanceof Node.Input input && input.name().equals(Columns.REWARD);
  }

  private static boolean isOfRewardsAlone(Node centred) {
    return Graph.only(Node.Input.class, Graph.below(List.of(centred), Node::children))
        .map(Node.Input::name)
        .forAll(name -> name.equals(Columns.REWARD) || name.equals(Columns.REWARD_KNOWN));
  }

  private static boolean averages(Node node) {
    return node instanceof Node.Reduce mean
        && (mean.op() == ReduceOp.MEAN || mean.op() == ReduceOp.SUM)
        && mean.to() != Level.Name.SEQUENCE
        && readsReward(mean.of());
  }

  private static boolean readsReward(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node), Node::children))
        .exists(input -> input.name().equals(Columns.REWARD));
  }

  private static Seq<Violation> shift(Isolated part, Trial trial, double tolerance) {
    double[] here = ofOthers(part.slope(Columns.LOG_PROB, trial), trial);
    double allowed = tolerance * (1e-3 + Scale.size(here));
    boolean alone =
        reads(part.presumed()).filter(BaselineLaws::centres).forAll(BaselineLaws::isOfRewardsAlone);
    return MOVES
        .take(alone ? MOVES.size() : 1)
        .flatMap(
            by ->
                Violation.between(
                    part.presumed().part() + ": d/dlog_prob with all rewards more by " + by,
                    ofOthers(
                        part.slope(
                            Columns.LOG_PROB, PartLaws.changed(trial, Columns.REWARD, x -> x + by)),
                        trial),
                    here,
                    allowed))
        .take(1);
  }

  /** Without the responses that are alone in their group: some conventions keep their reward. */
  private static double[] ofOthers(double[] tokens, Trial trial) {
    int[] responses = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] prompts = trial.samples().parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] sizes = new int[trial.samples().size(Level.Name.GROUP)];
    for (int prompt : prompts) {
      sizes[prompt]++;
    }
    double[] found = tokens.clone();
    Arrays.setAll(found, t -> sizes[prompts[responses[t]]] > 1 ? tokens[t] : 0);
    return found;
  }

  static PartLaws.Presumed rejected() {
    return PartLaws.law(
        "rejected-baseline",
        "a response that a condition leaves out is left out of the baseline of the others too",
        "1[c_i] = 0 ⇒ ∂A_j/∂R_i = 0, j ≠ i",
        1e-9,
        "the same arithmetic",
        role -> selections(role).nonEmpty(),
        (part, trial, tolerance) ->
            selections(part.presumed()).flatMap(node -> rejected(part, node, trial, tolerance)),
        Trial.Kind.ORDINARY);
  }

  /** Where responses are left out, by what each is for itself, of what is less than its mean. */
  private static Seq<Node.Select> selections(PresumedRole role) {
    return Graph.only(Node.Select.class, reads(role))
        .filter(node -> node.level() == Level.Name.SEQUENCE && !node.live())
        .filter(
            node ->
                isZero(node.right())
                    && !Graph.below(List.of(node.when()), Node::children)
                        .exists(Node.Reduce.class::isInstance)
                    && Graph.below(List.of(node.left()), Node::children)
                        .exists(BaselineLaws::centres));
  }

  private static boolean isZero(Node node) {
    return node instanceof Node.Broadcast spread
        ? isZero(spread.of())
        : node instanceof Node.Constant number && number.value() == 0;
  }

  private static Seq<Violation> rejected(
      Isolated part, Node.Select node, Trial trial, double tolerance) {
    Samples samples = trial.samples();
    Seq<String> read =
        Graph.only(Node.Input.class, Graph.below(List.of(node.when()), Node::children))
            .map(Node.Input::name);
    if (!samples.columns().containsAll(read)
        || !samples.level(Columns.REWARD).contains(Level.Name.SEQUENCE)) {
      return List.empty(); // it is no choice by what the batch has
    }
    double[] kept = new Reference(samples, trial.parameters()).of(node.when());
    double[] here = part.slope(Columns.LOG_PROB, trial);
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    return List.range(0, kept.length)
        .filter(i -> kept[i] == 0)
        .flatMap(
            i -> {
              Trial moved = PartLaws.moved(trial, Columns.REWARD, i, -SMALL);
              double[] still = new Reference(moved.samples(), trial.parameters()).of(node.when());
              double[] there =
                  Arrays.equals(still, kept) ? part.slope(Columns.LOG_PROB, moved) : here;
              Arrays.setAll(there, t -> of[t] == i ? here[t] : there[t]);
              return Violation.between(
                  part.presumed().part()
                      + ": d/dlog_prob with another reward of response "
                      + i
                      + ", which is left out",
                  there,
                  here,
                  tolerance * (1e-3 + Scale.size(here)));
            });
  }

  static PartLaws.Presumed bonus() {
    return PartLaws.Presumed.ofPart(
        new Law(
                "bonus-sign",
                "a bonus that is bounded by the size of an advantage does not turn its sign",
                "A + min(ψ, c|A|): (A + min(ψ, c|A|))·A ≥ 0",
                0,
                "a sign is not rounded",
                (subject, trial, tolerance) -> bonus(subject, trial))
            .on(Trial.Kind.ORDINARY, Trial.Kind.WIDE),
        role -> reads(role).exists(node -> base(node).isDefined()));
  }

  private static Seq<Violation> bonus(Subject subject, Trial trial) {
    return Graph.below(List.of(subject.bound(Surface.STATISTICS).value()), Node::children)
        .flatMap(
            node ->
                base(node)
                    .toList()
                    .flatMap(
                        base -> {
                          double[] with = subject.on(trial).of(node);
                          double[] without = subject.on(trial).of(base);
                          return List.range(0, with.length)
                              .filter(i -> with[i] * without[i] < 0)
                              .map(
                                  i ->
                                      new Violation.Fact(
                                          "the advantage "
                                              + without[i]
                                              + " with its bonus is "
                                              + with[i]));
                        }));
  }

  /** What a bonus is added to whose bound is made of its size. */
  private static Option<Node> base(Node node) {
    return node instanceof Node.Binary sum && sum.op() == BinaryOp.PLUS && !sum.live()
        ? List.of(sum.left(), sum.right())
            .zip(List.of(sum.right(), sum.left()))
            .find(both -> boundedBy(both._1, both._2))
            .map(both -> both._2)
        : Option.none();
  }

  private static boolean boundedBy(Node bonus, Node base) {
    return bonus instanceof Node.Named named
        ? boundedBy(named.of(), base)
        : bonus instanceof Node.Binary min
            && min.op() == BinaryOp.MIN
            && Graph.below(min.children(), Node::children)
                .exists(
                    node ->
                        node instanceof Node.Unary size
                            && size.op() == UnaryOp.ABS
                            && size.of().equals(base));
  }
}
