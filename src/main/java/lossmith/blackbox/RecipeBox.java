package lossmith.blackbox;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;

/**
 * An objective of the catalogue as a loss of columns. Where it is given advantages, these are what
 * it calls A, and what it makes A of is not read.
 */
public final class RecipeBox implements BlackBox {
  private static final String SYMBOL = "A";

  private final String name;
  private final String meaning;
  private final BoundLoss bound;
  private final Set<String> reads;
  private final Map<String, Double> parameters;

  private RecipeBox(
      String name,
      String meaning,
      BoundLoss bound,
      Set<String> reads,
      Map<String, Double> parameters) {
    this.name = name;
    this.meaning = meaning;
    this.bound = bound;
    this.reads = reads;
    this.parameters = parameters;
  }

  /**
   * {@return the loss of some columns, if it can be computed from these}
   *
   * @param name what to call it
   * @param loss the objective
   * @param columns those that there are
   */
  public static Option<RecipeBox> of(String name, Loss loss, Set<String> columns) {
    boolean given = columns.contains(TensorBatch.ADVANTAGE);
    Loss plain = Loss.of(loss.parts().mapValues(Term::node), LinkedHashMap.empty(), loss.trains());
    Loss asked = given ? plain.rewritten(RecipeBox::withAdvantage) : plain;
    try {
      BoundLoss bound = BoundLoss.of(asked, Surface.STATISTICS, columns.add(Columns.POSITION));
      Set<String> own =
          HashSet.ofAll(Inputs.of(List.of(bound.value())).columns().map(Node.Input::name))
              .remove(Columns.POSITION);
      boolean told = !given || own.contains(TensorBatch.ADVANTAGE);
      String meaning = asked.fingerprint().toString();
      return Option.when(
          told, () -> new RecipeBox(name, meaning, bound, own, LinkedHashMap.empty()));
    } catch (ProblemException e) {
      return Option.none(); // it reads a column that there is not
    }
  }

  /** What an objective calls A is given. */
  private static Node withAdvantage(Node root) {
    return new Fold<Node>(
            new Rebuild(),
            (node, same) ->
                node instanceof Node.Named named
                        && named.symbol().equals(SYMBOL)
                        && node.level() == Level.Name.TOKEN
                    ? Nodes.given(TensorBatch.ADVANTAGE, Level.Name.TOKEN)
                    : same)
        .of(root);
  }

  /** {@return whether it has a gradient} */
  public boolean trains() {
    return bound.gradients().nonEmpty();
  }

  /**
   * {@return what objectives have in common that are the same where advantages are given: the
   * fingerprint of what is left of them}
   */
  String meaning() {
    return meaning;
  }

  /** {@return the same with other parameters than its defaults} */
  public RecipeBox with(Map<String, Double> values) {
    return new RecipeBox(name, meaning, bound, reads, values.merge(parameters));
  }

  /** {@return the same under another name} */
  public RecipeBox named(String other) {
    return new RecipeBox(other, meaning, bound, reads, parameters);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<String> columns() {
    return reads;
  }

  @Override
  public boolean knowsWhole() {
    return false;
  }

  /** {@return its parameters by name, as they are set} */
  @Override
  public Map<String, Double> parameters() {
    return Graph.parameters(List.of(bound.value()))
        .toLinkedMap(p -> io.vavr.Tuple.of(p.name(), p.range().initial()))
        .map((key, value) -> io.vavr.Tuple.of(key, parameters.getOrElse(key, value)));
  }

  @Override
  public Answer of(TensorBatch batch, Set<String> trained, boolean single) {
    Samples samples = batch.samples();
    Reference reference =
        single ? Reference.single(samples, parameters) : new Reference(samples, parameters);
    Map<String, double[]> gradients = LinkedHashMap.empty();
    for (var gradient : bound.gradients().filterKeys(trained::contains)) {
      double[] values = reference.of(gradient._2);
      int[] kept =
          IntStream.range(0, batch.size()).filter(slot -> batch.mask()[slot] == 1).toArray();
      double[] all = new double[batch.size()];
      IntStream.range(0, kept.length).forEach(t -> all[kept[t]] = values[t]);
      gradients = gradients.put(gradient._1, all);
    }
    return new Answer.Numbers(
        reference.number(bound.value()),
        gradients,
        bound.metrics().mapValues(reference::number),
        List.empty(),
        trains());
  }
}
