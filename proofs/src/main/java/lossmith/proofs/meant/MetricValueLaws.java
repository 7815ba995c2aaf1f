package lossmith.proofs.meant;

import io.vavr.Tuple2;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What the numbers that are logged under well-known names may be. */
final class MetricValueLaws {
  private static final double APART = 0.5;

  /** Words that make another number of an entropy or a divergence. */
  private static final Set<String> OTHERWISE =
      HashSet.of(
          "loss",
          "coef",
          "coefficient",
          "change",
          "delta",
          "diff",
          "min",
          "ratio",
          "negative",
          "bonus",
          "target",
          "reward",
          "advantage");

  private MetricValueLaws() {}

  private static boolean isCalled(String metric, String word) {
    List<String> words = List.of(metric.split("[^a-z0-9]+", -1));
    return words.contains(word) && !words.exists(OTHERWISE::contains);
  }

  private static Seq<Tuple2<String, Node>> named(Subject subject, String... words) {
    return List.ofAll(subject.bound(Surface.STATISTICS).metrics())
        .filter(metric -> List.of(words).exists(word -> isCalled(metric._1, word)));
  }

  private static boolean logs(Subject subject, String... words) {
    return subject
        .loss()
        .metrics()
        .keySet()
        .exists(name -> List.of(words).exists(word -> isCalled(name, word)));
  }

  /** H = −Σ p log p is never below 0, and neither is its estimate −log π of what was sampled. */
  static PartLaws.Presumed entropy() {
    return new PartLaws.Presumed(
        new Law(
                "metric-entropy",
                "a metric that is called an entropy is not below 0, nor is the mean of -log π in"
                    + " its place",
                "H ≥ 0",
                1e-9,
                "a sum over the vocabulary",
                (subject, trial, tolerance) ->
                    named(subject, "entropy")
                        .map(metric -> metric.map2(subject.on(trial)::number))
                        .filter(metric -> metric._2 < -tolerance)
                        .map(
                            metric ->
                                new Violation.Fact(
                                    metric._1 + " is " + metric._2 + ": its sign is turned")))
            .on(Trial.Kind.ORDINARY),
        subject -> logs(subject, "entropy"));
  }

  /**
   * KL(μ ‖ π) is the mean of log μ − log π over what μ sampled, or of a function of it that is 0 at
   * 0 and not below (Schulman, Approximating KL Divergence).
   */
  static PartLaws.Presumed divergence() {
    return new PartLaws.Presumed(
        new Law(
                "metric-divergence",
                "a metric that is called a KL divergence is above 0 where the policy that sampled"
                    + " finds each token likelier than the other policy does",
                "log μ − log π = 1/2 ⇒ KL(μ ‖ π) > 0",
                0,
                "a sign is not rounded",
                (subject, trial, tolerance) ->
                    named(subject, "kl")
                        .flatMap(
                            metric ->
                                apart(metric._2, trial)
                                    .map(
                                        at ->
                                            new Reference(at._2.samples(), at._2.parameters())
                                                .number(metric._2))
                                    .filter(kl -> kl < 0)
                                    .map(
                                        kl ->
                                            new Violation.Fact(
                                                metric._1
                                                    + " is "
                                                    + kl
                                                    + " where each token is less likely under the"
                                                    + " other policy by a half: its sign is"
                                                    + " turned"))))
            .on(Trial.Kind.ORDINARY),
        subject -> logs(subject, "kl"));
  }

  /** The case in which the policy that sampled finds each token likelier, by two log-probs. */
  private static Option<Tuple2<String, Trial>> apart(Node metric, Trial trial) {
    Set<String> read =
        Graph.only(Node.Input.class, Graph.below(List.of(metric))).map(Node.Input::name).toSet();
    Seq<String> known = Columns.LOG_PROBS.filter(read::contains);
    Samples samples = trial.samples();
    boolean both =
        known.size() == 2
            && read.removeAll(Columns.LOG_PROBS).remove(Columns.LOG_PI).isEmpty()
            && known.forAll(name -> samples.level(name).contains(Level.Name.TOKEN));
    if (!both || samples.tokens() == 0) {
      return Option.none();
    }
    // the engine sampled, or the policy of the last step, and never the reference
    String sampler =
        List.of(
                Columns.ROLLOUT_LOG_PROB,
                Columns.OLD_LOG_PROB,
                Columns.LOG_PROB,
                Columns.REFERENCE_LOG_PROB)
            .find(known::contains)
            .get();
    String other = known.find(name -> !name.equals(sampler)).get();
    double[] less = Arrays.stream(samples.column(sampler).get()).map(x -> x - APART).toArray();
    return Option.some(
        new Tuple2<>(sampler, PartLaws.with(trial, samples.with(other, Level.Name.TOKEN, less))));
  }

  /** How many pairs are ordered as labelled, and by how much. */
  static PartLaws.Presumed ofPairs() {
    return new PartLaws.Presumed(
        new Law(
                "metric-preference",
                "a metric that is called an accuracy or a margin of pairs is larger where every"
                    + " chosen response is the likelier one than where every rejected one is",
                "m(h > 0) > m(h < 0)",
                0,
                "a sign is not rounded",
                (subject, trial, tolerance) ->
                    List.ofAll(subject.bound(Surface.STATISTICS).metrics())
                        .filter(metric -> isOfPairs(metric._1))
                        .filter(metric -> reads(metric._2).contains(Columns.SIGN))
                        .filter(metric -> trial.samples().tokens() > 0)
                        .map(
                            metric ->
                                new Tuple2<>(
                                    metric._1,
                                    preferred(metric._2, trial, APART)
                                        - preferred(metric._2, trial, -APART)))
                        .filter(metric -> metric._2 < 0)
                        .map(
                            metric ->
                                new Violation.Fact(
                                    metric._1
                                        + " is less by "
                                        + -metric._2
                                        + " where every chosen response is the likelier one: its"
                                        + " sign, or its comparison, is turned")))
            .on(Trial.Kind.ORDINARY),
        subject -> subject.loss().metrics().keySet().exists(MetricValueLaws::isOfPairs));
  }

  private static boolean isOfPairs(String metric) {
    return List.of(metric.split("[^a-z0-9]+", -1))
        .exists(HashSet.of("accuracy", "accuracies", "margin", "margins")::contains);
  }

  private static Set<String> reads(Node metric) {
    return Graph.only(Node.Input.class, Graph.below(List.of(metric))).map(Node.Input::name).toSet();
  }

  /** The metric where log π of each token of a chosen response is more by so much. */
  private static double preferred(Node metric, Trial trial, double by) {
    Samples samples = trial.samples();
    double[] side = samples.column(Columns.SIGN).get();
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] policy = new double[of.length];
    double[] other = new double[of.length];
    Arrays.fill(other, -1);
    Arrays.setAll(policy, t -> -1 + by * side[of[t]]);
    for (String name : Columns.LOG_PROBS) {
      samples =
          samples.level(name).contains(Level.Name.TOKEN)
              ? samples.with(name, Level.Name.TOKEN, name.equals(Columns.LOG_PROB) ? policy : other)
              : samples;
    }
    return new Reference(samples, trial.parameters()).number(metric);
  }

  /** A mean of rewards over tokens is another number wherever longer responses earn less. */
  static PartLaws.Presumed ofResponses() {
    return new PartLaws.Presumed(
        new Law(
                "metric-responses",
                "the mean of what a response has once, such as its reward, is over responses: over"
                    + " tokens a long one counts more",
                "m = (1/n) Σ_i R_i, not Σ_i |y_i|·R_i / Σ_i |y_i|",
                0,
                "structure, nothing is rounded",
                (subject, trial, tolerance) ->
                    List.ofAll(subject.loss().metrics())
                        .filter(metric -> isOverTokens(metric._2.node()))
                        .map(
                            metric ->
                                new Violation.Fact(
                                    metric._1 + " is a mean of rewards over tokens")))
            .once(),
        subject -> !subject.loss().metrics().isEmpty());
  }

  private static boolean isOverTokens(Node metric) {
    return PresumedRole.plain(metric) instanceof Node.Reduce mean
        && mean.op() == ReduceOp.MEAN
        && mean.of().level() == Level.Name.TOKEN
        && PresumedRole.plain(mean.of()) instanceof Node.Input input
        && input.name().equals(Columns.REWARD);
  }
}
