package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** Rewards that agree to rounding are one reward: nothing may be made of their differences. */
final class RewardLaws {
  private static final double[] BASES = {0.3, 1.1, -0.7};

  /** An ulp of a float32 is worth so many of a float64, so many the tolerance. */
  private static final double SINGLE = 1e4;

  private RewardLaws() {}

  static Law ties() {
    return new Law(
            "ties-of-rounding",
            "rewards that differ by an ulp of the type they were recorded in, float64 or float32,"
                + " give the value and the gradient of equal rewards, and the advantage does not"
                + " depend on the order of the responses to a prompt",
            "L(R ± ulp) = L(R), ∇L(R ± ulp) = ∇L(R), A(σR) = σA(R)",
            1e-9,
            "an ulp over a std of a tenth or more; ten thousand times that where rewards are"
                + " float32",
            RewardLaws::violations)
        .on(Trial.Kind.TIED);
  }

  private static Seq<Violation> violations(Subject subject, Trial trial, double tolerance) {
    Random random = new Random(trial.seed());
    boolean single = random.nextBoolean();
    double allowed = single ? SINGLE * tolerance : tolerance;
    double[] equal = rewards(trial.samples(), random, single);
    double[] noisy =
        Arrays.stream(equal).map(r -> beside(r, random.nextInt(3) - 1, single)).toArray();
    Trial plain = with(trial, rewarded(trial.samples(), equal));
    Trial rounded = with(trial, rewarded(trial.samples(), noisy));
    return same(subject, plain, rounded, allowed)
        .appendAll(permuted(subject, rounded, random, allowed));
  }

  /** To each prompt one reward for all its responses, or one of three for each. */
  private static double[] rewards(Samples samples, Random random, boolean single) {
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    boolean[] one = new boolean[samples.size(Level.Name.GROUP)];
    int[] which = new int[one.length];
    for (int g = 0; g < one.length; g++) {
      one[g] = random.nextBoolean();
      which[g] = random.nextInt(BASES.length);
    }
    return Arrays.stream(groups)
        .mapToDouble(g -> BASES[one[g] ? which[g] : random.nextInt(BASES.length)])
        .map(r -> single ? (float) r : r)
        .toArray();
  }

  private static double beside(double r, int ulps, boolean single) {
    return r + ulps * (single ? Math.ulp((float) r) : Math.ulp(r));
  }

  /** The rewards in every column of rewards; a response's tokens earn it at the last of them. */
  private static Samples rewarded(Samples samples, double[] rewards) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] tokens = new double[of.length];
    Arrays.setAll(tokens, t -> t + 1 == of.length || of[t + 1] != of[t] ? rewards[of[t]] : 0);
    Samples all = with(samples, Columns.REWARD, Level.Name.SEQUENCE, rewards);
    all = with(all, "second_reward", Level.Name.SEQUENCE, rewards);
    return with(all, Columns.TOKEN_REWARD, Level.Name.TOKEN, tokens);
  }

  /** A column of that name at another level is the objective's own, and no reward of a response. */
  private static Samples with(Samples samples, String name, Level.Name level, double[] numbers) {
    boolean own = samples.level(name).exists(found -> found != level);
    return own ? samples : samples.with(name, level, numbers);
  }

  private static Trial with(Trial trial, Samples samples) {
    return new Trial(trial.seed(), trial.kind(), samples, trial.parameters());
  }

  private static Seq<Violation> same(
      Subject subject, Trial plain, Trial rounded, double tolerance) {
    BoundLoss bound = subject.bound(Surface.STATISTICS);
    Evaluations right = subject.on(plain);
    Evaluations left = subject.on(rounded);
    if (!orders(bound).forAll(order -> Arrays.equals(left.of(order), right.of(order)))) {
      return List.empty(); // among tokens that are equal otherwise, rounding is the order
    }
    return Violation.between(
            "value",
            left.number(bound.value()),
            right.number(bound.value()),
            tolerance * right.scale(bound.value()))
        .appendAll(
            List.ofAll(bound.gradients())
                .flatMap(
                    g ->
                        Violation.between(
                            "d/d" + g._1,
                            left.of(g._2),
                            right.of(g._2),
                            tolerance * right.scale(g._2))));
  }

  private static Seq<Node.Rank> orders(BoundLoss bound) {
    return Graph.only(
            Node.Rank.class, Graph.below(bound.gradients().values().append(bound.value())))
        .filter(rank -> rank.of().level() == Level.Name.TOKEN);
  }

  private static Seq<Violation> permuted(
      Subject subject, Trial trial, Random random, double tolerance) {
    Option<Node> advantage = Symbols.named(subject.bound(Surface.STATISTICS), "A");
    Samples samples = trial.samples();
    var order =
        IntStream.range(0, samples.size(Level.Name.SEQUENCE)).boxed().collect(Collectors.toList());
    Collections.shuffle(order, random);
    int[] sequences = order.stream().mapToInt(i -> i).toArray();
    int[] tokens = Batches.tokens(samples, sequences);
    return advantage
        .toList()
        .flatMap(
            a -> {
              Node perToken =
                  a.level() == Level.Name.TOKEN ? a : Nodes.broadcast(a, Level.Name.TOKEN);
              double[] here = subject.on(trial).of(perToken);
              double[] expected = Arrays.stream(tokens).mapToDouble(t -> here[t]).toArray();
              double[] there = subject.on(with(trial, Batches.of(samples, sequences))).of(perToken);
              double scale = subject.on(trial).scale(perToken);
              return Violation.between("A in another order", there, expected, tolerance * scale);
            });
  }
}
