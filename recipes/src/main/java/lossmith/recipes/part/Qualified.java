package lossmith.recipes.part;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.function.Function;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Range;
import lossmith.dsl.Term;

/**
 * The names of the parameters of parts that are put together. A parameter keeps its name unless two
 * parts give that name to two things, with different defaults or ranges: then each is called by its
 * part too, {@code overlong_max_length} beside {@code constant_length_max_length}.
 */
final class Qualified {
  private final Set<String> shared;
  private Map<String, Set<Range>> met = HashMap.empty();

  private Qualified(Set<String> shared) {
    this.shared = shared;
  }

  /**
   * {@return the composition of parts, no two parameters under one name}
   *
   * @param make passes what each part makes through one of the methods {@code by}; called twice
   *     where two parts share a name, which the first call finds out
   * @param <T> the result
   */
  static <T> T of(Function<Qualified, T> make) {
    Qualified learning = new Qualified(HashSet.empty());
    T made = make.apply(learning);
    Set<String> shared = learning.met.filterValues(ranges -> ranges.size() > 1).keySet();
    return shared.isEmpty() ? made : make.apply(new Qualified(shared));
  }

  /** {@return the name of a part's parameter where another part has one of that name} */
  static String name(String part, String parameter) {
    return part.replace('-', '_') + "_" + parameter;
  }

  /**
   * {@return what a part made, with the names of its parameters}
   *
   * @param part the part's name
   * @param made what it made
   * @param from what it was made from, whose parameters are not the part's own
   */
  <L extends Level> Term<L> by(String part, Term<L> made, Term<?>... from) {
    return own(made.node(), List.of(from).map(Term::node))
        .foldLeft(made, (term, name) -> term.renamed(name, name(part, name)));
  }

  /** {@return what a part made of data, with the names of its parameters} */
  <L extends Level> Detached<L> by(String part, Detached<L> made, Term<?>... from) {
    return own(made.node(), List.of(from).map(Term::node))
        .foldLeft(made, (term, name) -> term.renamed(name, name(part, name)));
  }

  /** {@return the condition that a part made, with the names of its parameters} */
  <L extends Level> Condition<L> by(String part, Condition<L> made) {
    return own(made.node(), List.empty())
        .foldLeft(made, (condition, name) -> condition.renamed(name, name(part, name)));
  }

  /** The part's own parameters whose names other parts have too. */
  private Seq<String> own(Node made, Seq<Node> from) {
    Seq<Node.ParameterValue> own =
        Graph.parameters(List.of(made)).removeAll(Graph.parameters(from));
    met =
        own.foldLeft(
            met,
            (all, p) -> all.put(p.name(), all.getOrElse(p.name(), HashSet.empty()).add(p.range())));
    return own.map(Node.ParameterValue::name).filter(shared::contains);
  }
}
