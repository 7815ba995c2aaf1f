package lossmith.proofs.mutation;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;

/** Every objective that is one systematic mistake away from a given one. */
public final class Mutants {
  private Mutants() {}

  /** {@return the mutants of an objective: each kind of mistake at each term it can be made at} */
  public static Seq<Mutant> of(Loss loss) {
    HashConsing sharing = new HashConsing();
    Loss shared = loss.rewritten(sharing::of);
    Seq<Node> nodes = nodes(shared);
    Map<String, Node.ParameterValue> parameters =
        Graph.only(Node.ParameterValue.class, nodes)
            .foldLeft(LinkedHashMap.empty(), (all, s) -> all.put(s.name(), s));
    Mistakes mistakes = new Mistakes(parameters);
    return nodes.flatMap(
        node ->
            node.match(mistakes)
                .map(mistake -> Mutant.of(shared, mistake.name(), node, mistake.other())));
  }

  /** Every term of a loss, each once, the last first. */
  public static Seq<Node> nodes(Loss loss) {
    return nodes(loss.parts().values().map(part -> part.node()));
  }

  /** Every term below some, each once, the last first. */
  public static Seq<Node> nodes(Seq<Node> roots) {
    return Graph.down(roots.reverse(), node -> node.children().reverse());
  }
}
