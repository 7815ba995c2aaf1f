package lossmith.dsl.data;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Level;

/**
 * The data of a batch: ragged, with only the slots that exist. Tokens lie in order, each knows its
 * sequence, each sequence its group; sequences may be empty. Columns are named and live at one
 * level. Immutable; build it with {@link SamplesBuilder}.
 *
 * <p>A masked slot is not stored, so its contents cannot change any number.
 */
public final class Samples {
  private final int[] sequenceOfToken;
  private final int[] groupOfSequence;
  private final int groups;
  private final int[] position;
  private final long[] sequenceIds;
  private final Option<int[]> sampled;
  private final Map<String, Column> columns;
  private final Map<String, Grid> grids;

  /** A named column: one number per element of its level. */
  static final class Column {
    private final Level.Name level;
    private final double[] values;

    Column(Level.Name level, double[] values) {
      this.level = level;
      this.values = values;
    }

    Level.Name level() {
      return level;
    }

    double[] values() {
      return values;
    }
  }

  Samples(
      int[] sequenceOfToken,
      int[] groupOfSequence,
      int groups,
      int[] position,
      long[] sequenceIds,
      Option<int[]> sampled,
      Map<String, Column> columns,
      Map<String, Grid> grids) {
    this.sequenceOfToken = sequenceOfToken;
    this.groupOfSequence = groupOfSequence;
    this.groups = groups;
    this.position = position;
    this.sequenceIds = sequenceIds;
    this.sampled = sampled;
    this.columns = columns;
    this.grids = grids;
  }

  /**
   * {@return how many elements a level has; tokens × vocabulary at the finest}
   *
   * @throws lossmith.dsl.ProblemException where they are more than an array holds
   */
  public int size(Level.Name level) {
    return switch (level) {
      case VOCABULARY -> entries(tokens(), vocabulary());
      case TOKEN -> tokens();
      case SEQUENCE -> groupOfSequence.length;
      case GROUP -> groups;
      case BATCH -> 1;
    };
  }

  static int entries(long tokens, long vocabulary) {
    long entries = tokens * vocabulary;
    if (entries > Integer.MAX_VALUE) {
      throw lossmith.dsl.Problem.of(
              "grid",
              tokens + " tokens × " + vocabulary + " entries = " + entries + " numbers",
              "at most " + Integer.MAX_VALUE + " numbers in one array",
              "FusedLoss, which reads a few rows of a Matrix at a time")
          .exception();
    }
    return (int) entries;
  }

  /** {@return how many tokens exist} */
  public int tokens() {
    return sequenceOfToken.length;
  }

  /** {@return the width of the grids, 0 without one} */
  public int vocabulary() {
    return grids.headOption().map(grid -> grid._2.width()).getOrElse(0);
  }

  /**
   * {@return the index of the element of the coarser level that an element of the finer level
   * (token or coarser) belongs to}
   */
  public int parent(Level.Name from, int index, Level.Name to) {
    int at = index;
    Level.Name level = from;
    if (level == Level.Name.TOKEN && level.finerThan(to)) {
      at = sequenceOfToken[at];
      level = Level.Name.SEQUENCE;
    }
    if (level == Level.Name.SEQUENCE && level.finerThan(to)) {
      at = groupOfSequence[at];
      level = Level.Name.GROUP;
    }
    return level.finerThan(to) ? 0 : at;
  }

  /**
   * {@return for every element of a level from token upwards, the index of its element of a coarser
   * level}
   */
  public int[] parents(Level.Name from, Level.Name to) {
    int[] parents = new int[size(from)];
    for (int i = 0; i < parents.length; i++) {
      parents[i] = parent(from, i, to);
    }
    return parents;
  }

  /** {@return how many tokens each response has} */
  public int[] lengths() {
    int[] lengths = new int[groupOfSequence.length];
    for (int sequence : sequenceOfToken) {
      lengths[sequence]++;
    }
    return lengths;
  }

  /**
   * {@return the position of each token in its response, from 0; in a piece, from where it starts}
   */
  public int[] positions() {
    return position.clone();
  }

  /**
   * {@return the id of each sequence, which a split or permutation of the batch does not change}
   */
  public long[] sequenceIds() {
    return sequenceIds.clone();
  }

  /** {@return the sampled vocabulary entry of each token, if token ids were given} */
  public Option<int[]> sampled() {
    return sampled.map(int[]::clone);
  }

  /** {@return the names of the columns, grids not included} */
  public io.vavr.collection.Set<String> columns() {
    return columns.keySet();
  }

  /** {@return whether there is a column or a grid of this name} */
  public boolean has(String name) {
    return columns.containsKey(name) || grids.containsKey(name);
  }

  /** {@return the level of a column, if there is one of this name} */
  public Option<Level.Name> level(String column) {
    return columns.get(column).map(Column::level);
  }

  /** {@return a copy of a column, if there is one of this name} */
  public Option<double[]> column(String column) {
    return columns.get(column).map(c -> c.values().clone());
  }

  /** {@return a grid: {@code logits} for the raw logits of the policy, {@code ref_log_pi}, …} */
  public Option<Grid> grid(String name) {
    return grids.get(name);
  }

  /** {@return the names of the grids} */
  public io.vavr.collection.Set<String> grids() {
    return grids.keySet();
  }

  /**
   * {@return the same samples with one column added or replaced}
   *
   * @param column its name, not that of the positions, which belong to the tokens
   * @param level its level
   * @param values one number per element of the level
   */
  public Samples with(String column, Level.Name level, double[] values) {
    if (column.equals(lossmith.dsl.Columns.POSITION)) {
      throw lossmith.dsl.Problem.of(
              "position",
              "with(\"position\", …)",
              "positions that belong to the tokens",
              "SamplesBuilder.positions(…)")
          .exception();
    }
    if (values.length != size(level)) {
      throw lossmith.dsl.Problem.of(
              "column",
              column + " with " + values.length + " numbers",
              size(level) + " numbers, one per " + level,
              "a column of that length")
          .exception();
    }
    return new Samples(
        sequenceOfToken,
        groupOfSequence,
        groups,
        position,
        sequenceIds,
        sampled,
        columns.put(column, new Column(level, values.clone())),
        grids);
  }

  /**
   * {@return the same samples with one grid added or replaced; its rows are the existing tokens in
   * order}
   */
  public Samples with(String name, Grid grid) {
    boolean widthFits = grids.remove(name).values().forAll(other -> other.width() == grid.width());
    if (grid.rows() != tokens() || !widthFits) {
      throw lossmith.dsl.Problem.of(
              "grid",
              name + " of " + grid.rows() + " × " + grid.width(),
              tokens() + " rows, one per token, and one width for all grids",
              "a grid of that shape")
          .exception();
    }
    return new Samples(
        sequenceOfToken,
        groupOfSequence,
        groups,
        position,
        sequenceIds,
        sampled,
        columns,
        LinkedHashMap.<String, Grid>empty().merge(grids).put(name, grid));
  }

  /** {@return the same samples without one column or grid} */
  public Samples without(String name) {
    return new Samples(
        sequenceOfToken,
        groupOfSequence,
        groups,
        position,
        sequenceIds,
        sampled,
        columns.remove(name),
        grids.remove(name));
  }

  /** {@return how many there are of each level, then each column with its level and its range} */
  @Override
  public String toString() {
    return SamplesTable.of(this);
  }
}
