package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What preferences do to the responses that they compare, and with what they compare them. */
final class PairLaws {
  private static final String TRIPLE = "preference";

  /** By how much log π of each token is smaller or larger at least, half of what it is at most. */
  private static final double SPREAD = 0.4;

  private PairLaws() {}

  static PartLaws.Presumed order() {
    return PartLaws.law(
        "pair-order",
        "where the rejected response is the likelier one, a step makes the chosen one likelier and"
            + " the rejected one less likely",
        "π(y_w)/π_ref(y_w) < π(y_l)/π_ref(y_l) ⇒ ∂L/∂log π(y_w) < 0 < ∂L/∂log π(y_l)",
        0,
        "a sign is not rounded",
        role -> role.role() == Role.PREFERENCE_PAIR && side(role).isDefined(),
        (part, trial, tolerance) ->
            order(part, trial, SPREAD, "where the rejected response is the likelier one"),
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed start() {
    return PartLaws.law(
        "pair-start",
        "where neither response of a pair is the likelier one, as at the start, a step makes the"
            + " chosen one likelier and the rejected one less likely",
        "π(y_w)/π_ref(y_w) = π(y_l)/π_ref(y_l) ⇒ ∂L/∂log π(y_w) < 0 < ∂L/∂log π(y_l)",
        0,
        "a sign is not rounded",
        role -> role.role() == Role.PREFERENCE_PAIR && side(role).isDefined(),
        (part, trial, tolerance) ->
            order(
                part, PartLaws.usual(part, trial), 0, "where neither response is the likelier one"),
        Trial.Kind.ORDINARY);
  }

  /** Of one that makes both responses less likely too, as where both are bad. */
  static PartLaws.Presumed lead() {
    return PartLaws.law(
        "pair-lead",
        "where neither response of a pair is the likelier one, a step makes the chosen one lead",
        "π(y_w)/π_ref(y_w) = π(y_l)/π_ref(y_l) ⇒ ∂L/∂log π(y_w) < ∂L/∂log π(y_l)",
        0,
        "a sign is not rounded",
        role -> role.role() == Role.PREFERENCE_PAIR && side(role).contains(Columns.SIGN),
        (part, trial, tolerance) -> lead(part, PartLaws.usual(part, trial)),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> lead(Isolated part, Trial usual) {
    if (!usual.samples().level(Columns.SIGN).contains(Level.Name.SEQUENCE)) {
      return List.empty();
    }
    double[] side = usual.samples().column(Columns.SIGN).get();
    String scored = scored(part, usual);
    Trial start = apart(usual, scored, side, 0);
    double[] step = ofResponses(start, scored, part.slope(scored, start));
    int[] pairs = start.samples().parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] lengths = start.samples().lengths();
    return List.range(0, start.samples().size(Level.Name.GROUP))
        .map(g -> List.range(0, step.length).filter(i -> pairs[i] == g))
        .filter(pair -> pair.size() == 2 && pair.forAll(i -> side[i] != 0 && lengths[i] > 0))
        .filter(pair -> !(pair.map(i -> -step[i] * side[i]).sum().doubleValue() > 0))
        .map(
            pair ->
                PartLaws.at(
                    part,
                    "where neither response is the likelier one, what a step adds to the lead of"
                        + " the pair of response",
                    pair.head(),
                    pair.map(i -> -step[i] * side[i]).sum()));
  }

  /** The column that says which response was chosen. */
  private static Option<String> side(PresumedRole role) {
    return List.of(Columns.SIGN, TRIPLE).find(role.read()::contains);
  }

  private static Seq<Violation> order(Isolated part, Trial trial, double spread, String where) {
    String said = side(part.presumed()).get();
    if (!trial.samples().level(said).contains(Level.Name.SEQUENCE)) {
      return List.empty(); // the objective's own, at another level
    }
    double[] side = trial.samples().column(said).get();
    String scored = scored(part, trial);
    Trial wrong = apart(trial, scored, side, spread);
    double[] slope = part.slope(scored, wrong);
    double[] step = ofResponses(wrong, scored, slope);
    int[] lengths = wrong.samples().lengths();
    return List.range(0, step.length)
        .filter(i -> side[i] != 0 && lengths[i] > 0 && !(-step[i] * side[i] > 0))
        .map(
            i ->
                PartLaws.at(
                    part,
                    where
                        + ", the step of the "
                        + (side[i] > 0 ? "chosen" : "rejected")
                        + " response",
                    i,
                    -step[i]));
  }

  private static double[] ofResponses(Trial trial, String scored, double[] slope) {
    return trial.samples().level(scored).contains(Level.Name.TOKEN)
        ? PartLaws.perResponse(trial, slope)
        : slope;
  }

  /** What is trained: log π of a token, or a score of its own. */
  private static String scored(Isolated part, Trial trial) {
    return part.presumed()
        .read()
        .find(
            name ->
                !name.equals(Columns.SIGN)
                    && trial.samples().columns().contains(name)
                    && !part.presumed().read().contains(Columns.LOG_PI))
        .getOrElse(Columns.LOG_PROB);
  }

  /** The chosen responses are as unlikely as said, the rejected ones likely, others between. */
  private static Trial apart(Trial trial, String scored, double[] side, double spread) {
    Samples samples = trial.samples();
    Random random = new Random(trial.seed());
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    boolean tokens = samples.level(scored).contains(Level.Name.TOKEN);
    double[] values = samples.column(scored).get().clone();
    Arrays.setAll(
        values, i -> -1.2 - side[tokens ? of[i] : i] * spread * (1 + random.nextDouble()));
    Samples all = samples.with(scored, samples.level(scored).get(), values);
    double[] between = new double[samples.tokens()];
    Arrays.fill(between, -1.2);
    for (String other : Columns.LOG_PROBS.remove(scored).removeAll(List.of(Columns.LOG_PROB))) {
      all =
          all.level(other).contains(Level.Name.TOKEN)
              ? all.with(other, Level.Name.TOKEN, between)
              : all;
    }
    return PartLaws.with(trial, all);
  }

  static PartLaws.Presumed logRatio() {
    return PartLaws.law(
        "log-ratio",
        "what is compared with another policy is a log-ratio: with all log-probabilities of a"
            + " token moved alike, the step of each token that counts stays as it is",
        "∇L(log π + c, log π′ + c) = ∇L(log π, log π′)",
        1e-9,
        "a difference of numbers of order 1",
        role ->
            ((role.role() == Role.PREFERENCE_PAIR
                        || role.role() == Role.UNPAIRED_PREFERENCE
                        || role.role() == Role.REWARD_REGRESSION
                        || role.role() == Role.REGULARISER)
                    && role.others().exists(Columns.LOG_PROBS::contains))
                || (role.role().policyGradient()
                    && role.worth().exists(Columns.LOG_PROBS::contains)),
        PairLaws::logRatio,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> logRatio(Isolated part, Trial trial, double tolerance) {
    Samples samples = trial.samples();
    Random random = new Random(trial.seed());
    double[] move = random.doubles(samples.tokens()).map(x -> -x).toArray();
    Samples all = samples;
    for (String name : Columns.LOG_PROBS) {
      if (samples.level(name).contains(Level.Name.TOKEN)) {
        double[] values = samples.column(name).get().clone();
        Arrays.setAll(values, t -> values[t] + move[t]);
        all = all.with(name, Level.Name.TOKEN, values);
      }
    }
    double[] here = part.unselected(Columns.LOG_PROB, trial);
    double[] there = part.unselected(Columns.LOG_PROB, PartLaws.with(trial, all));
    double scale = tolerance * (1 + Scale.size(here));
    // a selection may look at a probability, so that tokens come and go
    Arrays.setAll(there, t -> here[t] == 0 || there[t] == 0 ? here[t] : there[t]);
    return Violation.between(
            part.presumed().part() + ": d/dlog_prob with all log-probabilities moved alike",
            there,
            here,
            scale)
        .appendAll(value(part, trial, PartLaws.with(trial, all), tolerance));
  }

  /** A preference is of log-ratios alone: its value stays as well. */
  private static Seq<Violation> value(Isolated part, Trial here, Trial there, double tolerance) {
    PresumedRole role = part.presumed();
    boolean weighed =
        Graph.only(
                Node.Input.class,
                Graph.below(
                    role.advantages().appendAll(role.weights()).appendAll(role.coefficients())))
            .nonEmpty();
    if (role.role() != Role.PREFERENCE_PAIR || role.beside().nonEmpty() || weighed) {
      return List.empty();
    }
    Node value = part.bound().value();
    double loss = new Reference(here.samples(), here.parameters()).number(value);
    return Violation.between(
        role.part() + ": the loss with all log-probabilities moved alike",
        new Reference(there.samples(), there.parameters()).number(value),
        loss,
        tolerance * (1 + Math.abs(loss)));
  }

  static PartLaws.Presumed reference() {
    return PartLaws.law(
        "preference-reference",
        "a preference compares the policy with the reference, or with no other policy: the one that"
            + " sampled its responses is not known, they were given",
        "h_i = log π(y_i) − log π_ref(y_i)",
        0,
        "structure, nothing is rounded",
        role -> role.role() == Role.PREFERENCE_PAIR || role.role() == Role.UNPAIRED_PREFERENCE,
        (part, trial, tolerance) ->
            part.presumed()
                .others()
                .filter(Columns.LOG_PROBS::contains)
                .removeAll(List.of(Columns.LOG_PROB, Columns.REFERENCE_LOG_PROB))
                .toList()
                .map(
                    other ->
                        new Violation.Fact(
                            part.presumed().part() + ": a preference is compared with " + other)),
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed margin() {
    return PartLaws.law(
        "margin-asks",
        "a margin is what the chosen response must lead by: a larger one makes the loss of no pair"
            + " smaller",
        "∂L/∂margin ≥ 0",
        1e-12,
        "a sum of few summands",
        role -> role.role() == Role.PREFERENCE_PAIR && margins(role).nonEmpty(),
        (part, trial, tolerance) ->
            margins(part.presumed()).flatMap(name -> margin(part, name, trial, tolerance)),
        Trial.Kind.ORDINARY);
  }

  /** SimPO calls it gamma. */
  private static final List<String> MARGINS = List.of("margin", "gamma");

  private static Seq<String> margins(PresumedRole role) {
    return Graph.parameters(List.of(role.whole()))
        .map(Node.ParameterValue::name)
        .filter(name -> List.of(name.split("_", -1)).exists(MARGINS::contains));
  }

  private static Seq<Violation> margin(Isolated part, String name, Trial any, double tolerance) {
    Trial usual = PartLaws.usual(part, any);
    Map<String, Double> more = usual.parameters().put(name, usual.parameters().get(name).get() + 1);
    Node value = part.bound().value();
    double here = new Reference(usual.samples(), usual.parameters()).number(value);
    double there = new Reference(usual.samples(), more).number(value);
    return there < here - tolerance * (1 + Math.abs(here))
        ? List.of(
            PartLaws.at(
                part, "with " + name + " more by 1, the loss", 0, there + " instead of " + here))
        : List.empty();
  }
}
