package lossmith.conform.golden;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/**
 * A batch of responses padded to one width, as trainers hold it: which of its slots exist, and the
 * columns that are read at those slots. A row without any is an empty response. Immutable.
 */
public final class PaddedBatch {
  private final int width;
  private final int[][] slots;
  private final int[] groups;
  private final Map<String, NumberArray> tokens;
  private final Map<String, NumberArray> sequences;
  private final Map<String, NumberArray> grids;
  private final Option<NumberArray> sampled;

  private PaddedBatch(
      int width,
      int[][] slots,
      int[] groups,
      Map<String, NumberArray> tokens,
      Map<String, NumberArray> sequences,
      Map<String, NumberArray> grids,
      Option<NumberArray> sampled) {
    this.width = width;
    this.slots = slots;
    this.groups = groups;
    this.tokens = tokens;
    this.sequences = sequences;
    this.grids = grids;
    this.sampled = sampled;
  }

  /**
   * {@return a batch whose tokens are the slots where the mask is not 0, each response a group of
   * its own}
   *
   * @param mask 0 or 1 per response and slot
   */
  public static PaddedBatch masked(NumberArray mask) {
    if (mask.rank() != 2 || mask.length(1) == 0) {
      throw shape("mask", mask, "responses and slots");
    }
    Arrays.stream(mask.values())
        .filter(m -> m != 0 && m != 1)
        .findFirst()
        .ifPresent(
            m -> {
              throw Problem.of("mask", m + " in a mask", "0 or 1", "one of them").exception();
            });
    int width = mask.length(1);
    int[][] slots = new int[mask.length(0)][];
    Arrays.setAll(
        slots,
        row ->
            java.util.stream.IntStream.range(0, width)
                .filter(t -> mask.get(row * width + t) != 0)
                .toArray());
    int[] groups = new int[slots.length];
    Arrays.setAll(groups, row -> row);
    return new PaddedBatch(
        width,
        slots,
        groups,
        LinkedHashMap.empty(),
        LinkedHashMap.empty(),
        LinkedHashMap.empty(),
        Option.none());
  }

  /**
   * {@return a batch in which every slot is a token, for what a system computes at masked slots
   * too}
   */
  public static PaddedBatch whole(int rows, int width) {
    double[] ones = new double[rows * width];
    Arrays.fill(ones, 1);
    return masked(NumberArray.of(ones, rows, width));
  }

  /** {@return the same batch with every slot a token} */
  public PaddedBatch whole() {
    return new PaddedBatch(
        width, whole(slots.length, width).slots, groups, tokens, sequences, grids, sampled);
  }

  /** {@return the same batch with responses grouped by equal ids, in the order they are met} */
  public PaddedBatch grouped(NumberArray ids) {
    sized("group ids", ids, slots.length);
    double[] distinct = Arrays.stream(ids.values()).distinct().toArray();
    int[] index = new int[slots.length];
    Arrays.setAll(
        index,
        row -> {
          int group = 0;
          while (distinct[group] != ids.get(row)) {
            group++;
          }
          return group;
        });
    return new PaddedBatch(width, slots, index, tokens, sequences, grids, sampled);
  }

  /** {@return the same batch with a column of one number per response and slot} */
  public PaddedBatch tokens(String name, NumberArray array) {
    shaped(name, array, 2);
    return new PaddedBatch(
        width, slots, groups, tokens.put(name, array), sequences, grids, sampled);
  }

  /** {@return the same batch with a column of one number per response} */
  public PaddedBatch sequences(String name, NumberArray array) {
    sized(name, array, slots.length);
    return new PaddedBatch(
        width, slots, groups, tokens, sequences.put(name, array), grids, sampled);
  }

  /** {@return the same batch with one number per response, slot and vocabulary entry} */
  public PaddedBatch grid(String name, NumberArray array) {
    shaped(name, array, 3);
    if (array.length(2) == 0) {
      throw shape(name, array, "at least one vocabulary entry");
    }
    return new PaddedBatch(
        width, slots, groups, tokens, sequences, grids.put(name, array), sampled);
  }

  /** {@return the same batch with the sampled vocabulary entry of each slot} */
  public PaddedBatch sampled(NumberArray ids) {
    shaped("token ids", ids, 2);
    Arrays.stream(ids.values())
        .filter(id -> id != Math.rint(id))
        .findFirst()
        .ifPresent(
            id -> {
              throw Problem.of("tokens", "token id " + id, "a whole number", "one").exception();
            });
    return new PaddedBatch(width, slots, groups, tokens, sequences, grids, Option.some(ids));
  }

  /** Demands a number per response and slot, or more than one of rank 3. */
  private void shaped(String name, NumberArray array, int rank) {
    if (array.rank() != rank || array.length(0) != slots.length || array.length(1) != width) {
      throw shape(name, array, slots.length + " responses of " + width + " slots");
    }
  }

  private static void sized(String name, NumberArray array, int responses) {
    if (array.size() != responses) {
      throw shape(name, array, "a number for each of " + responses + " responses");
    }
  }

  private static RuntimeException shape(String name, NumberArray array, String expected) {
    return Problem.of("shape", name + " of shape " + array.shape(), expected, "that shape")
        .exception();
  }

  /** {@return how many slots each response has, existing or not} */
  public int width() {
    return width;
  }

  /** {@return the existing slots as samples} */
  public Samples samples() {
    int[] lengths = Arrays.stream(slots).mapToInt(row -> row.length).toArray();
    SamplesBuilder builder = new SamplesBuilder(lengths, groups);
    tokens.forEach((name, array) -> builder.column(name, Level.Name.TOKEN, existing(array, 1)));
    sequences.forEach((name, array) -> builder.column(name, Level.Name.SEQUENCE, array.values()));
    sampled.forEach(
        ids -> builder.sampled(Arrays.stream(existing(ids, 1)).mapToInt(id -> (int) id).toArray()));
    grids.forEach(
        (name, array) -> {
          int entries = array.length(2);
          double[] values = existing(array, entries);
          builder.grid(name, Grid.of(values, entries));
        });
    return builder.build();
  }

  private double[] existing(NumberArray array, int entries) {
    double[] values = new double[Arrays.stream(slots).mapToInt(row -> row.length).sum() * entries];
    int at = 0;
    for (int row = 0; row < slots.length; row++) {
      for (int t : slots[row]) {
        for (int v = 0; v < entries; v++) {
          values[at++] = array.get((row * width + t) * entries + v);
        }
      }
    }
    return values;
  }

  /**
   * {@return numbers at a level in the shape that trainers give them: padded with 0 where no token
   * exists}
   *
   * @param level the level of the numbers
   * @param values one per element of that level
   */
  public NumberArray padded(Level.Name level, double[] values) {
    return switch (level) {
      case BATCH -> NumberArray.of(values);
      case GROUP -> NumberArray.of(values, values.length);
      case SEQUENCE -> NumberArray.of(values, slots.length);
      case TOKEN -> NumberArray.of(spread(values, 1), slots.length, width);
      case VOCABULARY -> {
        int entries = grids.head()._2.length(2);
        yield NumberArray.of(spread(values, entries), slots.length, width, entries);
      }
    };
  }

  /** {@return 0 in the shape of a column or grid} */
  NumberArray zeros(String name) {
    NumberArray like =
        tokens
            .get(name)
            .orElse(grids.get(name))
            .orElse(sequences.get(name))
            .getOrElseThrow(
                () ->
                    Problem.of(
                            "column",
                            "a batch without " + name,
                            "the column " + name,
                            "a batch that has it")
                        .exception());
    return like.scaledBy(0);
  }

  private double[] spread(double[] values, int entries) {
    double[] all = new double[slots.length * width * entries];
    int at = 0;
    for (int row = 0; row < slots.length; row++) {
      for (int t : slots[row]) {
        for (int v = 0; v < entries; v++) {
          all[(row * width + t) * entries + v] = values[at++];
        }
      }
    }
    return all;
  }
}
