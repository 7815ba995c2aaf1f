package lossmith.ops.graph;

import io.vavr.control.Option;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import lossmith.dsl.Algebra;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.family.TNumber;

/**
 * The meaning of a node as operations of a TensorFlow graph: a vector of numbers or answers per
 * level, a matrix at the vocabulary. What has to be fed is remembered on the way.
 */
public final class TensorFlowGraph<T extends TNumber> implements Algebra<Operand<?>> {
  private final Ops tf;
  private final Class<T> type;
  private final RaggedIndex structure;
  private final ElementwiseOps<T> elementwise;
  private final LevelOps<T> segments;
  private final OrderOps<T> orders;
  private final Map<String, Node> fed = new LinkedHashMap<>();
  private final Map<String, Operand<?>> placeholders = new LinkedHashMap<>();
  private final IdentityHashMap<Node, Operand<?>> sources = new IdentityHashMap<>();

  /** An algebra of any batch, whose width is fed. */
  public TensorFlowGraph(Ops tf, Class<T> type, double saturation) {
    this(tf, type, saturation, false, Integer.MAX_VALUE);
  }

  /**
   * An algebra.
   *
   * @param tf where operations are made
   * @param type of the numbers
   * @param saturation beyond which |x| exponentials are flat
   * @param logits whether logits are fed, of which the width of every matrix is then taken
   * @param most how many tokens a batch may have
   */
  public TensorFlowGraph(Ops tf, Class<T> type, double saturation, boolean logits, int most) {
    this.tf = tf;
    this.type = type;
    Option<Operand<?>> grid = Option.when(logits, this::logits);
    this.structure = new RaggedIndex(tf, grid);
    this.elementwise = new ElementwiseOps<>(tf, type, saturation);
    this.segments = new LevelOps<>(tf, type, structure);
    this.orders = new OrderOps<>(tf, type, structure, most);
  }

  /** What is fed, by the name of its placeholder: inputs, parameters and keyed random numbers. */
  public Map<String, Node> fed() {
    return fed;
  }

  /** Takes a column that the graph computes itself, before any node reads it. */
  public void put(String column, Operand<?> computed) {
    Operand<?> unused = placeholders.put("input/" + column, computed);
  }

  /** The placeholder of what is fed. */
  public Operand<?> placeholder(Node fedNode) {
    return Objects.requireNonNull(sources.get(fedNode));
  }

  /** The ragged structure, which is fed too. */
  public RaggedIndex structure() {
    return structure;
  }

  @SuppressWarnings("unchecked") // Nodes checks that numbers meet numbers
  private Operand<T> number(Operand<?> x) {
    return (Operand<T>) x;
  }

  @SuppressWarnings("unchecked") // Nodes checks that answers meet answers
  private static Operand<TBool> answer(Operand<?> x) {
    return (Operand<TBool>) x;
  }

  private Operand<T> feed(String name, Node node, Level.Name level) {
    Operand<?> known = placeholders.get(name);
    if (known != null) {
      return number(known);
    }
    String operation = "fed." + fed.size();
    Operand<T> placeholder =
        tf.withName(operation).placeholder(type, Placeholder.shape(shape(level)));
    Operand<T> read =
        level == Level.Name.BATCH
            ? tf.reshape(placeholder, tf.constant(new int[] {1}))
            : placeholder;
    fed.put(operation, node);
    sources.put(node, placeholder);
    placeholders.put(name, read);
    return read;
  }

  /** The one number of a batch may come as a scalar too. */
  private static Shape shape(Level.Name level) {
    return switch (level) {
      case VOCABULARY -> Shape.of(-1, -1);
      case TOKEN, SEQUENCE, GROUP -> Shape.of(-1);
      case BATCH -> Shape.unknown();
    };
  }

  @Override
  public Operand<?> input(Node.Input node) {
    if (node.name().equals(Columns.LOG_PI) && node.level() == Level.Name.VOCABULARY) {
      Operand<?> known = placeholders.get(Columns.LOG_PI);
      Operand<?> logPi = known == null ? logPi() : known;
      placeholders.put(Columns.LOG_PI, logPi);
      return logPi;
    }
    return feed("input/" + node.name(), node, node.level());
  }

  private Operand<T> logPi() {
    Operand<T> temperature = number(parameter("temperature"));
    return tf.nn.logSoftmax(tf.math.div(logits(), temperature));
  }

  private Operand<T> logits() {
    Node node = lossmith.dsl.Nodes.given(BoundLoss.LOGITS, Level.Name.VOCABULARY);
    return feed("input/" + BoundLoss.LOGITS, node, Level.Name.VOCABULARY);
  }

  private Operand<?> parameter(String name) {
    return feed(
        "parameter/" + name,
        lossmith.dsl.Nodes.parameter(name, BoundLoss.TEMPERATURE),
        Level.Name.BATCH);
  }

  @Override
  public Operand<?> sampled(Node.Sampled node) {
    Operand<org.tensorflow.types.TInt32> entries =
        tf.range(tf.constant(0), structure.width, tf.constant(1));
    return tf.math.equal(
        tf.expandDims(structure.sampled, tf.constant(1)), tf.expandDims(entries, tf.constant(0)));
  }

  @Override
  public Operand<?> constant(Node.Constant node) {
    return tf.fill(structure.shape(node.level()), elementwise.number(node.value()));
  }

  @Override
  public Operand<?> truth(Node.Truth node) {
    return segments.truths(node.level(), node.value());
  }

  @Override
  public Operand<?> parameter(Node.ParameterValue node) {
    return feed("parameter/" + node.name(), node, Level.Name.BATCH);
  }

  @Override
  public Operand<?> uniform(Node.Uniform node, Operand<?> seed, Operand<?> step) {
    return feed("uniform/" + fed.size(), node, Level.Name.TOKEN);
  }

  @Override
  public Operand<?> named(Node.Named node, Operand<?> of) {
    return of;
  }

  @Override
  public Operand<?> unary(Node.Unary node, Operand<?> of) {
    return elementwise.of(node.op(), number(of));
  }

  @Override
  public Operand<?> not(Node.Not node, Operand<?> of) {
    return tf.math.logicalNot(answer(of));
  }

  @Override
  public Operand<?> stopGradient(Node.StopGradient node, Operand<?> of) {
    return tf.stopGradient(number(of));
  }

  @Override
  public Operand<?> broadcast(Node.Broadcast node, Operand<?> of) {
    Level.Name from = node.of().level();
    return node.condition()
        ? segments.spreadAnswer(answer(of), from, node.to())
        : segments.spread(number(of), from, node.to());
  }

  @Override
  public Operand<?> neighbour(Node.Neighbour node, Operand<?> of) {
    return orders.neighbour(number(of), node.from(), node.edge());
  }

  @Override
  public Operand<?> gather(Node.Gather node, Operand<?> of) {
    Operand<org.tensorflow.types.TInt32> rows =
        tf.range(tf.constant(0), structure.size(Level.Name.TOKEN), tf.constant(1));
    var at =
        tf.stack(java.util.List.of(rows, structure.sampled), org.tensorflow.op.core.Stack.axis(1L));
    return tf.gatherNd(number(of), at);
  }

  @Override
  public Operand<?> binary(Node.Binary node, Operand<?> left, Operand<?> right) {
    return elementwise.of(node.op(), number(left), number(right));
  }

  @Override
  public Operand<?> compare(Node.Compare node, Operand<?> left, Operand<?> right) {
    return switch (node.op()) {
      case BELOW -> tf.math.less(number(left), number(right));
      case AT_MOST -> tf.math.lessEqual(number(left), number(right));
      case EQUAL -> tf.math.equal(number(left), number(right));
    };
  }

  @Override
  public Operand<?> logic(Node.Logic node, Operand<?> left, Operand<?> right) {
    return node.all()
        ? tf.math.logicalAnd(answer(left), answer(right))
        : tf.math.logicalOr(answer(left), answer(right));
  }

  @Override
  public Operand<?> scan(Node.Scan node, Operand<?> addend, Operand<?> coefficient) {
    return orders.scan(number(addend), number(coefficient), node.direction());
  }

  @Override
  public Operand<?> sumByKey(Node.SumByKey node, Operand<?> of, Operand<?> key) {
    return node.level() == Level.Name.VOCABULARY
        ? orders.sumByKeyOfRows(number(of), number(key), node.cumulative())
        : orders.sumByKey(number(of), number(key), node.level(), node.within(), node.cumulative());
  }

  @Override
  public Operand<?> permute(Node.Permute node, Operand<?> of, Operand<?> key) {
    return node.level() == Level.Name.VOCABULARY
        ? orders.permuteRows(number(of), number(key), node.inverse())
        : orders.permute(number(of), number(key), node.level(), node.within(), node.inverse());
  }

  @Override
  public Operand<?> clip(Node.Clip node, Operand<?> of, Operand<?> low, Operand<?> high) {
    return tf.math.maximum(tf.math.minimum(number(of), number(high)), number(low));
  }

  @Override
  public Operand<?> select(Node.Select node, Operand<?> when, Operand<?> left, Operand<?> right) {
    return tf.select(answer(when), number(left), number(right));
  }

  @Override
  public Operand<?> reduce(Node.Reduce node, Operand<?> of, Option<Operand<?>> where) {
    return segments.reduce(
        node.op(),
        number(of),
        node.of().level(),
        node.to(),
        node.ddof(),
        where.map(TensorFlowGraph::answer));
  }

  @Override
  public Operand<?> count(Node.Count node, Option<Operand<?>> where) {
    return segments.count(node.from(), node.to(), where.map(TensorFlowGraph::answer));
  }

  @Override
  public Operand<?> rank(Node.Rank node, Operand<?> of, Option<Operand<?>> where) {
    Option<Operand<TBool>> counts = where.map(TensorFlowGraph::answer);
    return node.level() == Level.Name.VOCABULARY
        ? orders.rankOfRows(number(of), counts)
        : orders.rank(number(of), node.level(), node.within(), counts);
  }

  @Override
  public Operand<?> quantile(
      Node.Quantile node, Operand<?> of, Operand<?> fraction, Option<Operand<?>> where) {
    return orders.quantile(
        number(of),
        number(fraction),
        node.of().level(),
        node.to(),
        where.map(TensorFlowGraph::answer));
  }
}
