package lossmith.proofs.presumed;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Direction;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * Advantages that compare what is earned from a token on, and the values of later tokens, with its
 * own value: each of them enters with the sign that it has in r_t + γ V_{t+1} − V_t, however many
 * steps are looked ahead.
 */
final class ReturnLaws {
  /** A difference of numbers of order 1 that is not 0. */
  private static final double SOME = 1e-8;

  private ReturnLaws() {}

  static PartLaws.Presumed baseline() {
    return law(
        "value-subtracted",
        "what is earned from a token on is compared with its own value: that enters with the"
            + " factor -1, in no token otherwise and not in no token at all",
        "π_old = π ⇒ ∂A_t/∂V_t ∈ {−1, 0}, ≢ 0",
        (estimate, trial) -> {
          List<Double> own =
              List.range(0, trial.samples().tokens())
                  .map(t -> slope(estimate, trial, value(estimate).get(), t)[t]);
          return own.filter(x -> Math.abs(x) > SOME && Math.abs(x + 1) > SOME)
              .map(x -> "with its own value more by 1, an estimate is more by " + x)
              .appendAll(
                  List.of("no estimate sees its own value")
                      .filter(said -> own.nonEmpty() && own.forAll(x -> Math.abs(x) <= SOME)));
        });
  }

  static PartLaws.Presumed later() {
    return law(
        "later-values",
        "what a later token is worth is no loss to an earlier one: a higher value of it, or a"
            + " higher reward, lowers no estimate before it",
        "π_old = π ⇒ ∂A_t/∂V_u ≥ 0, ∂A_t/∂r_u ≥ 0, u > t",
        (estimate, trial) ->
            List.of(value(estimate).get(), Columns.TOKEN_REWARD)
                .flatMap(
                    column ->
                        pairs(trial)
                            .map(
                                both ->
                                    Tuple.of(
                                        both, slope(estimate, trial, column, both._2)[both._1]))
                            .filter(found -> found._2 < -SOME)
                            .map(
                                found ->
                                    "with the "
                                        + column
                                        + " of token "
                                        + found._1._2
                                        + " more by 1, the estimate of token "
                                        + found._1._1
                                        + " before it is more by "
                                        + found._2)));
  }

  static PartLaws.Presumed once() {
    return law(
        "reward-once",
        "what a token earned counts once at most for it and for each token before it",
        "π_old = π ⇒ ∂A_t/∂r_u ≤ 1, u ≥ t",
        (estimate, trial) ->
            List.range(0, trial.samples().tokens())
                .flatMap(
                    u -> {
                      double[] by = slope(estimate, trial, Columns.TOKEN_REWARD, u);
                      return List.range(0, u + 1)
                          .filter(t -> by[t] > 1 + SOME)
                          .map(
                              t ->
                                  "with the reward of token "
                                      + u
                                      + " more by 1, the estimate of token "
                                      + t
                                      + " is more by "
                                      + by[t]);
                    }));
  }

  static PartLaws.Presumed decays() {
    return law(
        "trace-decays",
        "what follows a step counts no more than the value of the next token in it: the errors of"
            + " later steps are discounted by γ·λ, with the γ of the value",
        "A_t = (r_t + γ·V_(t+1) − V_t) + k·A_(t+1) ⇒ k = γ·λ ≤ γ",
        (estimate, trial) ->
            Graph.only(Node.Scan.class, Graph.below(List.of(estimate)))
                .filter(scan -> scan.direction() == Direction.BACKWARD && value(scan).isDefined())
                .flatMap(scan -> undiscounted(scan, trial))
                .take(1));
  }

  private static Seq<String> undiscounted(Node.Scan scan, Trial trial) {
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] follows = new Reference(trial.samples(), trial.parameters()).of(scan.right());
    String value = value(scan).get();
    return value(scan.left()).isEmpty()
        ? List.empty()
        : List.range(0, of.length - 1)
            .filter(t -> of[t] == of[t + 1])
            .filter(t -> Math.abs(slope(scan.left(), trial, value, t)[t] + 1) <= SOME)
            .map(t -> Tuple.of(slope(scan.left(), trial, value, t + 1)[t], follows[t]))
            .filter(both -> both._1 > SOME && both._2 > both._1 + SOME)
            .map(
                both ->
                    "the value of the next token is discounted by "
                        + (float) (double) both._1
                        + ", and all that follows by "
                        + (float) (double) both._2
                        + " alone: γ is missing in γ·λ");
  }

  /** Each token with each later one of its response. */
  private static Seq<Tuple2<Integer, Integer>> pairs(Trial trial) {
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    return List.range(0, of.length)
        .flatMap(
            t -> List.range(t + 1, of.length).filter(u -> of[u] == of[t]).map(u -> Tuple.of(t, u)));
  }

  private interface Mistakes {
    Seq<String> in(Node estimate, Trial trial);
  }

  private static PartLaws.Presumed law(
      String name, String statement, String formula, Mistakes mistakes) {
    return new PartLaws.Presumed(
        new Law(
                name,
                statement,
                formula,
                SOME,
                "a difference of numbers of order 1",
                (subject, trial, tolerance) -> {
                  Trial plain = plain(subject, trial);
                  return estimates(subject)
                      .flatMap(estimate -> mistakes.in(estimate, plain))
                      .take(1)
                      .map(Violation.Fact::new);
                })
            .on(Trial.Kind.ORDINARY)
            .atMost(FEW),
        subject -> estimates(subject).nonEmpty());
  }

  /** What is linear is linear in every case. */
  private static final int FEW = 8;

  /** One policy, every parameter at its default, nothing left out. */
  private static Trial plain(Subject subject, Trial any) {
    Trial one = StepLaws.onePolicy(any);
    return one.samples()
        .columns()
        .filter(PresumedRole::isMask)
        .foldLeft(
            subject.presumed().foldLeft(one, (trial, part) -> PartLaws.usual(part, trial)),
            (all, mask) -> PartLaws.changed(all, mask, x -> 1));
  }

  private static double[] slope(Node estimate, Trial trial, String column, int token) {
    Trial moved = PartLaws.moved(trial, column, token, 1);
    double[] here = new Reference(trial.samples(), trial.parameters()).of(estimate);
    double[] there = new Reference(moved.samples(), moved.parameters()).of(estimate);
    for (int t = 0; t < there.length; t++) {
      there[t] -= here[t];
    }
    return there;
  }

  /** The largest terms of policy gradients that are made of rewards and values of tokens. */
  static Seq<Node> estimates(Subject subject) {
    return subject
        .presumed()
        .filter(part -> part.presumed().role().policyGradient())
        .map(Isolated::bound)
        .flatMap(bound -> Graph.first(bound.value(), ReturnLaws::isEstimate))
        .distinct();
  }

  private static boolean isEstimate(Node node) {
    return !node.live()
        && node.level() == Level.Name.TOKEN
        && isSum(node)
        && Graph.below(List.of(node)).forAll(ReturnLaws::isOfAResponse)
        && columns(node).contains(Columns.TOKEN_REWARD)
        && value(node).isDefined();
  }

  /** What tokens were expected to earn, at any of the names that it goes by. */
  private static Option<String> value(Node node) {
    return columns(node).find(PresumedRole::isValue);
  }

  private static boolean isSum(Node node) {
    Node plain = PresumedRole.plain(node);
    return plain instanceof Node.Scan
        || (plain instanceof Node.Binary sum
            && switch (sum.op()) {
              case PLUS, MINUS -> true;
              default -> false;
            });
  }

  /** Neither normalised over more than a response, nor moved elsewhere. */
  private static boolean isOfAResponse(Node node) {
    boolean wider = node.level() == Level.Name.GROUP || node.level() == Level.Name.BATCH;
    return !(node instanceof Node.SumByKey || node instanceof Node.Permute)
        && !(wider && columns(node).nonEmpty());
  }

  private static Seq<String> columns(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node)))
        .map(Node.Input::name)
        .distinct();
  }
}
