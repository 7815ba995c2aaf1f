package lossmith.pieces;

import java.util.Arrays;
import java.util.HashMap;
import java.util.stream.LongStream;
import lossmith.dsl.Level;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/** Samples cut into pieces of so many prompts, built anew from what each piece has. */
public final class CutSamples implements Pieces {
  private final Samples whole;
  private final int prompts;

  public CutSamples(Samples whole, int prompts) {
    this.whole = whole;
    this.prompts = prompts;
  }

  @Override
  public int count() {
    return (whole.size(Level.Name.GROUP) + prompts - 1) / prompts;
  }

  @Override
  public long size(Level.Name level) {
    return whole.size(level);
  }

  @Override
  public long[] places(int index, Level.Name level) {
    return LongStream.range(0, whole.size(level))
        .filter(i -> whole.parent(level, (int) i, Level.Name.GROUP) / prompts == index)
        .toArray();
  }

  @Override
  public Samples piece(int index) {
    int[] tokens = ints(index, Level.Name.TOKEN);
    int[] rows = ints(index, Level.Name.SEQUENCE);
    int[] lengths = whole.lengths();
    int[] groups =
        Arrays.stream(rows)
            .map(row -> whole.parent(Level.Name.SEQUENCE, row, Level.Name.GROUP))
            .toArray();
    HashMap<Integer, Integer> own = new HashMap<>();
    long[] ids = whole.sequenceIds();
    SamplesBuilder builder =
        new SamplesBuilder(
                Arrays.stream(rows).map(row -> lengths[row]).toArray(),
                Arrays.stream(groups).map(g -> own.computeIfAbsent(g, k -> own.size())).toArray())
            .ids(Arrays.stream(rows).mapToLong(row -> ids[row]).toArray());
    int[] order =
        own.entrySet().stream()
            .sorted(java.util.Map.Entry.comparingByValue())
            .mapToInt(java.util.Map.Entry::getKey)
            .toArray();
    for (int[] sampled : whole.sampled()) {
      builder.sampled(Arrays.stream(tokens).map(t -> sampled[t]).toArray());
    }
    for (String name : whole.columns().remove("position")) {
      Level.Name level = whole.level(name).get();
      double[] all = whole.column(name).get();
      int[] kept =
          switch (level) {
            case TOKEN -> tokens;
            case SEQUENCE -> rows;
            case GROUP -> order;
            default -> new int[] {0};
          };
      builder.column(name, level, Arrays.stream(kept).mapToDouble(i -> all[i]).toArray());
    }
    for (String name : whole.grids()) {
      Grid grid = whole.grid(name).get();
      builder.grid(
          name, new Grid(tokens.length, grid.width(), (row, v) -> grid.get(tokens[row], v)));
    }
    return builder.build();
  }

  private int[] ints(int index, Level.Name level) {
    return Arrays.stream(places(index, level)).mapToInt(Math::toIntExact).toArray();
  }
}
