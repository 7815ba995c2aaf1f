package lossmith.ops;

import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
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
  private final Map<String, Double> values;
  private final AtomicReference<@Nullable Carried> last = new AtomicReference<>();

  /** What the passes over all pieces read besides the rows: found once, not once a piece. */
  private record Carried(int passes, Partial whole, Map<String, double[]> columns) {}

  Window(FusedLoss loss, Map<String, Double> values) {
    this.loss = loss;
    this.values = values;
  }

  /** {@return how often every piece is read before the batch can be closed} */
  public int passes() {
    return loss.passes();
  }

  /**
   * {@return what a piece knows after a pass; where the loss needs no more than one, its gradient
   * is written already}
   *
   * @param pass from 0
   * @param whole what all pieces knew before this pass
   * @param piece what this piece knew before this pass
   * @param policy one row per token of the piece; gradients of weight and bias are added to what is
   *     there
   */
  public Partial read(int pass, Partial whole, Partial piece, Policy policy) {
    Samples samples = piece.piece();
    loss.check(samples, policy);
    Map<String, double[]> carried = at(whole.tokens(samples), carried(pass + 1, whole));
    return loss.run(pass, samples, policy, carried, values)
        .foldLeft(piece, (all, column) -> all.with(column._1, column._2));
  }

  /**
   * {@return the batch, all of its pieces read}
   *
   * @param whole what all pieces know after the last pass
   */
  public Closed close(Partial whole) {
    return new Closed(whole, loss.rest(whole.samples(), carried(passes(), whole), values));
  }

  private Map<String, double[]> carried(int passes, Partial whole) {
    Carried known = last.get();
    if (known == null || known.passes != passes || known.whole != whole) {
      known = new Carried(passes, whole, loss.carriedBefore(passes, whole.samples(), values));
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
    private final FusedLoss.Rest rest;

    private Closed(Partial whole, FusedLoss.Rest rest) {
      this.whole = whole;
      this.rest = rest;
    }

    /** {@return value, parts and metrics of the whole batch} */
    public Evaluation evaluation() {
      return rest.evaluation();
    }

    /**
     * Leaves a piece's part of the gradient where its policy says.
     *
     * @param samples the piece
     * @param policy one row per token of the piece, as it was read
     */
    public void gradient(Samples samples, Policy policy) {
      loss.check(samples, policy);
      if (!loss.oneSweep()) {
        loss.run(passes(), samples, policy, at(whole.tokens(samples), rest.carried()), values);
      }
    }
  }
}
