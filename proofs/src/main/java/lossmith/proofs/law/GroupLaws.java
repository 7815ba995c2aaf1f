package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.recipes.Claim;

/**
 * What is true of group-normalised advantages over the responses to one prompt: mean 0, std 1,
 * homogeneity.
 */
final class GroupLaws {
  private static final double SHIFT = 7;
  private static final double FACTOR = 3;

  private GroupLaws() {}

  static Law normalised(Claim.GroupNormalised claim) {
    return law(
        "group-normalised",
        "the advantage has mean 0 and std 1 over the responses to a prompt, is 0 where all"
            + " their rewards are equal, and stays the same when the rewards are shifted or scaled",
        "mean(A) = 0, std(A) = 1, A(3R + 7) = A(R)",
        claim.advantage(),
        1);
  }

  static Law centred(Claim.Centred claim) {
    return law(
        "centred",
        "the advantage has mean 0 over the responses to a prompt, stays the same when the rewards"
            + " are shifted and scales with them",
        "mean(A) = 0, A(3R + 7) = 3A(R)",
        claim.advantage(),
        FACTOR);
  }

  private static Law law(
      String name, String statement, String formula, String symbol, double times) {
    return new Law(
        name,
        statement,
        formula,
        1e-9,
        "rewards near 1 shifted by 7 lose three bits; a std divides by no less than 1e-3 of"
            + " them",
        (subject, trial, tolerance) -> {
          Node a = Symbols.perToken(subject.bound(Surface.STATISTICS), symbol);
          double[] here = new Reference(trial.samples(), trial.parameters()).of(a);
          Samples moved = rewards(trial.samples(), r -> FACTOR * r + SHIFT);
          double[] there = new Reference(moved, trial.parameters()).of(a);
          double[] expected = Arrays.stream(here).map(x -> times * x).toArray();
          double scale = 1 + Arrays.stream(expected).map(Math::abs).max().orElse(0);
          return Violation.between(symbol + " of 3R + 7", there, expected, 1e3 * tolerance * scale)
              .appendAll(
                  List.range(0, trial.samples().size(Level.Name.GROUP))
                      .flatMap(g -> group(trial.samples(), g, here, tolerance, times == 1)));
        });
  }

  private static Samples rewards(Samples samples, DoubleUnaryOperator change) {
    double[] rewards = samples.column(Columns.REWARD).get();
    return samples.with(
        Columns.REWARD, Level.Name.SEQUENCE, Arrays.stream(rewards).map(change).toArray());
  }

  /** A group is judged where each of its responses has a token to carry its advantage. */
  private static Seq<Violation> group(
      Samples samples, int group, double[] a, double tolerance, boolean unit) {
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] members = IntStream.range(0, groups.length).filter(s -> groups[s] == group).toArray();
    int[] first =
        Arrays.stream(members)
            .flatMap(s -> IntStream.range(0, of.length).filter(t -> of[t] == s).limit(1))
            .toArray();
    if (first.length < members.length) {
      return List.empty();
    }
    double[] values = Arrays.stream(first).mapToDouble(t -> a[t]).toArray();
    double[] rewards = samples.column(Columns.REWARD).get();
    boolean equal = Arrays.stream(members).allMatch(s -> rewards[s] == rewards[members[0]]);
    double mean = Arrays.stream(values).average().orElse(0);
    double square = Arrays.stream(values).map(x -> x * x).average().orElse(0);
    double size = 1 + Arrays.stream(values).map(Math::abs).max().orElse(0);
    String where = " of A over prompt " + group;
    Seq<Violation> found = Violation.between("mean" + where, mean, 0, tolerance * size);
    return unit || equal
        ? found.appendAll(
            Violation.between("mean square" + where, square, equal ? 0 : 1, 1e3 * tolerance * size))
        : found;
  }
}
