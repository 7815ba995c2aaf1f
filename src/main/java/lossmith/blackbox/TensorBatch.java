package lossmith.blackbox;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/**
 * A batch as trainers have it: rows of one width, of which a mask says what counts. Immutable by
 * convention: who changes an array copies it.
 *
 * @param rows the responses
 * @param width the slots of a row
 * @param mask 1 for each slot that counts, 0 for each other
 * @param group which prompt each row answers, from 0
 * @param slots the numbers per slot, by column
 * @param responses the numbers per row, by column
 * @param wholeTokens how many tokens the whole batch has, of which this may be a part
 * @param wholeRows how many rows the whole batch has
 */
@SuppressWarnings("ArrayRecordComponent") // who changes an array copies it
public record TensorBatch(
    int rows,
    int width,
    double[] mask,
    int[] group,
    Map<String, double[]> slots,
    Map<String, double[]> responses,
    int wholeTokens,
    int wholeRows) {
  /** What multiplies the score of a token: the same for all tokens of a response. */
  public static final String ADVANTAGE = "advantage";

  /** Which prompt a response answers. */
  public static final String GROUP = "group";

  /** How many tokens the whole batch has. */
  public static final String BATCH_TOKENS = "batch_tokens";

  /** How many responses the whole batch has. */
  public static final String BATCH_RESPONSES = "batch_responses";

  /**
   * What of a response counts beside the slots that it has: all of it, where nothing else is said.
   */
  public static final Seq<String> MASKS = List.of("loss_mask", "token_mask");

  /** What a value was when the batch was sampled. */
  public static final String OLD_VALUE = "old_value";

  /** What a value is to be. */
  public static final String RETURN = "return";

  /** What a slot has that does not count. */
  private static final double PADDING = 0;

  /** How far columns are apart where no slot counts: a difference of two is not 0 there. */
  private static final double APART = 0.3;

  /**
   * {@return samples in rows, padded at the right}
   *
   * @param samples the data; an advantage per response is one per slot here
   * @param padding how many slots the longest row has beyond its tokens
   */
  public static TensorBatch of(Samples samples, int padding) {
    int[] lengths = samples.lengths();
    int width = Math.max(1, Arrays.stream(lengths).max().orElse(0) + padding);
    int rows = lengths.length;
    int[] slotOf = new int[samples.tokens()];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (int t = 0; t < lengths[row]; t++) {
        slotOf[at++] = row * width + t;
      }
    }
    double[] mask = new double[rows * width];
    Arrays.stream(slotOf).forEach(slot -> mask[slot] = 1);
    Map<String, double[]> slots = LinkedHashMap.empty();
    Map<String, double[]> responses = LinkedHashMap.empty();
    for (String name : samples.columns()) {
      double[] values = samples.column(name).get();
      Level.Name level = samples.level(name).get();
      if (level == Level.Name.TOKEN) {
        double[] all = new double[rows * width];
        Arrays.fill(all, PADDING);
        IntStream.range(0, slotOf.length).forEach(t -> all[slotOf[t]] = values[t]);
        slots = slots.put(name, all);
      } else if (level == Level.Name.SEQUENCE && name.equals(ADVANTAGE)) {
        slots = slots.put(name, filled(rows * width, i -> values[i / width]));
      } else if (level == Level.Name.SEQUENCE) {
        responses = responses.put(name, values);
      }
    }
    for (String other : MASKS) {
      slots = slots.put(other, mask.clone());
    }
    int[] group = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    return new TensorBatch(rows, width, mask, group, slots, responses, slotOf.length, rows);
  }

  private static double[] filled(int size, IntToDoubleFunction value) {
    return IntStream.range(0, size).mapToDouble(value).toArray();
  }

  /** {@return the slots of a column} */
  public double[] slots(String column) {
    return slots.get(column).get();
  }

  /** {@return how many slots there are} */
  public int size() {
    return rows * width;
  }

  /** {@return how many tokens a row has} */
  public int length(int row) {
    return (int)
        IntStream.range(row * width, (row + 1) * width).filter(slot -> mask[slot] == 1).count();
  }

  /** {@return how many tokens there are} */
  public int tokens() {
    return (int) Arrays.stream(mask).sum();
  }

  /** {@return how many prompts there are} */
  public int prompts() {
    return (int) Arrays.stream(group).distinct().count();
  }

  /** {@return the same with other numbers of a column, one per slot} */
  public TensorBatch with(String column, IntToDoubleFunction value) {
    return of(slots.put(column, filled(size(), value)), responses);
  }

  /** {@return the same with the numbers of another column} */
  public TensorBatch with(String column, String other) {
    return with(column, slot -> slots(other)[slot]);
  }

  /** {@return the same with other numbers of a column, one per row} */
  public TensorBatch withResponses(String column, IntToDoubleFunction value) {
    return of(slots, responses.put(column, filled(rows, value)));
  }

  private TensorBatch of(Map<String, double[]> tokens, Map<String, double[]> perRow) {
    return new TensorBatch(rows, width, mask, group, tokens, perRow, wholeTokens, wholeRows);
  }

  /**
   * {@return the same with these numbers, lower from column to column, in all slots that do not
   * count, but for the advantage of a response without tokens, which is a number of the response}
   */
  public TensorBatch masked(IntToDoubleFunction value) {
    Seq<String> names = slots.keySet().toList();
    return of(
        slots.map(
            (name, x) ->
                io.vavr.Tuple.of(
                    name,
                    filled(
                        size(),
                        i ->
                            mask[i] == 1 || (name.equals(ADVANTAGE) && i % width == 0)
                                ? x[i]
                                : value.applyAsDouble(i) - APART * names.indexOf(name)))),
        responses);
  }

  /** {@return the same on the policy itself: all that sampled have its log-probs} */
  public TensorBatch onPolicy() {
    TensorBatch batch = this;
    for (String other : List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB)) {
      batch = slots.containsKey(other) ? batch.with(other, Columns.LOG_PROB) : batch;
    }
    return batch;
  }

  /**
   * {@return the same slots in other places}
   *
   * @param from for each row and each slot of it where its numbers come from; below 0 for a slot
   *     that does not count
   * @param taken the rows, of which each row of {@code from} is one
   */
  public TensorBatch arranged(int[][] from, int[] taken) {
    return arranged(from, taken, false);
  }

  private TensorBatch arranged(int[][] from, int[] taken, boolean part) {
    int wide = from.length == 0 ? 1 : from[0].length;
    int[] flat = Arrays.stream(from).flatMapToInt(Arrays::stream).toArray();
    int[] groups = Arrays.stream(taken).map(row -> group[row]).toArray();
    return new TensorBatch(
        from.length,
        wide,
        filled(flat.length, i -> flat[i] < 0 ? 0 : mask[flat[i]]),
        groups,
        slots.map(
            (name, x) ->
                io.vavr.Tuple.of(
                    name,
                    filled(
                        flat.length,
                        i ->
                            flat[i] >= 0
                                ? x[flat[i]]
                                : name.equals(ADVANTAGE) ? x[taken[i / wide] * width] : PADDING))),
        responses.mapValues(x -> filled(taken.length, i -> x[taken[i]])),
        part ? wholeTokens : (int) Arrays.stream(flat).filter(i -> i >= 0 && mask[i] == 1).count(),
        part ? wholeRows : from.length);
  }

  /** {@return some rows, in the order given, of which the whole batch is still this one} */
  public TensorBatch rows(int... taken) {
    return arranged(places(taken), taken, true);
  }

  /** {@return the same with prompt g numbered {@code last} − g} */
  public TensorBatch renumbered(int last) {
    int[] groups = Arrays.stream(group).map(g -> last - g).toArray();
    return new TensorBatch(rows, width, mask, groups, slots, responses, wholeTokens, wholeRows);
  }

  /** {@return every prompt, and after them every one again as another prompt} */
  public TensorBatch twice() {
    int prompts = Arrays.stream(group).max().orElse(-1) + 1;
    int[] taken = IntStream.range(0, 2 * rows).map(row -> row % rows).toArray();
    TensorBatch both = arranged(places(taken), taken);
    int[] groups =
        IntStream.range(0, 2 * rows)
            .map(row -> group[row % rows] + (row < rows ? 0 : prompts))
            .toArray();
    return new TensorBatch(
        both.rows,
        width,
        both.mask,
        groups,
        both.slots,
        both.responses,
        both.wholeTokens,
        both.rows);
  }

  /** {@return where the slots of some rows are} */
  public int[][] places(int... taken) {
    return Arrays.stream(taken)
        .mapToObj(row -> IntStream.range(row * width, (row + 1) * width).toArray())
        .toArray(int[][]::new);
  }

  /** {@return the numbers of the rows} */
  public int[] all() {
    return IntStream.range(0, rows).toArray();
  }

  /** {@return the tokens that count, as samples} */
  public Samples samples() {
    int[] lengths = IntStream.range(0, rows).map(this::length).toArray();
    int[] kept = IntStream.range(0, size()).filter(slot -> mask[slot] == 1).toArray();
    int[] prompts = Arrays.stream(group).distinct().sorted().toArray();
    int[] groups = Arrays.stream(group).map(g -> Arrays.binarySearch(prompts, g)).toArray();
    SamplesBuilder built = new SamplesBuilder(lengths, groups);
    for (var column : slots) {
      if (!column._1.equals(Columns.POSITION)) {
        double[] values = Arrays.stream(kept).mapToDouble(i -> column._2[i]).toArray();
        built = built.column(column._1, Level.Name.TOKEN, values);
      }
    }
    for (var column : responses) {
      built = built.column(column._1, Level.Name.SEQUENCE, column._2);
    }
    return built
        .column(BATCH_TOKENS, Level.Name.BATCH, new double[] {wholeTokens})
        .column(BATCH_RESPONSES, Level.Name.BATCH, new double[] {wholeRows})
        .piece();
  }
}
