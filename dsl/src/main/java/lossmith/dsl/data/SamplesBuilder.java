package lossmith.dsl.data;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;

/**
 * Builds {@link Samples} from the structure first (how long each response is, which group it
 * belongs to), then from columns. Every mistake is collected and reported by {@link #build}.
 *
 * <p>Where only some tokens are the policy's, {@link #mask} says which: all that is given has a
 * number for every token, and the built samples have the tokens of the policy alone.
 *
 * <p>Long because all checks of what enters are in one place.
 */
public final class SamplesBuilder {
  /** The most elements of a level: twice as many can still be counted in 32 bits. */
  private static final int MOST_TOKENS = 1 << 30;

  private final int[] lengths;
  private final int[] groupOfSequence;
  private final int groups;
  private long[] ids;
  private int[] position;
  private boolean renumbered;
  private Option<int[]> sampled = Option.none();
  private Option<double[]> mask = Option.none();
  private Map<String, Samples.Column> columns = LinkedHashMap.empty();
  private Map<String, Grid> grids = LinkedHashMap.empty();
  private Seq<Problem> problems = List.empty();

  /**
   * A builder for these responses.
   *
   * @param lengths the number of tokens of each response, 0 included; also of those that a {@link
   *     #mask} takes away
   * @param groupOfSequence the index of each response's group, from 0, every index up to the
   *     largest taken
   */
  public SamplesBuilder(int[] lengths, int[] groupOfSequence) {
    this.lengths = Arrays.stream(lengths).map(length -> Math.max(0, length)).toArray();
    this.groupOfSequence = groupOfSequence.clone();
    this.groups = (int) Arrays.stream(groupOfSequence).filter(g -> g >= 0).distinct().count();
    this.ids = new long[lengths.length];
    Arrays.setAll(ids, i -> i);
    this.position = new int[tokens()];
    checkStructure(lengths);
    if (position.length == 0) {
      return;
    }
    int at = 0;
    for (int length : this.lengths) {
      for (int t = 0; t < length; t++) {
        position[at++] = t;
      }
    }
  }

  /** How many tokens there are; none where there are more than can be counted. */
  private int tokens() {
    long tokens = Arrays.stream(lengths).asLongStream().sum();
    if (tokens > MOST_TOKENS) {
      report(
          "samples",
          tokens + " tokens",
          "at most " + MOST_TOKENS + " tokens in one batch",
          "the batch in pieces: FusedLoss.window(…)");
      return 0;
    }
    return (int) tokens;
  }

  private void checkStructure(int[] given) {
    if (given.length != groupOfSequence.length) {
      report(
          "group",
          groupOfSequence.length + " groups for " + given.length + " responses",
          "one group per response",
          "a group index for each response");
    }
    for (int s = 0; s < given.length; s++) {
      if (given[s] < 0) {
        report(
            "length",
            "response " + s + " with " + given[s] + " tokens",
            "0 or more",
            "0 for a response without tokens");
        break;
      }
    }
    for (int s = 0; s < groupOfSequence.length; s++) {
      if (groupOfSequence[s] < 0 || groupOfSequence[s] >= groups) {
        report(
            "group",
            "response " + s + " in group " + groupOfSequence[s] + " of " + groups,
            "groups numbered from 0 without a gap: one without a response would count in means",
            "the index of each prompt among those that have responses");
        break;
      }
    }
  }

  /** Gives each response an id that outlives splits and permutations; its row number otherwise. */
  @CanIgnoreReturnValue
  public SamplesBuilder ids(long[] sequenceIds) {
    if (sequenceIds.length != lengths.length
        || Arrays.stream(sequenceIds).distinct().count() != sequenceIds.length) {
      report(
          "ids",
          sequenceIds.length + " ids, some equal or missing",
          "one distinct id per response",
          "distinct ids");
    } else {
      ids = sequenceIds.clone();
    }
    return this;
  }

  /**
   * Says which tokens are the policy's: 1 for those, 0 for tokens that somebody else wrote, such as
   * a tool, and for padding. The built samples have no trace of the latter: no average, neighbour
   * or running sum sees them, positions count the others, and whatever columns and grids have there
   * is not looked at. A {@code token_reward} on one of them belongs to the last token of the policy
   * before it in its response, or, where there is none, to the first behind it. A response of which
   * no token is left stays in its group, with its reward.
   *
   * @param ones 0 or 1 for each token, not 0 for all of them
   */
  @CanIgnoreReturnValue
  public SamplesBuilder mask(double[] ones) {
    if (ones.length != position.length) {
      report(
          "mask",
          ones.length + " entries",
          position.length + " entries, one per token",
          "1 for each token of the policy, 0 for each other token");
      return this;
    }
    for (int t = 0; t < ones.length; t++) {
      if (ones[t] != 0 && ones[t] != 1) {
        report("mask", "mask[" + t + "] = " + ones[t], "0 or 1", "a weight as a column of its own");
        return this;
      }
    }
    if (ones.length > 0 && Arrays.stream(ones).allMatch(one -> one == 0)) {
      report("mask", "0 for every token", "1 for at least one", "1 for the tokens of the policy");
      return this;
    }
    mask = Option.some(ones.clone());
    return this;
  }

  /**
   * Says which responses could not be scored. What the column {@code reward} has there is not
   * looked at. Such a response is in no statistic of rewards, its advantage is 0, and its tokens
   * count wherever the reward does not matter. The samples get a column {@code reward_known}, 0 for
   * these responses and 1 for all others, unless every response is scored.
   *
   * @param unscored whether a response has no reward, for each response
   */
  @CanIgnoreReturnValue
  public SamplesBuilder unscored(boolean[] unscored) {
    double[] known = new double[unscored.length];
    Arrays.setAll(known, i -> unscored[i] ? 0 : 1);
    return column(Columns.REWARD_KNOWN, Level.Name.SEQUENCE, known);
  }

  /** Gives each token its position in its response, where a piece does not start at 0. */
  @CanIgnoreReturnValue
  public SamplesBuilder positions(int[] positions) {
    if (positions.length != position.length) {
      report(
          "position",
          positions.length + " positions",
          position.length + " positions, one per token",
          "that many");
    } else {
      position = positions.clone();
      renumbered = true;
    }
    return this;
  }

  /** Gives each token the vocabulary entry that was sampled. */
  @CanIgnoreReturnValue
  public SamplesBuilder sampled(int[] tokenIds) {
    if (tokenIds.length != position.length) {
      report(
          "tokens",
          tokenIds.length + " token ids",
          position.length + " token ids, one per token",
          "that many");
    } else {
      sampled = Option.some(tokenIds.clone());
    }
    return this;
  }

  /**
   * Adds a column, whose name no other has. Numbers must be finite, but those of tokens that a
   * {@link #mask} takes away.
   */
  @CanIgnoreReturnValue
  public SamplesBuilder column(String name, Level.Name level, double[] values) {
    int size =
        switch (level) {
          case VOCABULARY -> -1;
          case TOKEN -> position.length;
          case SEQUENCE -> lengths.length;
          case GROUP -> groups;
          case BATCH -> 1;
        };
    if (values.length != size) {
      report(
          "column",
          name + " with " + values.length + " numbers",
          size + " numbers, one per " + level,
          "that many");
      return this;
    }
    if (columns.containsKey(name) || grids.containsKey(name)) {
      twice(name);
    }
    columns = columns.put(name, new Samples.Column(level, values.clone()));
    return this;
  }

  /**
   * Adds a grid of numbers per token and vocabulary entry, whose name no other has: {@code logits},
   * {@code ref_log_pi}, …
   */
  @CanIgnoreReturnValue
  public SamplesBuilder grid(String name, Grid grid) {
    if (grid.rows() != position.length) {
      report(
          "grid",
          name + " with " + grid.rows() + " rows",
          position.length + " rows, one per token",
          "that many");
    } else if (grids.values().exists(other -> other.width() != grid.width())) {
      report(
          "grid", name + " of width " + grid.width(), "one width for all grids", "one vocabulary");
    } else if (columns.containsKey(name) || grids.containsKey(name)) {
      twice(name);
    } else {
      grids = grids.put(name, grid);
    }
    return this;
  }

  private void twice(String name) {
    report("column", name + " twice", "each name once", "another name, or Samples.with(…)");
  }

  /** {@return the samples} */
  public Samples build() {
    if (problems.isEmpty()) {
      checkPairs();
    }
    return piece();
  }

  /** {@return a piece of a batch, in which a pair may have lost its other side} */
  public Samples piece() {
    return mask.map(this::without).getOrElse(this).whole();
  }

  /** The builder of the tokens of the policy alone. */
  private SamplesBuilder without(double[] ones) {
    if (renumbered) {
      report("mask", "positions(…) beside mask(…)", "one of them", "a mask: it counts positions");
    }
    PolicyTokens kept = new PolicyTokens(lengths, ones);
    SamplesBuilder builder = new SamplesBuilder(kept.lengths(), groupOfSequence).ids(ids);
    sampled.forEach(ids -> builder.sampled(kept.of(ids)));
    columns.forEach(
        (name, column) ->
            builder.column(name, column.level(), kept.of(name, column.level(), column.values())));
    grids.forEach((name, grid) -> builder.grid(name, kept.of(grid)));
    builder.problems = problems.appendAll(builder.problems);
    return builder;
  }

  private Samples whole() {
    checkScored();
    columns.forEach((name, column) -> checkFinite(name, column.values()));
    grids.headOption().forEach(grid -> checkSampled(grid._2));
    checkPosition();
    Problem.throwAll(problems);
    int[] sequenceOfToken = new int[position.length];
    int at = 0;
    for (int s = 0; s < lengths.length; s++) {
      for (int t = 0; t < lengths[s]; t++) {
        sequenceOfToken[at++] = s;
      }
    }
    double[] positions = Arrays.stream(position).asDoubleStream().toArray();
    Map<String, Samples.Column> all =
        columns.put(Columns.POSITION, new Samples.Column(Level.Name.TOKEN, positions));
    return new Samples(
        sequenceOfToken, groupOfSequence, groups, position, ids, sampled, all, grids);
  }

  private void checkFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        report(
            "finite",
            name + "[" + i + "] = " + values[i],
            "finite numbers",
            "mask(…) for tokens that are not the policy's");
        return;
      }
    }
  }

  /** No reward is read of a response without one. */
  private void checkScored() {
    for (Samples.Column known : columns.get(Columns.REWARD_KNOWN)) {
      Option<Samples.Column> reward = columns.get(Columns.REWARD);
      boolean level = known.level() == Level.Name.SEQUENCE;
      if (!level || !Arrays.stream(known.values()).allMatch(one -> one == 0 || one == 1)) {
        report(
            Columns.REWARD_KNOWN,
            "other numbers than 0 and 1, or not one per response",
            "1 for each response with a reward, 0 for each other",
            "unscored(…)");
      } else if (reward.exists(column -> column.level() == Level.Name.SEQUENCE)) {
        double[] read = reward.get().values().clone();
        Arrays.setAll(read, s -> known.values()[s] == 1 ? read[s] : 0);
        columns = columns.put(Columns.REWARD, new Samples.Column(Level.Name.SEQUENCE, read));
      }
    }
  }

  /** A column of positions can only say what the positions say. */
  private void checkPosition() {
    for (Samples.Column column : columns.get(Columns.POSITION)) {
      double[] own = Arrays.stream(position).asDoubleStream().toArray();
      if (column.level() != Level.Name.TOKEN || !Arrays.equals(column.values(), own)) {
        report(
            "position",
            "a column " + Columns.POSITION + " that differs from the positions of the tokens",
            "the positions themselves",
            "positions(…)");
      }
    }
  }

  private void checkSampled(Grid grid) {
    if (sampled.isEmpty()) {
      report(
          "tokens",
          "a grid without token ids",
          "the sampled token of each row",
          "sampled(tokenIds)");
    }
    for (int[] ids : sampled) {
      for (int row = 0; row < ids.length; row++) {
        if (ids[row] < 0 || ids[row] >= grid.width()) {
          report(
              "tokens",
              "token id " + ids[row] + " in row " + row,
              "0 <= id < " + grid.width(),
              "ids of this vocabulary");
          return;
        }
      }
    }
    for (Grid logits : grids.get("logits")) {
      checkLogits(logits);
    }
  }

  private void checkLogits(Grid logits) {
    for (int row = 0; row < logits.rows(); row++) {
      for (int v = 0; v < logits.width(); v++) {
        double z = logits.get(row, v);
        boolean masked = z == Double.NEGATIVE_INFINITY;
        int taken = sampled.isDefined() ? sampled.get()[row] : -1;
        if (!Double.isFinite(z) && (!masked || v == taken)) {
          report(
              "logits",
              "logits[" + row + ", " + v + "] = " + z + (v == taken ? ", the sampled token" : ""),
              "finite logits; -Infinity only where the token was not sampled",
              "finite numbers");
          return;
        }
      }
    }
  }

  private void checkPairs() {
    for (Samples.Column sign : columns.get(Columns.SIGN)) {
      double[] sums = new double[groups];
      int[] counts = new int[groups];
      for (int s = 0; s < groupOfSequence.length; s++) {
        sums[groupOfSequence[s]] += sign.values()[s];
        counts[groupOfSequence[s]]++;
      }
      for (int g = 0; g < groups; g++) {
        if (counts[g] != 2 || sums[g] != 0) {
          report(
              "pair",
              "group " + g + " with " + counts[g] + " responses and signs that sum to " + sums[g],
              "one chosen (+1) and one rejected (-1) response",
              "pairs");
          return;
        }
      }
    }
  }

  private void report(String code, String wrote, String expected, String remedy) {
    problems = problems.append(Problem.of(code, wrote, expected, remedy));
  }
}
