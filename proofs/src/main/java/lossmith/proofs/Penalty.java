package lossmith.proofs;

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
import lossmith.recipes.Claim;

/** What of an objective holds the policy near its reference. */
final class Penalty {
  private Penalty() {}

  /**
   * What reads the reference policy where the advantage A is 0, if that is anything and can be
   * enumerated.
   */
  static Option<Loss> of(Loss loss) {
    Loss rest = loss.rewritten(new Fold<>(new WithoutAdvantage())::of);
    Seq<String> columns =
        Inputs.of(rest.parts().values().map(part -> part.node()))
            .columns()
            .map(c -> c.name())
            .toList();
    return Option.of(rest)
        .filter(
            x ->
                columns.contains(Columns.REFERENCE_LOG_PROB)
                    && Expected.enumerable(columns.toSet())
                    && Flow.check(x).isEmpty());
  }

  /**
   * Whether another loss has a penalty whose expected gradient is that of KL(π ‖ π_ref), and beside
   * it the gradient of this one.
   */
  static boolean becomesReverse(Subject subject, Loss loss, Seq<Trial> trials) {
    Law reverse = DivergenceLaws.direction(Claim.Divergence.REVERSE);
    try (Subject other = subject.with(loss)) {
      return of(loss)
              .exists(
                  penalty -> {
                    try (Subject alone = subject.with(penalty)) {
                      return trials.forAll(trial -> reverse.violations(alone, trial).isEmpty());
                    }
                  })
          && trials.forAll(trial -> sameBeside(subject, other, trial));
    } catch (ProblemException refused) {
      return false;
    }
  }

  private static boolean sameBeside(Subject one, Subject other, Trial trial) {
    double[] x = beside(one, trial);
    double[] y = beside(other, trial);
    double scale = 1e-9 * (1 + Arrays.stream(x).map(Math::abs).max().orElse(0));
    return IntStream.range(0, x.length).allMatch(i -> !(Math.abs(x[i] - y[i]) > scale));
  }

  /** The gradient of an objective without that of its penalty. */
  private static double[] beside(Subject subject, Trial trial) {
    double[] whole = slope(subject, trial);
    try (Subject alone = subject.with(of(subject.loss()).get())) {
      double[] part = slope(alone, trial);
      Arrays.setAll(whole, i -> whole[i] - part[i]);
      return whole;
    }
  }

  private static double[] slope(Subject subject, Trial trial) {
    return subject
        .bound(Surface.STATISTICS)
        .gradients()
        .get(Columns.LOG_PROB)
        .map(slope -> new Reference(trial.samples(), trial.settings()).of(slope).clone())
        .getOrElse(() -> new double[trial.samples().tokens()]);
  }

  private static final class WithoutAdvantage extends Rebuild {
    @Override
    public Node named(Node.Named node, Node of) {
      return node.symbol().equals("A") ? Nodes.constant(0, of.level()) : super.named(node, of);
    }
  }
}
