package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.proofs.role.PresumedRole;

/** The columns that an estimate reads. */
final class EstimateInputs {
  private final Seq<Node.Input> all;
  private final Set<String> keys;

  EstimateInputs(Node estimate) {
    this.all = EstimateSources.inputs(estimate);
    this.keys =
        Graph.only(Node.SumByKey.class, Graph.below(List.of(estimate)))
            .flatMap(sum -> EstimateSources.inputs(sum.right()))
            .map(Node.Input::name)
            .toSet();
  }

  Seq<Node.Input> all() {
    return all;
  }

  /** Whether tokens are put together by it. */
  boolean isKey(Node.Input input) {
    return keys.contains(input.name());
  }

  boolean masks() {
    return all.exists(input -> PresumedRole.isMask(input.name()));
  }

  boolean readsReward() {
    return all.exists(input -> input.name().equals(Columns.REWARD));
  }
}
