package lossmith.ops;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Exact accumulation: a batch that comes in micro-batches or shards has the value, the metrics and
 * the gradient of the whole, whatever the loss divides by, selects or normalises with, and however
 * the batch is cut.
 *
 * <p>Each piece is read as often as the whole would be. In between, what the pieces found is joined
 * ({@link Partial#and}): a few numbers per token, never logits.
 *
 * <pre>{@code
 * Partial whole = pieces.map(p -> Partial.of(p.samples(), p.groups())).reduce(Partial::and);
 * Window window = loss.window(whole, values);
 * for (int pass = 0; pass < window.passes(); pass++) {
 *   Partial before = whole;
 *   whole = pieces.map(p -> window.read(pass, before, p.part(), p.policy())).reduce(Partial::and);
 * }
 * Window.Closed closed = window.close(whole);
 * pieces.forEach(p -> closed.gradient(p.samples(), p.policy()));
 * }</pre>
 */
public final class Window {
  private final FusedLoss loss;
  private final LossPasses passes;
  private final Set<String> choice;
  private final Map<String, Double> values;
  private final AtomicReference<@Nullable Carried> last = new AtomicReference<>();

  /** What the passes over all pieces read besides the rows: found once, not once a piece. */
  private record Carried(int passes, Partial whole, Map<String, double[]> columns) {}

  Window(FusedLoss loss, LossPasses passes, Set<String> choice, Map<String, Double> values) {
    this.loss = loss;
    this.passes = passes;
    this.choice = choice;
    this.values = values;
  }

  /** {@return how often every piece is read before the batch can be closed} */
  public int passes() {
    return passes.passes();
  }

  /**
   * {@return what a piece knows after a pass; where the loss needs no more than one, its gradient
   * is written already}
   *
   * @param pass from 0, below {@link #passes()}
   * @param whole what all pieces knew before this pass
   * @param piece what this piece knew before this pass
   * @param policy one row per token of the piece; gradients of weight and bias are added to what is
   *     there
   */
  public Partial read(int pass, Partial whole, Partial piece, Policy policy) {
    if (pass < 0 || pass >= passes()) {
      throw Problem.of(
              "pass",
              "read(" + pass + ", …)",
              "a pass from 0 to " + (passes() - 1),
              "for (int pass = 0; pass < window.passes(); pass++)")
          .exception();
    }
    Samples samples = piece.piece();
    check(whole);
    check(samples, policy);
    Map<String, double[]> carried = at(whole.tokens(samples), carried(pass + 1, whole));
    return passes
        .run(pass, samples, policy, carried, values)
        .foldLeft(piece, (all, column) -> all.with(column._1, column._2));
  }

  /**
   * {@return the batch, all of its pieces read}
   *
   * @param whole what all pieces know after the last pass
   */
  public Closed close(Partial whole) {
    check(whole);
    return new Closed(whole, passes.rest(whole.samples(), carried(passes(), whole), values));
  }

  /** Refuses a piece that does not fit, or that has other optional columns than the window. */
  private void check(Samples samples, Policy policy) {
    Problem.throwAll(
        others("a piece", loss.choice(samples, policy))
            .appendAll(loss.misfits(passes, samples, policy)));
  }

  /** The same of all pieces joined. */
  private void check(Partial whole) {
    Problem.throwAll(
        others("a whole", loss.choice(whole)).appendAll(passes.columns(whole.piece())));
  }

  private Seq<Problem> others(String part, Set<String> own) {
    return own.diff(choice)
        .toList()
        .map(name -> other(name, part + " with ", "without"))
        .appendAll(choice.diff(own).toList().map(name -> other(name, part + " without ", "with")));
  }

  private static Problem other(String column, String part, String window) {
    return Problem.of(
        "column",
        part + column + " in a window " + window + " it",
        "the same columns in each piece",
        "loss.window(whole, …) with " + column + " in all pieces or in none");
  }

  private Map<String, double[]> carried(int count, Partial whole) {
    Carried known = last.get();
    if (known == null || known.passes != count || known.whole != whole) {
      known = new Carried(count, whole, passes.carriedBefore(count, whole.samples(), values));
      last.set(known);
    }
    return known.columns;
  }

  private static Map<String, double[]> at(int[] tokens, Map<String, double[]> columns) {
    return columns.mapValues(all -> Arrays.stream(tokens).mapToDouble(t -> all[t]).toArray());
  }

  /** A batch whose pieces were all read. */
  public final class Closed {
    private final Partial whole;
    private final LossPasses.Rest rest;

    private Closed(Partial whole, LossPasses.Rest rest) {
      this.whole = whole;
      this.rest = rest;
    }

    /** {@return value, parts and metrics of the whole batch} */
    public Evaluation evaluation() {
      return rest.evaluation();
    }

    /**
     * Writes a piece's part of the gradient to the matrices that its policy names.
     *
     * @param samples the piece
     * @param policy one row per token of the piece, as it was read
     */
    public void gradient(Samples samples, Policy policy) {
      check(samples, policy);
      if (!passes.oneSweep()) {
        passes.run(passes(), samples, policy, at(whole.tokens(samples), rest.carried()), values);
      }
    }
  }
}
