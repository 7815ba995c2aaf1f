package lossmith.proofs.mutation;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Parameter;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;

/** Whether two objectives have one value and one gradient, by plain evaluation on many batches. */
final class Sameness {
  private static final double RELATIVE = 1e-9;

  private Sameness() {}

  /** The same with parameters as drawn, which tells a parameter that has lost its place. */
  static boolean same(Subject subject, Loss other, Seq<Trial> trials) {
    return hasValueOf(subject, other, trials.take(1), true) && same(subject, other, trials, true);
  }

  /** The same with every parameter at its default, and as drawn where both have the same ones. */
  static boolean readsAs(Subject subject, Loss other, Seq<Trial> trials) {
    boolean alike =
        subject
            .loss()
            .parameters()
            .map(Parameter::name)
            .toSet()
            .equals(other.parameters().map(Parameter::name).toSet());
    return hasValueOf(subject, other, trials.take(1), false)
        && same(subject, other, trials, false)
        && (!alike || same(subject, other, trials, true));
  }

  /** Quickly decided of most: the gradients of many losses take long to make. */
  private static boolean hasValueOf(Subject subject, Loss other, Seq<Trial> trials, boolean drawn) {
    Map<String, Double> values = drawn ? trials.head().parameters() : HashMap.empty();
    Reference reference = new Reference(trials.head().samples(), values);
    try {
      Node left = BoundLoss.term(subject.loss().value(), Surface.LOGITS, subject.columns());
      Node right = BoundLoss.term(other.value(), Surface.LOGITS, subject.columns());
      return same(reference, left, right);
    } catch (ProblemException refused) {
      return false;
    }
  }

  private static boolean same(Subject subject, Loss other, Seq<Trial> trials, boolean drawn) {
    try {
      BoundLoss left = subject.bound(Surface.LOGITS);
      BoundLoss right = BoundLoss.of(other, Surface.LOGITS, subject.columns());
      return left.gradients().keySet().equals(right.gradients().keySet())
          && trials.forAll(
              trial -> {
                Map<String, Double> values = drawn ? trial.parameters() : HashMap.empty();
                Reference reference = new Reference(trial.samples(), values);
                return same(reference, left.value(), right.value())
                    && left.gradients()
                        .forAll(g -> same(reference, g._2, right.gradients().get(g._1).get()));
              });
    } catch (ProblemException refused) {
      return false;
    }
  }

  private static boolean same(Reference reference, Node left, Node right) {
    double[] x = reference.of(left);
    double[] y = reference.of(right);
    double size = Arrays.stream(x).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    for (int i = 0; i < x.length; i++) {
      boolean equal = Double.compare(x[i], y[i]) == 0;
      if (!equal && !(Math.abs(x[i] - y[i]) <= RELATIVE * (1e-3 + size))) {
        return false;
      }
    }
    return x.length == y.length;
  }
}
