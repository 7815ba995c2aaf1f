package lossmith.ops.rows;

import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lossmith.dsl.Algebra;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.ReduceOp;
import lossmith.ops.graph.ElementwiseOps;
import lossmith.ops.graph.RaggedIndex;
import lossmith.ops.graph.RowOrders;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * The meaning of a node on a fixed number of rows of the logits: a matrix at the vocabulary, a
 * vector at the token. All shapes are constants, so that XLA compiles the whole once. The
 * vocabulary runs along the second axis, or along the first where the logits come transposed out of
 * a matrix product.
 *
 * <p>Long because a meaning has one method for each kind of node.
 */
final class RowGraph<T extends TNumber> implements Algebra<Operand<?>> {
  private final Ops tf;
  private final Class<T> type;
  private final RowShape at;
  private final int rows;
  private final int width;
  private final int axis;
  private final ElementwiseOps<T> elementwise;
  private final VocabularySums<T> lanes;
  private final RowOrders orders;
  private final Map<String, RowSoftmax<T>> softmaxes = new LinkedHashMap<>();
  private final Map<String, Operand<?>> inputs = new LinkedHashMap<>();
  private final Map<String, Level.Name> levels = new LinkedHashMap<>();
  private final Map<String, Operand<?>> made = new LinkedHashMap<>();

  /**
   * The algebra of one graph.
   *
   * @param normaliser where max and mass of the rows come from
   */
  RowGraph(Ops tf, Class<T> type, RowShape at, SoftmaxConstants normaliser) {
    this.tf = tf;
    this.type = type;
    this.at = at;
    this.rows = at.rows();
    this.width = at.width();
    this.axis = at.axis();
    this.elementwise = new ElementwiseOps<>(tf, type, at.saturation());
    this.lanes = new VocabularySums<>(tf, type, at);
    this.orders = new RowOrders(tf);
    at.softmaxes()
        .forEach(
            (grid, logits) ->
                softmaxes.put(
                    grid, new RowSoftmax<>(tf, lanes, grid, logits, normaliser, this::given)));
  }

  /** What has to be given, by name: grids, columns, parameters and {@link RaggedIndex#SAMPLED}. */
  Map<String, Operand<?>> inputs() {
    return inputs;
  }

  /** At what level each of them is. */
  Map<String, Level.Name> levels() {
    return levels;
  }

  @SuppressWarnings("unchecked") // Nodes checks that numbers meet numbers
  private Operand<T> number(Operand<?> x) {
    return (Operand<T>) x;
  }

  @SuppressWarnings("unchecked") // Nodes checks that answers meet answers
  private static Operand<TBool> answer(Operand<?> x) {
    return (Operand<TBool>) x;
  }

  private Operand<TInt64> matrix() {
    return tf.constant(at.of(Level.Name.VOCABULARY));
  }

  /** From here on a column of this name is not an input but this value. */
  void made(String name, Operand<?> value) {
    made.put(name, value);
  }

  private Operand<T> given(String name, Level.Name level) {
    Operand<?> known = made.get(name);
    if (known != null) {
      return number(known);
    }
    levels.put(name, level);
    Operand<?> input = inputs.computeIfAbsent(name, n -> at.placeholder(tf, n, level));
    return at.typeOf(level) == type ? number(input) : tf.dtypes.cast(number(input), type);
  }

  @SuppressWarnings("unchecked") // it is made here
  private Operand<TInt32> token() {
    levels.put(RaggedIndex.SAMPLED, Level.Name.TOKEN);
    return (Operand<TInt32>)
        inputs.computeIfAbsent(
            RaggedIndex.SAMPLED, name -> at.placeholder(tf, name, Level.Name.TOKEN));
  }

  /** The softmax behind a grid of log-probabilities, none where they are given as they are. */
  private Option<RowSoftmax<T>> softmax(Node node) {
    return node instanceof Node.Input input && input.level() == Level.Name.VOCABULARY
        ? Option.of(softmaxes.get(input.name()))
        : Option.none();
  }

  RowSoftmax<T> softmax(String grid) {
    return Option.of(softmaxes.get(grid)).get();
  }

  /** A node's whole value, in the type it leaves in. */
  Operand<? extends TNumber> output(Operand<?> value, Level.Name level) {
    Operand<T> whole = tf.broadcastTo(number(value), tf.constant(at.of(level)));
    return at.typeOf(level) == type ? whole : tf.dtypes.cast(whole, at.typeOf(level));
  }

  @Override
  public Operand<?> input(Node.Input node) {
    return softmax(node).map(of -> of.logPi()).getOrElse(() -> given(node.name(), node.level()));
  }

  @Override
  public Operand<?> sampled(Node.Sampled node) {
    Operand<TInt32> entries = tf.range(tf.constant(0), tf.constant(width), tf.constant(1));
    return tf.math.equal(
        tf.expandDims(token(), tf.constant(axis)), tf.expandDims(entries, tf.constant(1 - axis)));
  }

  @Override
  public Operand<?> constant(Node.Constant node) {
    return same(elementwise.number(node.value()), node.level());
  }

  @Override
  public Operand<?> truth(Node.Truth node) {
    return same(tf.constant(node.value()), node.level());
  }

  /** A matrix of one number stays that number: as a constant it would be written down whole. */
  private <U extends TType> Operand<U> same(Operand<U> one, Level.Name level) {
    return level == Level.Name.VOCABULARY ? one : tf.broadcastTo(one, tf.constant(at.of(level)));
  }

  @Override
  public Operand<?> parameter(Node.ParameterValue node) {
    return given(node.name(), Level.Name.BATCH);
  }

  @Override
  public Operand<?> uniform(Node.Uniform node, Operand<?> seed, Operand<?> step) {
    throw beyond("a random number");
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
    return of;
  }

  @Override
  public Operand<?> broadcast(Node.Broadcast node, Operand<?> of) {
    boolean token = node.of().level() == Level.Name.TOKEN;
    if (!node.condition()) {
      return token ? lanes.across(number(of)) : of;
    }
    Operand<TBool> yes = answer(of);
    return token ? tf.expandDims(yes, tf.constant(axis)) : yes;
  }

  @Override
  public Operand<?> neighbour(Node.Neighbour node, Operand<?> of) {
    throw beyond("a neighbouring token");
  }

  @Override
  public Operand<?> gather(Node.Gather node, Operand<?> of) {
    Operand<TInt32> row = tf.range(tf.constant(0), tf.constant(rows), tf.constant(1));
    var entry = axis == 1 ? List.of(row, token()) : List.of(token(), row);
    Operand<TInt32> index = tf.stack(entry, Stack.axis(1L));
    return softmax(node.of())
        .map(found -> found.logPi(logits -> tf.gatherNd(logits, index)))
        .getOrElse(() -> tf.gatherNd(tf.broadcastTo(number(of), matrix()), index));
  }

  @Override
  public Operand<?> binary(Node.Binary node, Operand<?> left, Operand<?> right) {
    boolean number =
        node.right() instanceof Node.Broadcast || node.right() instanceof Node.Constant;
    return softmax(node.left())
        .filter(of -> node.op() == BinaryOp.PROB_TIMES)
        .map(of -> number ? of.underPi(number(right)) : of.guardedUnderPi(number(right)))
        .getOrElse(() -> elementwise.of(node.op(), number(left), number(right)));
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
    throw beyond("a recurrence along tokens");
  }

  @Override
  public Operand<?> sumByKey(Node.SumByKey node, Operand<?> of, Operand<?> key) {
    Operand<T> x = upright(tf.broadcastTo(number(of), matrix()));
    return upright(orders.sumByKey(x, keys(key), tf.constant(width), node.cumulative(), type));
  }

  @Override
  public Operand<?> permute(Node.Permute node, Operand<?> of, Operand<?> key) {
    Operand<T> x = upright(tf.broadcastTo(number(of), matrix()));
    return upright(orders.permuted(x, keys(key), tf.constant(width), node.inverse()));
  }

  private Operand<T> keys(Operand<?> key) {
    return upright(tf.broadcastTo(number(key), matrix()));
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
    Operand<T> x = tf.broadcastTo(number(of), matrix());
    Option<Operand<TBool>> counts = where.map(w -> tf.broadcastTo(answer(w), matrix()));
    Option<RowSoftmax<T>> ordered = where.isEmpty() ? negentropy(node) : Option.none();
    if (ordered.isDefined()) {
      return ordered.get().negentropy();
    }
    return switch (node.op()) {
      case SUM -> lanes.sum(kept(x, counts, 0));
      case MEAN -> tf.math.div(lanes.sum(kept(x, counts, 0)), atLeastOne(members(counts)));
      case STD -> std(x, counts, node.ddof());
      case MAX -> largest(x, counts);
      case MIN -> tf.math.neg(largest(tf.math.neg(x), counts));
      case ULP -> ulp(x, counts);
    };
  }

  /** The softmax of which a sum is Σ π log π. */
  private Option<RowSoftmax<T>> negentropy(Node.Reduce node) {
    return node.op() == ReduceOp.SUM
            && node.of() instanceof Node.Binary of
            && of.op() == BinaryOp.PROB_TIMES
            && of.left().equals(of.right())
        ? softmax(of.left())
        : Option.none();
  }

  private Operand<T> kept(Operand<T> x, Option<Operand<TBool>> where, double otherwise) {
    return where.map(w -> (Operand<T>) tf.select(w, x, elementwise.number(otherwise))).getOrElse(x);
  }

  private Operand<T> members(Option<Operand<TBool>> where) {
    Operand<T> ones = tf.broadcastTo(elementwise.number(1), matrix());
    return where.isEmpty()
        ? tf.broadcastTo(elementwise.number(width), tf.constant(Shape.of(rows)))
        : lanes.sum(kept(ones, where, 0));
  }

  private Operand<T> atLeastOne(Operand<T> n) {
    return tf.math.maximum(n, elementwise.number(1));
  }

  private Operand<T> std(Operand<T> x, Option<Operand<TBool>> where, int ddof) {
    Operand<T> n = members(where);
    Operand<T> mean = tf.math.div(lanes.sum(kept(x, where, 0)), atLeastOne(n));
    Operand<T> apart = tf.math.sub(x, lanes.across(mean));
    Operand<T> farthest = largest(tf.math.abs(apart), where);
    Operand<TBool> any = tf.math.greater(farthest, elementwise.number(0));
    Operand<T> unit = tf.select(any, farthest, tf.onesLike(farthest));
    Operand<T> parts = tf.math.div(apart, lanes.across(unit));
    Operand<T> squares = lanes.sum(kept(tf.math.square(parts), where, 0));
    Operand<T> free = tf.math.sub(n, elementwise.number(ddof));
    Operand<T> variance = tf.math.div(squares, atLeastOne(free));
    Operand<T> least = tf.math.neg(largest(tf.math.neg(x), where));
    Operand<TBool> defined =
        tf.math.logicalAnd(
            tf.math.greater(free, elementwise.number(0)),
            tf.math.greater(largest(x, where), least));
    Operand<T> std = tf.math.mul(farthest, tf.math.sqrt(variance));
    return tf.select(defined, std, tf.zerosLike(variance));
  }

  private Operand<T> ulp(Operand<T> x, Option<Operand<TBool>> where) {
    Operand<T> largest = largest(tf.math.abs(x), where);
    Operand<T> narrow = tf.math.mul(largest, elementwise.number(0x1p-23));
    if (type != TFloat64.class) {
      return narrow;
    }
    Operand<T> rounded = tf.dtypes.cast(tf.dtypes.cast(x, TFloat32.class), type);
    Operand<TBool> single = none(tf.math.notEqual(rounded, x), where);
    Operand<TBool> whole = none(tf.math.notEqual(tf.math.floor(x), x), where);
    Operand<T> wide = tf.math.mul(largest, elementwise.number(0x1p-52));
    return tf.select(tf.math.logicalAnd(single, tf.math.logicalNot(whole)), narrow, wide);
  }

  private Operand<TBool> none(Operand<TBool> answers, Option<Operand<TBool>> where) {
    Operand<T> yes = lanes.sum(kept(tf.dtypes.cast(answers, type), where, 0));
    return tf.math.equal(yes, elementwise.number(0));
  }

  private Operand<T> largest(Operand<T> x, Option<Operand<TBool>> where) {
    Operand<T> most = lanes.largest(kept(x, where, Double.NEGATIVE_INFINITY));
    Operand<TBool> some = tf.math.greater(members(where), elementwise.number(0));
    return tf.select(some, most, tf.zerosLike(most));
  }

  @Override
  public Operand<?> count(Node.Count node, Option<Operand<?>> where) {
    return members(where.map(w -> tf.broadcastTo(answer(w), matrix())));
  }

  @Override
  public Operand<?> rank(Node.Rank node, Operand<?> of, Option<Operand<?>> where) {
    Operand<T> x = tf.broadcastTo(orders.keys(number(of)), matrix());
    Option<Operand<TBool>> counts = where.map(w -> tf.broadcastTo(answer(w), matrix()));
    Operand<T> keys = upright(kept(x, counts, Double.NEGATIVE_INFINITY));
    Operand<T> place = upright(tf.dtypes.cast(orders.places(keys, tf.constant(width)), type));
    return counts
        .map(w -> (Operand<T>) tf.select(w, place, lanes.across(members(counts))))
        .getOrElse(place);
  }

  /** The matrix with the vocabulary along the second axis, or back. */
  private Operand<T> upright(Operand<T> x) {
    return axis == 1 ? x : tf.linalg.transpose(x, tf.constant(new int[] {1, 0}));
  }

  @Override
  public Operand<?> quantile(
      Node.Quantile node, Operand<?> of, Operand<?> fraction, Option<Operand<?>> where) {
    throw beyond("a quantile over the vocabulary");
  }

  private static RuntimeException beyond(String what) {
    return Problem.of(
            "fused",
            what + " inside a statistic over the vocabulary",
            "arithmetic, conditions, reductions, ranks, orders and cumulative sums of log π",
            "the surface of logits without chunks")
        .exception();
  }
}
