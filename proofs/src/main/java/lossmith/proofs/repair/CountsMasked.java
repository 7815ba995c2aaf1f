package lossmith.proofs.repair;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.magnitude.Difference;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/**
 * The first term that is another number where the tokens are left out that a mask leaves out,
 * although all that it is made of is the same: a mean, a quantile or a recurrence that counts them.
 */
record CountsMasked(Node term, String mask) {
  private static final double TOLERANCE = 1e-9;

  static Option<CountsMasked> of(Subject subject, Trial trial) {
    BoundLoss bound = subject.bound(Surface.STATISTICS);
    Seq<Node> roots = List.ofAll(bound.parts().values());
    return Inputs.of(roots)
        .columns()
        .filter(column -> column.level() == Level.Name.TOKEN)
        .map(Node.Input::name)
        .filter(PresumedRole::isMask)
        .distinct()
        .toList()
        .flatMap(mask -> first(roots, trial, mask))
        .headOption();
  }

  private static Option<CountsMasked> first(Seq<Node> roots, Trial trial, String mask) {
    double[] counts = trial.samples().column(mask).get();
    int[] all = IntStream.range(0, trial.samples().size(Level.Name.SEQUENCE)).toArray();
    int[] kept = IntStream.range(0, counts.length).filter(t -> counts[t] != 0).toArray();
    Reference whole = new Reference(trial.samples(), trial.parameters());
    Reference rest = new Reference(Batches.of(trial.samples(), all, kept), trial.parameters());
    return Graph.below(roots, Node::children)
        .find(
            node ->
                differs(node, whole, rest, kept)
                    && node.children().forAll(child -> !differs(child, whole, rest, kept)))
        .map(node -> new CountsMasked(node, mask));
  }

  private static boolean differs(Node node, Reference whole, Reference rest, int[] kept) {
    double[] there = rest.of(node);
    double[] every = whole.of(node);
    double[] here =
        node.level() == Level.Name.TOKEN
            ? Arrays.stream(kept).mapToDouble(t -> every[t]).toArray()
            : every;
    return here.length == there.length
        && IntStream.range(0, here.length)
            .anyMatch(
                i -> !Difference.within(here[i], there[i], TOLERANCE * (1 + Math.abs(there[i]))));
  }

  @Override
  public String toString() {
    return Causes.text(term) + " changes with the tokens whose " + mask + " is 0";
  }
}
