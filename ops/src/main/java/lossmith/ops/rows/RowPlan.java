package lossmith.ops.rows;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Objects;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.sweep.EntryGradient;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;

/**
 * The functions of a chunk of rows: first the numbers of each row, in one function over the whole
 * rows; then, where a gradient is wanted, its entries from those numbers, in another, which may be
 * called for a part of the vocabulary at a time. XLA compiles each.
 */
public final class RowPlan implements AutoCloseable {
  /** The output that is dL/dz, an entry of the vocabulary each. */
  static final String GRADIENT = "gradient";

  private final Map<String, Node> statistics;
  private final RowFunction numbers;
  private final Map<Integer, RowFunction> entries;

  /**
   * A plan.
   *
   * @param rows the whole rows that the numbers are computed of at a time
   * @param chunk the rows that the gradient is written for at a time
   * @param statistics what comes out per row, by name
   * @param gradient what comes out per entry, if it is wanted
   * @param widths for how many entries of the vocabulary it can be asked at a time
   */
  public RowPlan(
      RowShape rows,
      RowShape chunk,
      Map<String, Node> statistics,
      Option<EntryGradient> gradient,
      Set<Integer> widths) {
    this.statistics = statistics;
    this.entries =
        gradient
            .map(
                split ->
                    widths.toMap(
                        width -> width,
                        width ->
                            RowFunction.entries(
                                chunk.of(width), LinkedHashMap.of(GRADIENT, split.entries()))))
            .getOrElse(HashMap.empty());
    Set<String> normalisers =
        entries
            .values()
            .flatMap(function -> function.inputs().keySet())
            .toLinkedSet()
            .filter(SoftmaxConstants::isColumn);
    Map<String, Node> needed =
        gradient.map(EntryGradient::numbers).getOrElse(LinkedHashMap.empty());
    this.numbers =
        new RowFunction(
            rows, statistics.merge(needed), Option.none(), SoftmaxConstants.COMPUTED, normalisers);
  }

  /** What the numbers of the rows are computed from, by name, and its level. */
  public Map<String, Level.Name> inputs() {
    return numbers.inputs();
  }

  /** What the entries are computed from, besides numbers of the rows. */
  public Map<String, Level.Name> entryInputs() {
    return entries
        .values()
        .foldLeft(LinkedHashMap.<String, Level.Name>empty(), (all, f) -> all.merge(f.inputs()))
        .filterKeys(name -> !made().contains(name));
  }

  /** The names of the numbers of the rows that the entries are computed from. */
  public Set<String> made() {
    return numbers.outputs().keySet().removeAll(statistics.keySet());
  }

  /** The numbers of the rows in a graph, by name. */
  public java.util.Map<String, Operand<?>> numbers(
      Ops tf, java.util.Map<String, Operand<?>> given) {
    return numbers.call(tf, own(numbers, given));
  }

  /** The gradient at this many entries, from what is given and the numbers of the rows. */
  public Operand<?> entries(Ops tf, int width, java.util.Map<String, Operand<?>> given) {
    RowFunction function = entries.get(width).get();
    return Objects.requireNonNull(function.call(tf, own(function, given)).get(GRADIENT));
  }

  private static java.util.Map<String, Operand<?>> own(
      RowFunction function, java.util.Map<String, Operand<?>> given) {
    return function.inputs().keySet().toLinkedMap(name -> name, given::get).toJavaMap();
  }

  @Override
  public void close() {
    numbers.close();
    entries.values().forEach(RowFunction::close);
  }
}
