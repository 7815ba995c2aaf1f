package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a metric promises by its name. */
final class MetricLaws {
  private static final Pattern SHARE = Pattern.compile(".*(fraction|frac|share|accurac).*");
  private static final Pattern RATIO = Pattern.compile(".*ratio_mean");
  private static final Pattern CLIPPED = Pattern.compile("clip_fraction.*");

  private static final Pattern PORTION = Pattern.compile(".*(fraction|frac|share|clip_ratio).*");

  /** Cases in which a share must move once. */
  private static final int MANY = 60;

  private MetricLaws() {}

  static PartLaws.Presumed share() {
    return new PartLaws.Presumed(
        new Law(
            "metric-share",
            "a metric that is called a fraction, a share or an accuracy is one",
            "0 ≤ m ≤ 1",
            1e-12,
            "a mean of numbers from 0 to 1",
            (subject, trial, tolerance) ->
                List.ofAll(named(subject, SHARE))
                    .filter(
                        metric -> {
                          double m = subject.on(trial).number(metric._2);
                          return !(m >= -tolerance && m <= 1 + tolerance);
                        })
                    .map(
                        metric ->
                            new Violation.Fact(
                                metric._1 + " is " + subject.on(trial).number(metric._2)))),
        subject -> logs(subject, SHARE));
  }

  private static boolean logs(Subject subject, Pattern pattern) {
    return subject.loss().metrics().keySet().exists(name -> pattern.matcher(name).matches());
  }

  private static Seq<Isolated> surrogates(Subject subject) {
    return subject.presumed().filter(part -> part.presumed().role() == Role.POLICY_SURROGATE);
  }

  private static Map<String, Node> named(Subject subject, Pattern pattern) {
    return subject
        .bound(Surface.STATISTICS)
        .metrics()
        .filterKeys(name -> pattern.matcher(name).matches());
  }

  static PartLaws.Presumed varies() {
    return new PartLaws.Presumed(
        new Law(
                "metric-varies",
                "a metric that is called a share or a fraction is not the same number in every"
                    + " case",
                "∃ x, y: m(x) ≠ m(y)",
                0,
                "equal numbers are not rounded apart",
                (subject, trial, tolerance) -> {
                  Seq<Trial> many =
                      Stream.range(0, MANY)
                          .map(i -> trial.seed() + i)
                          .map(seed -> subject.draw(seed, Trial.Kind.of(seed)));
                  return List.ofAll(named(subject, PORTION))
                      .reject(metric -> many.exists(varies(metric._2, many.head())))
                      .map(
                          metric ->
                              new Violation.Fact(
                                  metric._1 + " is the same number in " + MANY + " cases"));
                })
            .once(),
        subject -> logs(subject, PORTION));
  }

  static PartLaws.Presumed parameters() {
    return new PartLaws.Presumed(
        new Law(
                "metric-parameters",
                "a metric reports what the loss does: it has no parameter that the loss lacks",
                "p ∈ m ⇒ p ∈ L",
                0,
                "structure, nothing is rounded",
                (subject, trial, tolerance) -> {
                  Loss loss = subject.loss();
                  return names(loss.metrics().values())
                      .removeAll(names(loss.parts().values()))
                      .map(
                          name ->
                              new Violation.Fact(
                                  "the metrics read the parameter "
                                      + name
                                      + ", and no part of the loss does"));
                })
            .once(),
        subject -> !subject.loss().metrics().isEmpty());
  }

  private static Seq<String> names(Seq<? extends Term<Batch>> terms) {
    return Graph.parameters(List.<Node>ofAll(terms.map(term -> term.node())))
        .map(Node.ParameterValue::name);
  }

  /** Asked of one case after the other, until one answers. */
  private static Predicate<Trial> varies(Node metric, Trial first) {
    double known = number(metric, first);
    return one -> {
      double number = number(metric, one);
      return Double.isFinite(number) && Double.compare(number, known) != 0;
    };
  }

  private static double number(Node metric, Trial trial) {
    return new Reference(trial.samples(), trial.parameters()).number(metric);
  }

  static PartLaws.Presumed ratio() {
    return new PartLaws.Presumed(
        new Law(
                "metric-ratio",
                "a metric that is called the mean of a ratio is 1 where all policies are one",
                "π_old = π ⇒ m = 1",
                1e-12,
                "a mean of ones",
                (subject, trial, tolerance) -> {
                  Trial on = StepLaws.onePolicy(trial);
                  Reference known = new Reference(on.samples(), on.parameters());
                  return List.ofAll(named(subject, RATIO))
                      .flatMap(
                          metric ->
                              Violation.between(
                                  metric._1 + " where all policies are one",
                                  known.number(metric._2),
                                  on.samples().tokens() == 0 ? 0 : 1,
                                  tolerance));
                })
            .on(Trial.Kind.ORDINARY),
        subject -> logs(subject, RATIO));
  }

  static PartLaws.Presumed clipped() {
    return new PartLaws.Presumed(
        new Law(
                "metric-clipped",
                "metrics that are called clip fractions add up to the share of tokens whose"
                    + " gradient the clip removes",
                "Σ m = |{t: ∂L/∂log π_t = 0, without the clip ≠ 0}| / n",
                1e-9,
                "a mean of ones",
                MetricLaws::clipped)
            .on(Trial.Kind.ORDINARY, Trial.Kind.WIDE),
        subject ->
            logs(subject, CLIPPED)
                && surrogates(subject).size() == 1
                && !surrogates(subject).head().presumed().clips().isEmpty());
  }

  private static Seq<Violation> clipped(Subject subject, Trial trial, double tolerance) {
    Map<String, Node> metrics = named(subject, CLIPPED);
    Isolated part = surrogates(subject).head();
    if (trial.samples().tokens() == 0) {
      return List.empty();
    }
    double[] without = part.unclipped(Columns.LOG_PROB, trial);
    double[] here = part.slope(Columns.LOG_PROB, trial);
    if (Arrays.stream(without).anyMatch(x -> x == 0)) {
      return List.empty(); // something else takes a gradient too
    }
    int removed = List.range(0, here.length).count(t -> without[t] != 0 && here[t] == 0);
    double sum = metrics.values().map(subject.on(trial)::number).sum().doubleValue();
    return Violation.between(
        metrics.keySet().mkString(" + "), sum, removed / (double) here.length, tolerance);
  }
}
