package lossmith.proofs.law;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Rebuild;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.presumed.ExpectedGradient;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/** What of an objective holds the policy near its reference. */
public final class ReferencePenalty {
  private ReferencePenalty() {}

  /**
   * What reads the reference policy where the advantage A is 0, if that is anything and can be
   * enumerated.
   */
  public static Option<Loss> of(Loss loss) {
    Loss rest = loss.rewritten(new Fold<>(new WithoutAdvantage())::of);
    Seq<Node.Input> columns = Inputs.of(rest.parts().values().map(part -> part.node())).columns();
    return Option.of(rest)
        .filter(
            x ->
                columns.exists(column -> column.name().equals(Columns.REFERENCE_LOG_PROB))
                    && ExpectedGradient.enumerable(columns)
                    && Flow.check(x).isEmpty());
  }

  /**
   * Whether another loss has a penalty whose expected gradient is that of KL(π ‖ π_ref), and beside
   * it the gradient of this one.
   */
  public static boolean becomesReverse(Subject subject, Loss loss, Seq<Trial> trials) {
    try {
      return of(loss).exists(penalty -> becomesReverse(subject, loss, penalty, trials));
    } catch (ProblemException refused) {
      return false;
    }
  }

  private static boolean becomesReverse(
      Subject subject, Loss loss, Loss penalty, Seq<Trial> trials) {
    Law reverse = DivergenceLaws.direction(Claim.Divergence.REVERSE);
    try (Subject before = subject.with(of(subject.loss()).get());
        Subject other = subject.with(loss);
        Subject after = subject.with(penalty)) {
      return trials.forAll(trial -> reverse.violations(after, trial).isEmpty())
          && trials.forAll(
              trial -> same(beside(subject, before, trial), beside(other, after, trial)));
    }
  }

  private static boolean same(double[] x, double[] y) {
    double scale = 1e-9 * (1 + Scale.size(x));
    return IntStream.range(0, x.length).allMatch(i -> !(Math.abs(x[i] - y[i]) > scale));
  }

  /** The gradient of an objective without that of its penalty. */
  private static double[] beside(Subject subject, Subject penalty, Trial trial) {
    double[] whole = slope(subject, trial).clone();
    double[] part = slope(penalty, trial);
    Arrays.setAll(whole, i -> whole[i] - part[i]);
    return whole;
  }

  private static double[] slope(Subject subject, Trial trial) {
    return subject
        .bound(Surface.STATISTICS)
        .gradients()
        .get(Columns.LOG_PROB)
        .map(slope -> new Reference(trial.samples(), trial.parameters()).of(slope))
        .getOrElse(() -> new double[trial.samples().tokens()]);
  }

  private static final class WithoutAdvantage extends Rebuild {
    @Override
    public Node named(Node.Named node, Node of) {
      return node.symbol().equals("A") ? Nodes.constant(0, of.level()) : super.named(node, of);
    }
  }
}
