package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** To whose credit it is what another policy, an earlier value or the state behind an end says. */
final class PlaceLaws {
  private static final double MOVE = 0.5;

  /** What holds token by token shows in few cases. */
  private static final int FEW = 8;

  private static final Set<String> TARGETS = HashSet.of("old_value", "return");

  /** What is known to be no log-prob; a column of a user's own may be one. */
  private static final Seq<String> NO_POLICY =
      List.of(
          Columns.REWARD,
          Columns.REWARD_KNOWN,
          Columns.TOKEN_REWARD,
          Columns.VALUE,
          Columns.POSITION,
          Columns.FINISHED,
          Columns.ENTROPY);

  private PlaceLaws() {}

  static PartLaws.Presumed credit() {
    return few(
        PartLaws.law(
            "reference-credit",
            "a token that the reference, or a teacher in its place, finds likelier is made no less"
                + " likely for it",
            "π_old = π ⇒ ∂(−∂L/∂log π_t)/∂log π_ref(y_t) ≥ 0",
            1e-9,
            "a difference of numbers of order 1",
            role ->
                role.role().policyGradient()
                    && role.advantages().size() == 1
                    && role.worth().contains(Columns.REFERENCE_LOG_PROB)
                    && !isScaled(role),
            (part, trial, tolerance) -> {
              Trial on = HeardLaws.unmasked(PartLaws.usual(part, trial));
              if (!isOfTokens(on, Columns.REFERENCE_LOG_PROB)) {
                return List.empty();
              }
              double[] here = part.slope(Columns.LOG_PROB, on);
              double allowed = tolerance * (1 + Scale.size(here));
              return List.range(0, here.length)
                  .filter(
                      t ->
                          part.slope(Columns.LOG_PROB, moved(on, Columns.REFERENCE_LOG_PROB, t))[t]
                              > here[t] + allowed)
                  .map(
                      t ->
                          PartLaws.at(
                              part,
                              "with ref_log_prob more by 0.5, d/dlog_prob",
                              t,
                              "more than " + here[t]))
                  .take(1);
            },
            Trial.Kind.ORDINARY));
  }

  /** A number that raises what it is divided by, a std or a mean, may be lowered itself. */
  private static boolean isScaled(PresumedRole role) {
    return Graph.below(role.advantages())
        .exists(
            node ->
                (node instanceof Node.Reduce std && std.op() == ReduceOp.STD && readsReference(std))
                    || (node instanceof Node.Binary quotient
                        && quotient.op() == BinaryOp.DIVIDE
                        && readsReference(quotient.right())));
  }

  private static boolean readsReference(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node)))
        .exists(input -> input.name().equals(Columns.REFERENCE_LOG_PROB));
  }

  private static Trial moved(Trial trial, String column, int token) {
    return PartLaws.moved(trial, column, token, MOVE);
  }

  private static PartLaws.Presumed few(PartLaws.Presumed law) {
    return new PartLaws.Presumed(law.law().atMost(FEW), law.speaks());
  }

  static PartLaws.Presumed compared() {
    return few(
        PartLaws.law(
            "worth-log-ratio",
            "an advantage that is made of log-probabilities compares policies: with those of all"
                + " policies moved alike the step is the same",
            "A(log π + c, log π′ + c) = A(log π, log π′)",
            1e-9,
            "a difference of numbers of order 1",
            role ->
                role.role().policyGradient()
                    && !role.worth().filter(Columns.LOG_PROBS::contains).isEmpty()
                    && role.worth().removeAll(Columns.LOG_PROBS).forAll(NO_POLICY::contains)
                    && !Graph.below(List.of(role.whole())).exists(PlaceLaws::isProbability),
            (part, trial, tolerance) -> {
              Trial usual = PartLaws.usual(part, trial);
              if (!Columns.LOG_PROBS.forAll(name -> isOfTokens(usual, name))) {
                return List.empty();
              }
              Trial less =
                  Columns.LOG_PROBS.foldLeft(
                      usual, (all, name) -> PartLaws.changed(all, name, x -> x - MOVE));
              double[] here = part.slope(Columns.LOG_PROB, usual);
              return Violation.between(
                  part.presumed().part() + ": d/dlog_prob with all log-probabilities less by 0.5",
                  part.slope(Columns.LOG_PROB, less),
                  here,
                  tolerance * (1 + Scale.size(here)));
            },
            Trial.Kind.ORDINARY));
  }

  /** A column that somebody gave at another level is something else. */
  private static boolean isOfTokens(Trial trial, String column) {
    return trial.samples().level(column).forAll(level -> level == Level.Name.TOKEN);
  }

  /** An exponential of what compares no policies. */
  private static boolean isProbability(Node node) {
    return node instanceof Node.Unary exp
        && exp.op() == UnaryOp.EXP
        && !PresumedRole.compares(exp.of());
  }

  static PartLaws.Presumed held() {
    return PartLaws.law(
        "value-held",
        "what a token was worth is held while the policy is moved by it: the value in it is not"
            + " trained",
        "L = A·log π ⇒ ∂L/∂V = 0",
        0,
        "structure, nothing is rounded",
        PlaceLaws::multiplies,
        (part, trial, tolerance) ->
            List.of(
                new Violation.Fact(
                    part.presumed().part()
                        + ": the value is trained by what it multiplies, log π or a ratio")),
        Trial.Kind.ORDINARY);
  }

  /** The value and log π of what was sampled, both with a gradient, in a product. */
  private static boolean multiplies(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(role.carriers()))
        .exists(
            product ->
                product.op() == BinaryOp.TIMES
                    && product.left().live()
                    && product.right().live()
                    && trains(product.left()) != trains(product.right())
                    && samples(product.left()) != samples(product.right()));
  }

  private static boolean trains(Node node) {
    return Graph.down(List.of(node), x -> x.live() ? x.children() : List.empty())
        .exists(
            x -> x.live() && x instanceof Node.Input input && input.name().equals(Columns.VALUE));
  }

  private static boolean samples(Node node) {
    return Graph.down(List.of(node), x -> x.live() ? x.children() : List.empty())
        .exists(x -> x.live() && x instanceof Node.Gather);
  }

  static PartLaws.Presumed own() {
    return few(
        PartLaws.law(
            "value-own-place",
            "the error of a token's value knows the return and the earlier value of this token, not"
                + " of its neighbours",
            "∂²L/∂V_t∂R_u = 0, u ≠ t",
            1e-9,
            "a difference of numbers of order 1",
            role ->
                role.role() == Role.VALUE_REGRESSION
                    && !targets(role).isEmpty()
                    && Graph.below(List.of(role.whole())).forAll(BatchSizeLaws::isOfEachPrompt),
            (part, trial, tolerance) ->
                targets(part.presumed())
                    .flatMap(name -> elsewhere(part, name, PartLaws.usual(part, trial), tolerance))
                    .take(1),
            Trial.Kind.ORDINARY));
  }

  /** What a target is given as, but for the values of which a recurrence makes one. */
  private static Seq<String> targets(PresumedRole role) {
    Seq<Node> recurrences =
        Graph.below(role.carriers(), Node::children).filter(Node.Scan.class::isInstance);
    Seq<String> made =
        Graph.only(Node.Input.class, Graph.below(recurrences, Node::children))
            .map(Node.Input::name);
    return role.read().toList().filter(TARGETS::contains).removeAll(made);
  }

  private static Seq<Violation> elsewhere(
      Isolated part, String name, Trial trial, double tolerance) {
    if (!trial.samples().level(name).contains(Level.Name.TOKEN)) {
      return List.empty();
    }
    double[] here = part.slope(Columns.VALUE, trial);
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double allowed = tolerance * (1 + Scale.size(here));
    return List.range(0, here.length)
        .flatMap(
            u -> {
              double[] there = part.slope(Columns.VALUE, moved(trial, name, u));
              return List.range(0, here.length)
                  .filter(t -> !t.equals(u) && of[t] == of[u])
                  .filter(t -> Math.abs(there[t] - here[t]) > allowed)
                  .map(
                      t ->
                          PartLaws.at(
                              part,
                              "with another " + name + " of token " + u + ", d/dvalue",
                              t,
                              there[t] + " instead of " + here[t]));
            });
  }

  static PartLaws.Presumed end() {
    Law law =
        new Law(
                "nothing-behind",
                "behind the end of a finished response nothing is worth anything: the value of the"
                    + " state there is read of responses alone that were cut",
                "finished = 1 ⇒ ∂A/∂V_next = 0",
                1e-12,
                "the same arithmetic",
                (subject, any, tolerance) ->
                    subject
                        .presumed()
                        .filter(part -> bootstraps(part.presumed()))
                        .flatMap(
                            part -> {
                              Trial done = PartLaws.changed(any, Columns.FINISHED, x -> 1);
                              double[] here = part.slope(Columns.LOG_PROB, done);
                              return Violation.between(
                                      part.presumed().part()
                                          + ": d/dlog_prob of finished responses with another"
                                          + " next_value",
                                      part.slope(
                                          Columns.LOG_PROB,
                                          PartLaws.changed(done, "next_value", x -> x + MOVE)),
                                      here,
                                      tolerance * (1 + Scale.size(here)))
                                  .take(1);
                            }))
            .on(Trial.Kind.ORDINARY)
            .atMost(FEW);
    return PartLaws.Presumed.ofPart(law, PlaceLaws::bootstraps);
  }

  private static boolean bootstraps(PresumedRole role) {
    return role.role().policyGradient()
        && role.worth().containsAll(List.of(Columns.FINISHED, "next_value"));
  }
}
