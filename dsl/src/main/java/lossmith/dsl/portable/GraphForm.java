package lossmith.dsl.portable;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.Serializable;
import java.util.IdentityHashMap;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/**
 * Nodes by name as data: a list of nodes, operands first, each with the places of its operands in
 * the list. So a graph of any depth is written and read in little stack; what is equal is written
 * once, and shared where it arrives.
 *
 * @param nodes the nodes, operands first
 * @param places where in the list the node of each name is
 */
public record GraphForm(Vector<NodeForm> nodes, Map<String, Integer> places)
    implements Serializable {

  /** {@return the form of nodes by name} */
  public static GraphForm of(Map<String, Node> named) {
    IdentityHashMap<Node, Integer> places = new IdentityHashMap<>();
    java.util.Map<NodeForm, Integer> forms = new java.util.LinkedHashMap<>();
    for (Node node : Graph.below(named.values())) {
      NodeForm form = NodeForm.of(node, places::get);
      Integer unused = places.put(node, forms.computeIfAbsent(form, key -> forms.size()));
    }
    return new GraphForm(Vector.ofAll(forms.keySet()), named.mapValues(places::get));
  }

  /**
   * {@return the nodes, by name}
   *
   * @throws ProblemException as for {@link #all}
   */
  public Map<String, Node> named() {
    Seq<Node> all = all();
    return places.toList().toLinkedMap(one -> one._1, one -> all.get(one._2));
  }

  /**
   * {@return all nodes, in their order}
   *
   * @throws ProblemException where a node takes no such operands, with its place in the list
   */
  public Seq<Node> all() {
    Node[] made = new Node[nodes.size()];
    for (int i = 0; i < made.length; i++) {
      NodeForm form = nodes.get(i);
      Seq<Node> operands = form.operands().map(place -> made[place]);
      try {
        made[i] = form.node(operands);
      } catch (ProblemException e) {
        int place = i;
        throw new ProblemException(e.problems().map(problem -> at(place, problem)));
      }
    }
    return Vector.of(made);
  }

  private static Problem at(int place, Problem problem) {
    return Problem.of(
        problem.code(),
        "node " + place + ": " + problem.wrote(),
        problem.expected(),
        problem.remedy());
  }
}
