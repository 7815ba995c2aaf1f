package lossmith.proofs.independent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Random;
import java.util.function.LongFunction;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.proofs.trial.RandomTerms;
import org.junit.jupiter.api.Test;

/**
 * Every function of a number or two is in some random objective or in its gradient: a new one that
 * is not drawn, or that has no loops, is named here.
 */
final class EveryOpIsDrawnTest {
  /** As many as the gate draws of most properties. */
  private static final int DRAWS = 200;

  private static final Set<Enum<?>> ALL =
      HashSet.<Enum<?>>of(UnaryOp.values()).addAll(HashSet.of(BinaryOp.values()));

  @Test
  void amongRandomTerms() {
    assertEquals(
        HashSet.empty(),
        missing(
            seed -> Terms.minimise(new RandomTerms(new Random(seed), seed % 2 == 0).objective())));
  }

  @Test
  void amongRandomTermsWithLoops() {
    assertEquals(HashSet.empty(), missing(seed -> RandomSubjects.of(seed).loss()));
  }

  private static Set<Enum<?>> missing(LongFunction<Loss> objectives) {
    return ALL.removeAll(List.rangeClosed(1, DRAWS).flatMap(seed -> ops(objectives.apply(seed))));
  }

  private static Seq<Enum<?>> ops(Loss loss) {
    Set<String> columns =
        Inputs.withDefaults(loss).columns().map(Node.Input::name).toSet().add(BoundLoss.LOGITS);
    BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, columns);
    Seq<Node> nodes = Graph.below(bound.parts().values().appendAll(bound.gradients().values()));
    return Graph.only(Node.Unary.class, nodes)
        .<Enum<?>>map(Node.Unary::op)
        .appendAll(Graph.only(Node.Binary.class, nodes).map(Node.Binary::op));
  }
}
