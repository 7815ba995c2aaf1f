package lossmith.blackbox;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
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
  private static final String ADVANTAGE = "A";

  private final String name;
  private final BoundLoss bound;
  private final Option<Node> advantage;
  private final Set<String> reads;
  private final Map<String, Double> parameters;

  private RecipeBox(
      String name,
      BoundLoss bound,
      Option<Node> advantage,
      Set<String> reads,
      Map<String, Double> parameters) {
    this.name = name;
    this.bound = bound;
    this.advantage = advantage;
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
    Set<String> there = given ? columns.addAll(List.of(Columns.REWARD, Columns.VALUE)) : columns;
    BoundLoss bound;
    try {
      bound = BoundLoss.of(loss, Surface.STATISTICS, there.add(Columns.POSITION));
    } catch (lossmith.dsl.ProblemException e) {
      return Option.none(); // it reads a column that there is not
    }
    Seq<Node> roots = List.of(bound.value());
    Option<Node> a =
        given
            ? Graph.only(Node.Named.class, Graph.below(roots, Node::children))
                .find(node -> node.symbol().equals(ADVANTAGE))
                .map(node -> (Node) node)
            : Option.none();
    Seq<Node> read =
        Graph.below(
            roots, node -> a.contains(node) ? List.empty() : node.children());
    Set<String> names =
        HashSet.ofAll(Inputs.of(roots).columns().map(Node.Input::name))
            .intersect(HashSet.ofAll(Graph.only(Node.Input.class, read).map(Node.Input::name)));
    Set<String> own = names.removeAll(List.of(Columns.POSITION));
    boolean possible = columns.containsAll(own) && (!given || a.isDefined());
    return Option.when(
        possible,
        () ->
            new RecipeBox(
                name,
                bound,
                a,
                a.isDefined() ? own.add(TensorBatch.ADVANTAGE) : own,
                LinkedHashMap.empty()));
  }

  /** {@return the same with other parameters than its defaults} */
  public RecipeBox with(Map<String, Double> values) {
    return new RecipeBox(name, bound, advantage, reads, values.merge(parameters));
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
    for (Node a : advantage) {
      reference.given(a, at(a.level(), samples));
    }
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
        bound.gradients().nonEmpty());
  }

  /** The advantages at the level of what the objective calls A. */
  private static double[] at(Level.Name level, Samples samples) {
    double[] perToken = samples.column(TensorBatch.ADVANTAGE).get();
    if (level == Level.Name.TOKEN) {
      return perToken;
    }
    double[] values = new double[samples.size(level)];
    int[] parents = samples.parents(Level.Name.TOKEN, level);
    IntStream.range(0, perToken.length).forEach(t -> values[parents[t]] = perToken[t]);
    return Arrays.copyOf(values, values.length);
  }
}
