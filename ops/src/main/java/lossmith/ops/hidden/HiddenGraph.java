package lossmith.ops.hidden;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import lossmith.dsl.Level;
import lossmith.dsl.bind.BoundLoss;
import lossmith.ops.graph.RaggedIndex;
import lossmith.ops.rows.RowPlan;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * The graph of a pass over hidden states. A first run makes the logits of a chunk and the numbers
 * of its rows; then each block of the vocabulary is a run that is given both again, and makes its
 * part of the gradients.
 *
 * <p>Logits are {@code [vocabulary, rows]}: so each block of a chunk lies in one piece, and the
 * product that makes them is the quickest.
 */
final class HiddenGraph<T extends TNumber> {
  static final String HIDDEN = "hidden.";
  static final String WEIGHT = "weight.";
  static final String BIAS = "bias.";
  static final String LOGITS = "logits.";
  static final String GRID = "grid.";
  static final String COLUMN = "column.";
  static final String NUMBER = "number.";
  static final String VALID = "valid";
  static final String BEGIN = "begin";
  static final String HIDDEN_GRADIENT = "hidden_gradient.";
  static final String WEIGHT_GRADIENT = "weight_gradient.";
  static final String BIAS_GRADIENT = "bias_gradient.";

  private final Ops tf;
  private final Class<T> type;
  private final HiddenShape shape;
  private final java.util.Map<String, Operand<?>> given = new HashMap<>();
  private final java.util.Map<String, Operand<? extends TNumber>> fed = new HashMap<>();
  private Map<String, Integer> grids = LinkedHashMap.empty();
  private Map<String, Integer> columns = LinkedHashMap.empty();
  private Map<String, Level.Name> levels = LinkedHashMap.empty();

  HiddenGraph(Ops tf, Class<T> type, HiddenShape shape) {
    this.tf = tf;
    this.type = type;
    this.shape = shape;
  }

  /** Grids that are fed as they are, by their place. */
  Map<String, Integer> grids() {
    return grids;
  }

  /** Columns, parameters and the sampled entries, by their place. */
  Map<String, Integer> columns() {
    return columns;
  }

  /** The whole graph of a plan. */
  void build(RowPlan plan, Seq<String> numbers, boolean gradient) {
    for (int layer = 0; layer < shape.grids().size(); layer++) {
      given.put(HiddenShape.logits(layer), logits(layer));
    }
    Map<String, Level.Name> inputs = plan.inputs();
    (gradient ? inputs.merge(plan.entryInputs()) : inputs)
        .filterKeys(name -> !given.containsKey(name))
        .forEach(this::input);
    numbers(plan, numbers);
    if (gradient) {
      Operand<TInt32> begin =
          tf.withName(BEGIN).placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
      Operand<T> valid =
          tf.withName(VALID).placeholder(type, Placeholder.shape(Shape.of(shape.rows(), 1)));
      shape.widths().forEach(width -> block(plan, width, begin, valid));
    }
  }

  /** The numbers of all rows, a part of the chunk after the other. */
  private void numbers(RowPlan plan, Seq<String> numbers) {
    java.util.Map<String, List<Operand<?>>> parts = new HashMap<>();
    int rows = shape.partRows();
    Op before = Objects.requireNonNull(given.get(HiddenShape.logits(0)));
    for (int start = 0; start < shape.rows(); start += rows) {
      Ops then = tf.withControlDependencies(List.of(before));
      java.util.Map<String, Operand<?>> part = new HashMap<>();
      for (String name : plan.inputs().keySet()) {
        part.put(name, part(then, name, start, rows));
      }
      java.util.Map<String, Operand<?>> found = plan.numbers(tf, part);
      numbers.forEach(
          name -> parts.computeIfAbsent(name, n -> new ArrayList<>()).add(found.get(name)));
      before = found.isEmpty() ? before : found.values().iterator().next();
    }
    for (var number : numbers.zipWithIndex()) {
      Operand<T> whole = joined(Objects.requireNonNull(parts.get(number._1)));
      given.put(number._1, tf.withName(NUMBER + number._2).identity(whole));
    }
  }

  @SuppressWarnings("unchecked") // numbers are of this type
  private Operand<T> joined(List<Operand<?>> parts) {
    List<Operand<T>> all = parts.stream().map(part -> (Operand<T>) part).toList();
    return all.size() == 1 ? all.get(0) : tf.concat(all, tf.constant(0));
  }

  /** What a part of the chunk reads of an input: its rows, a matrix upright. */
  @SuppressWarnings("unchecked") // matrices are of this type
  private Operand<?> part(Ops at, String name, int start, int rows) {
    Operand<? extends TType> x = (Operand<? extends TType>) Objects.requireNonNull(given.get(name));
    if (isMatrix(name)) {
      int[] size = {shape.head().vocabulary(), rows};
      Operand<T> part =
          at.slice((Operand<T>) x, at.constant(new int[] {0, start}), at.constant(size));
      return at.linalg.transpose(part, at.constant(new int[] {1, 0}));
    }
    return !rowInput(name)
        ? x
        : at.slice(x, at.constant(new int[] {start}), at.constant(new int[] {rows}));
  }

  private boolean rowInput(String name) {
    return levels.get(name).contains(Level.Name.TOKEN);
  }

  @SuppressWarnings("unchecked") // a cast to what it is
  private Operand<T> wide(Ops at, Operand<? extends TNumber> x) {
    return shape.precision().narrow() ? at.dtypes.cast(x, type) : (Operand<T>) x;
  }

  private Operand<? extends TNumber> matrix(String name, long rows) {
    Operand<? extends TNumber> matrix =
        tf.withName(name)
            .placeholder(shape.precision().matrices(), Placeholder.shape(Shape.of(rows, -1)));
    fed.put(name, matrix);
    return matrix;
  }

  private Operand<T> transposed(Operand<T> x) {
    return tf.linalg.transpose(x, tf.constant(new int[] {1, 0}));
  }

  private <U extends TType> Operand<U> from(
      Ops at, Operand<U> x, Operand<TInt32> begin, int count) {
    Operand<TInt32> corner = at.stack(List.of(begin, at.constant(0)));
    return at.slice(x, corner, at.constant(new int[] {count, -1}));
  }

  private Operand<T> logits(int layer) {
    Operand<T> hidden = transposed(wide(tf, matrix(HIDDEN + layer, shape.rows())));
    Operand<? extends TNumber> weight = matrix(WEIGHT + layer, shape.head().vocabulary());
    Operand<T> product =
        shape.precision().narrow()
            ? inBlocks(weight, hidden)
            : tf.linalg.matMul(wide(tf, weight), hidden);
    Operand<T> logits = product;
    if (layer == 0 && shape.head().bias()) {
      Operand<? extends TNumber> bias = matrix(BIAS + layer, 1);
      logits = tf.math.add(product, transposed(wide(tf, bias)));
    }
    return tf.withName(LOGITS + layer).identity(logits);
  }

  /** Narrow weights are widened a block at a time, one after the other. */
  private Operand<T> inBlocks(Operand<? extends TNumber> weight, Operand<T> hidden) {
    List<Operand<T>> blocks = new ArrayList<>();
    Op before = hidden;
    for (int at = 0; at < shape.head().vocabulary(); at += shape.block()) {
      int count = Math.min(shape.block(), shape.head().vocabulary() - at);
      Ops next = tf.withControlDependencies(List.of(before));
      Operand<T> block = wide(next, from(next, weight, next.constant(at), count));
      Operand<T> product = tf.linalg.matMul(block, hidden);
      blocks.add(product);
      before = product;
    }
    return blocks.size() == 1 ? blocks.get(0) : tf.concat(blocks, tf.constant(0));
  }

  private void input(String name, Level.Name level) {
    if (level == Level.Name.VOCABULARY) {
      Operand<? extends TNumber> grid = matrix(GRID + grids.size(), shape.rows());
      grids = grids.put(name, grids.size());
      given.put(name, transposed(wide(tf, grid)));
      return;
    }
    Ops named = tf.withName(COLUMN + columns.size());
    columns = columns.put(name, columns.size());
    levels = levels.put(name, level);
    var dimensions = Placeholder.shape(shape.chunk().of(level));
    given.put(
        name,
        name.equals(RaggedIndex.SAMPLED)
            ? named.placeholder(TInt32.class, dimensions)
            : named.placeholder(type, dimensions));
  }

  @SuppressWarnings("unchecked") // number inputs are of this type
  private void block(RowPlan plan, int width, Operand<TInt32> begin, Operand<T> valid) {
    java.util.Map<String, Operand<?>> part = new HashMap<>(given);
    part.replaceAll((name, x) -> isMatrix(name) ? from(tf, (Operand<T>) x, begin, width) : x);
    part.computeIfPresent(
        RaggedIndex.SAMPLED, (name, x) -> tf.math.sub((Operand<TInt32>) x, begin));
    Operand<T> gradient = (Operand<T>) plan.entries(tf, width, part);
    Operand<T> hidden = wide(tf, Objects.requireNonNull(fed.get(HIDDEN + 0)));
    Operand<T> weight =
        wide(tf, from(tf, Objects.requireNonNull(fed.get(WEIGHT + 0)), begin, width));
    Operand<T> up = tf.linalg.matMul(gradient, weight, MatMul.transposeA(true));
    Operand<?> unused = tf.withName(HIDDEN_GRADIENT + width).identity(up);
    Ops then = tf.withControlDependencies(List.of(up));
    unused = tf.withName(WEIGHT_GRADIENT + width).identity(then.linalg.matMul(gradient, hidden));
    if (shape.head().bias()) {
      Operand<T> row = transposed(tf.linalg.matMul(gradient, valid));
      unused = tf.withName(BIAS_GRADIENT + width).identity(row);
    }
  }

  private boolean isMatrix(String name) {
    return grids.containsKey(name) || name.startsWith(BoundLoss.LOGITS);
  }
}
