package lossmith.blackbox;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
  static final String SYMBOL = "A";

  /** What a token weighs, where that is no part of the objective: one number per response. */
  static final String WEIGHT = "token_weight";

  /** Which prompts dynamic sampling keeps; where advantages are given, it has been done before. */
  private static final String KEPT = "kept";

  private final String name;
  private final String meaning;
  private final BoundLoss bound;
  private final Set<String> reads;
  private final Map<String, Double> parameters;
  private final Option<TokenWeight> weight;
  private final double scale;

  private RecipeBox(
      String name,
      String meaning,
      BoundLoss bound,
      Set<String> reads,
      Map<String, Double> parameters,
      Option<TokenWeight> weight,
      double scale) {
    this.name = name;
    this.meaning = meaning;
    this.bound = bound;
    this.reads = reads;
    this.parameters = parameters;
    this.weight = weight;
    this.scale = scale;
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
    Loss asked = given ? plain.rewritten(root -> withAdvantage(root, columns)) : plain;
    try {
      BoundLoss bound =
          BoundLoss.of(asked, Surface.STATISTICS, columns.add(Columns.POSITION).add(WEIGHT));
      Set<String> own =
          HashSet.ofAll(Inputs.of(List.of(bound.value())).columns().map(Node.Input::name))
              .remove(Columns.POSITION)
              .remove(WEIGHT);
      boolean told = !given || own.contains(TensorBatch.ADVANTAGE);
      String meaning = asked.fingerprint().toString();
      return Option.when(
          told,
          () -> new RecipeBox(name, meaning, bound, own, LinkedHashMap.empty(), Option.none(), 1));
    } catch (ProblemException e) {
      return Option.none(); // it reads a column that there is not
    }
  }

  /** What an objective calls A is given; without rewards, so is which prompts are kept. */
  private static Node withAdvantage(Node root, Set<String> columns) {
    Node advised = advised(root, a -> Nodes.given(TensorBatch.ADVANTAGE, Level.Name.TOKEN));
    return columns.contains(Columns.REWARD)
        ? advised
        : exchanged(
            advised,
            named ->
                named.symbol().equals(KEPT) && named.condition()
                    ? Nodes.truth(true, named.level())
                    : named);
  }

  /** Whether an objective calls a node A, and it is a number per token. */
  static boolean isAdvantage(Node node) {
    return node instanceof Node.Named named
        && named.symbol().equals(SYMBOL)
        && node.level() == Level.Name.TOKEN;
  }

  /** {@return what an objective calls A, if it does} */
  static Option<Node> advantage(Loss loss) {
    return Graph.below(loss).find(RecipeBox::isAdvantage);
  }

  /** {@return the number of a batch with something else for what it calls A} */
  static Node advised(Node root, UnaryOperator<Node> other) {
    return exchanged(root, named -> isAdvantage(named) ? other.apply(named) : named);
  }

  private static Node exchanged(Node root, Function<Node.Named, Node> other) {
    return new Fold<Node>(
            new Rebuild(),
            (node, same) -> {
              Node changed = node instanceof Node.Named named ? other.apply(named) : node;
              return changed == node ? same : changed;
            })
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
    return new RecipeBox(name, meaning, bound, reads, values.merge(parameters), weight, scale);
  }

  /** {@return the same under another name} */
  public RecipeBox named(String other) {
    return new RecipeBox(other, meaning, bound, reads, parameters, weight, scale);
  }

  /** {@return the same, of which what {@link #WEIGHT} says is what a token weighs} */
  RecipeBox weighing(TokenWeight other) {
    return new RecipeBox(name, meaning, bound, reads, parameters, Option.some(other), scale);
  }

  /** {@return so many times the same} */
  RecipeBox scaledBy(double factor) {
    return new RecipeBox(name, meaning, bound, reads, parameters, weight, scale * factor);
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
    return reads.contains(TensorBatch.BATCH_TOKENS);
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
    Samples samples = weighed(batch).samples();
    Reference reference =
        single ? Reference.single(samples, parameters) : new Reference(samples, parameters);
    Map<String, double[]> gradients = LinkedHashMap.empty();
    for (var gradient : bound.gradients().filterKeys(trained::contains)) {
      double[] values = reference.of(gradient._2);
      int[] kept =
          IntStream.range(0, batch.size()).filter(slot -> batch.mask()[slot] == 1).toArray();
      double[] all = new double[batch.size()];
      IntStream.range(0, kept.length).forEach(t -> all[kept[t]] = scale * values[t]);
      gradients = gradients.put(gradient._1, all);
    }
    return new Answer.Numbers(
        scale * reference.number(bound.value()),
        gradients,
        bound.metrics().mapValues(reference::number),
        List.empty(),
        trains());
  }

  private TensorBatch weighed(TensorBatch batch) {
    return weight
        .map(w -> batch.withResponses(WEIGHT, row -> batch.length(row) == 0 ? 0 : w.of(batch, row)))
        .getOrElse(batch);
  }
}
