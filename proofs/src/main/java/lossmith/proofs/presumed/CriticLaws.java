package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** A value regression: where its minimum lies, and that values are in the units of returns. */
final class CriticLaws {
  /** A value far above or below every return. */
  private static final double FAR = 1e6;

  private static final double SCALE = 3;
  private static final double SHIFT = 5;
  private static final double STEP = 1e-3;

  private static final List<String> QUANTILES = List.of("quantile", "expectile");
  private static final double LOW = 0.3;
  private static final double HIGH = 0.7;

  private CriticLaws() {}

  private static boolean speaks(PresumedRole role) {
    return role.role() == Role.VALUE_REGRESSION;
  }

  static PartLaws.Presumed minimum() {
    return PartLaws.law(
        "value-minimum",
        "a step raises a value that is far below every return and lowers one far above",
        "V ≪ R ⇒ ∂L/∂V ≤ 0, V ≫ R ⇒ ∂L/∂V ≥ 0",
        0,
        "a sign is not rounded",
        CriticLaws::speaks,
        (part, trial, tolerance) -> minimum(part, trial, -FAR).appendAll(minimum(part, trial, FAR)),
        Trial.Kind.ORDINARY,
        Trial.Kind.TIED);
  }

  private static Seq<Violation> minimum(Isolated part, Trial trial, double value) {
    double[] slope =
        part.slope(
            Columns.VALUE,
            PartLaws.changed(PartLaws.usual(part, trial), Columns.VALUE, x -> value));
    return List.range(0, slope.length)
        .filter(t -> slope[t] * value < 0)
        .map(t -> PartLaws.at(part, "with V = " + value + ", d/dvalue", t, slope[t]));
  }

  static PartLaws.Presumed scaled() {
    return PartLaws.law(
        "value-scale",
        "values are in the units of returns: with both scaled, each step goes the same way",
        "sign ∂L/∂V(cV, cR) = sign ∂L/∂V(V, R), c > 0",
        0,
        "a sign is not rounded",
        CriticLaws::speaks,
        (part, trial, tolerance) -> sameWay(part, PartLaws.usual(part, trial), "scaled by 3", true),
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed shifted() {
    return PartLaws.law(
        "value-shift",
        "values are in the units of returns: with both shifted, each step goes the same way",
        "sign ∂L/∂V(V + c, R + c) = sign ∂L/∂V(V, R)",
        0,
        "a sign is not rounded",
        role -> speaks(role) && !bootstraps(role),
        (part, trial, tolerance) ->
            sameWay(part, PartLaws.usual(part, trial), "shifted by 5", false),
        Trial.Kind.ORDINARY);
  }

  /** A target with a discounted value in it is shifted by less. */
  private static boolean bootstraps(PresumedRole role) {
    return Graph.below(role.carriers(), Node::children).exists(Node.Neighbour.class::isInstance);
  }

  static PartLaws.Presumed size() {
    return PartLaws.law(
        "value-size",
        "a value regression with the coefficient 1 is the squared error or half of it, over a"
            + " denominator: a number of tokens, responses or prompts",
        "∂²L/∂V² ∈ {0, 1/n, 2/n}",
        1e-5,
        "a difference of slopes over 1e-3",
        role -> speaks(role) && role.scales().nonEmpty(),
        CriticLaws::size,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> size(Isolated part, Trial any, double tolerance) {
    Trial trial = PartLaws.usual(part, any);
    double[] here = part.unselected(Columns.VALUE, trial);
    double[] there = part.unselected(Columns.VALUE, moved(trial, STEP));
    double[] beyond = part.unselected(Columns.VALUE, moved(trial, 2 * STEP));
    double[] bend = new double[here.length];
    for (int t = 0; t < bend.length; t++) {
      double first = (there[t] - here[t]) / STEP;
      double second = (beyond[t] - there[t]) / STEP;
      bend[t] = Math.abs(first - second) <= tolerance * Math.abs(first) ? -first : 0;
    }
    double[] half = Arrays.stream(bend).map(x -> x / 2).toArray();
    List<Integer> whole = List.ofAll(new Denominators(trial.samples(), half).none(tolerance));
    return List.ofAll(new Denominators(trial.samples(), bend).none(tolerance))
        .filter(whole::contains)
        .map(t -> PartLaws.at(part, "with the coefficient 1, d²/dvalue²", t, -bend[t]));
  }

  static PartLaws.Presumed tails() {
    return PartLaws.law(
        "value-tails",
        "a value regression with the coefficient 1 whose error grows linearly has the slope 1 or"
            + " 1/2 on either side, or together where both are weighed, over a denominator; times a"
            + " parameter of its own, such as where it begins to be linear",
        "∂L/∂V|_(V ≫ R) − ∂L/∂V|_(V ≪ R) ∈ {0, x/n, 2x/n}, x ∈ {1, p}",
        1e-6,
        "the denominator may have a constant that keeps it from 0",
        role -> speaks(role) && role.scales().nonEmpty(),
        CriticLaws::tails,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> tails(Isolated part, Trial any, double tolerance) {
    Trial trial = PartLaws.usual(part, any);
    double[] above = at(part, trial, FAR);
    double[] below = at(part, trial, -FAR);
    double[] farther = at(part, trial, 2 * FAR);
    double[] apart = new double[above.length];
    Arrays.setAll(
        apart,
        t ->
            Math.abs(farther[t] - above[t]) <= tolerance * Math.abs(above[t])
                ? below[t] - above[t]
                : 0);
    Seq<Double> sizes =
        Graph.parameters(List.of(part.presumed().whole()))
            .map(parameter -> parameter.range().initial())
            .prepend(1.0)
            .flatMap(x -> List.of(x, 2 * x));
    Set<Integer> none =
        sizes
            .map(
                size ->
                    List.ofAll(
                            new Denominators(
                                    trial.samples(),
                                    Arrays.stream(apart).map(x -> x / size).toArray())
                                .none(tolerance))
                        .toSet())
            .reduce(Set::intersect);
    return none.toList()
        .sorted()
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with the coefficient 1, the slope far above less that far below, d/dvalue",
                    t,
                    -apart[t]));
  }

  private static double[] at(Isolated part, Trial trial, double value) {
    return part.unselected(Columns.VALUE, PartLaws.changed(trial, Columns.VALUE, x -> value));
  }

  private static Trial moved(Trial trial, double by) {
    return PartLaws.changed(trial, Columns.VALUE, x -> x + by);
  }

  private static Seq<Violation> sameWay(Isolated part, Trial trial, String what, boolean scale) {
    Trial other =
        columns(part.presumed(), trial)
            .foldLeft(
                trial,
                (all, name) ->
                    scale
                        ? PartLaws.changed(all, name, x -> SCALE * x)
                        : name.equals(Columns.TOKEN_REWARD)
                            ? lastShifted(all, name)
                            : PartLaws.changed(all, name, x -> x + SHIFT));
    double[] here = part.slope(Columns.VALUE, trial);
    double[] there = part.slope(Columns.VALUE, other);
    boolean fixed = !scale && isHeldInPlace(part.presumed());
    return List.range(0, here.length)
        .filter(t -> here[t] * there[t] < 0 || (fixed && (here[t] == 0) != (there[t] == 0)))
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with values and returns " + what + ", d/dvalue",
                    t,
                    there[t] + " instead of " + here[t]));
  }

  /** Whether a value is clipped to a range that does not move with it. */
  private static boolean isHeldInPlace(PresumedRole role) {
    return Graph.only(Node.Clip.class, Graph.below(role.carriers()))
        .filter(Node::live)
        .exists(
            clip ->
                PresumedRole.plain(clip.of()) instanceof Node.Input
                    && Graph.only(Node.Input.class, Graph.below(List.of(clip.low(), clip.high())))
                        .isEmpty());
  }

  /** A reward more at the last token of each response shifts all that is to come by it. */
  private static Trial lastShifted(Trial trial, String name) {
    Samples samples = trial.samples();
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] values = samples.column(name).get().clone();
    for (int t = 0; t < values.length; t++) {
      if (t + 1 == values.length || of[t + 1] != of[t]) {
        values[t] += SHIFT;
      }
    }
    return PartLaws.with(trial, samples.with(name, samples.level(name).get(), values));
  }

  /** What is in the units of a return: all that is read, but what is only 0 or 1. */
  private static Set<String> columns(PresumedRole role, Trial trial) {
    Samples samples = trial.samples();
    return role.read()
        .filter(
            name ->
                samples
                    .column(name)
                    .exists(values -> !Arrays.stream(values).allMatch(x -> x == 0 || x == 1)));
  }

  static PartLaws.Presumed quantile() {
    return PartLaws.law(
        "quantile-raises",
        "a value that is regressed on a higher quantile or expectile of its return is raised more,"
            + " or lowered less",
        "q < q′ ⇒ ∂L/∂V(q′) ≤ ∂L/∂V(q)",
        1e-12,
        "the same arithmetic",
        role -> speaks(role) && quantiles(role).nonEmpty(),
        (part, trial, tolerance) ->
            quantiles(part.presumed()).flatMap(name -> quantile(part, name, trial, tolerance)),
        Trial.Kind.ORDINARY);
  }

  private static Seq<String> quantiles(PresumedRole role) {
    return Graph.parameters(List.of(role.whole()))
        .map(Node.ParameterValue::name)
        .filter(name -> List.of(name.split("_", -1)).exists(QUANTILES::contains));
  }

  private static Seq<Violation> quantile(Isolated part, String name, Trial any, double tolerance) {
    Trial trial = PartLaws.usual(part, any);
    double[] low = slope(part, name, LOW, trial);
    double[] high = slope(part, name, HIGH, trial);
    double allowed = tolerance * (1 + Scale.size(low));
    return List.range(0, low.length)
        .filter(t -> high[t] > low[t] + allowed)
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with " + name + " = " + HIGH + ", d/dvalue",
                    t,
                    high[t] + " and with " + LOW + " it is " + low[t]));
  }

  private static double[] slope(Isolated part, String name, double value, Trial trial) {
    return part.slope(
        Columns.VALUE,
        new Trial(
            trial.seed(), trial.kind(), trial.samples(), trial.parameters().put(name, value)));
  }
}
