package lossmith.proofs.law;

import io.vavr.collection.List;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/** Recurrences along the tokens of a response. */
public final class ScanLaws {
  /** How many tokens a recurrence is written out over. */
  private static final int SPAN = 8;

  private static final UnaryOperator<Loss> UNROLLED = ScanLaws::unrolled;

  private ScanLaws() {}

  public static Law unrolled() {
    return new Law(
            "scan",
            "a recurrence is what its definition says, in value and gradient: written out token by"
                + " token, over responses of at most "
                + SPAN
                + " tokens, nothing changes",
            "L[scan(a, c) ↦ a_t + c_t (a_(t+1) + c_(t+1) (…))] = L, ∇ likewise",
            1e-9,
            "the same sums and products in another graph",
            (subject, trial, tolerance) ->
                IntStream.of(trial.samples().lengths()).allMatch(n -> n <= SPAN)
                    ? GuardLaws.rewritten(subject, UNROLLED, trial, tolerance)
                    : List.empty())
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  /** A loss in which every recurrence is written out. */
  private static Loss unrolled(Loss loss) {
    return loss.rewritten(new Fold<>(new Unrolling())::of);
  }

  private static final class Unrolling extends Rebuild {
    @Override
    public Node scan(Node.Scan node, Node addend, Node coefficient) {
      Node x = addend;
      for (int i = 1; i < SPAN; i++) {
        Node other = Nodes.neighbour(x, node.direction(), 0);
        x = Nodes.binary(BinaryOp.PLUS, addend, Nodes.binary(BinaryOp.TIMES, coefficient, other));
      }
      return x;
    }
  }

  static Law gae(Claim.Gae claim) {
    return new Law(
        "gae",
        claim.advantage()
            + " is the generalised advantage estimate: each token's error, and γλ times the"
            + " estimate at the next token of the response, with value and estimate 0 behind the"
            + " last (Generalized Advantage Estimation, eqs 11 and 16)",
        "A_t = δ_t + γλ·A_(t+1), δ_t = r_t + γ·V_(t+1) − V_t, γ = "
            + claim.gamma()
            + ", λ = "
            + claim.lambda(),
        1e-9,
        "another order of summation",
        (subject, trial, tolerance) -> {
          Node a = Symbols.of(subject.bound(Surface.STATISTICS), claim.advantage());
          double[] expected = estimate(trial.samples(), claim);
          double scale = 1 + Arrays.stream(expected).map(Math::abs).max().orElse(0);
          double[] found = subject.on(trial).of(a);
          return Violation.between(claim.advantage(), found, expected, tolerance * scale);
        });
  }

  private static double[] estimate(Samples samples, Claim.Gae claim) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] r = samples.column(claim.reward()).get();
    double[] v = samples.column(claim.value()).get();
    double[] a = new double[r.length];
    for (int t = r.length - 1; t >= 0; t--) {
      boolean last = t + 1 == of.length || of[t + 1] != of[t];
      double value = last ? 0 : v[t + 1];
      double after = last ? 0 : a[t + 1];
      a[t] = r[t] + claim.gamma() * value - v[t] + claim.gamma() * claim.lambda() * after;
    }
    return a;
  }
}
