package lossmith.proofs.repair;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.magnitude.Difference;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** A number of the batch at hand, without gradient, that is another one in half of its prompts. */
final class CountsHere {
  private static final double TOLERANCE = 1e-9;

  private CountsHere() {}

  static Option<String> of(PresumedRole part, Trial trial) {
    int[] groups = trial.samples().parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int half = trial.samples().size(Level.Name.GROUP) / 2;
    Reference whole = new Reference(trial.samples(), trial.parameters());
    Seq<Reference> halves =
        List.of(true, false)
            .map(
                side ->
                    IntStream.range(0, groups.length)
                        .filter(s -> groups[s] < half == side)
                        .toArray())
            .filter(some -> some.length > 0)
            .map(some -> new Reference(Batches.of(trial.samples(), some), trial.parameters()));
    return Graph.below(List.of(part.whole()))
        .reject(Node::live)
        .filter(node -> node.level() == Level.Name.BATCH && !node.condition())
        .find(
            node -> {
              double all = whole.number(node);
              double allowed = TOLERANCE * (1 + Math.abs(all));
              return halves.exists(some -> !Difference.within(all, some.number(node), allowed));
            })
        .map(node -> Causes.text(node) + " is counted in the batch at hand alone");
  }
}
