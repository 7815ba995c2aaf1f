package lossmith.rollouts;

import io.vavr.Lazy;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.pieces.Pieces;
import lossmith.storage.MemoryBudget;

/**
 * Rollouts that were spread over machines in parts of whole prompts: what takes all of them
 * (prompts, places, counts) is put together here, from what was found in each part, and is what one
 * machine finds in the files. Their numbers stay in the parts.
 */
public final class RolloutParts implements Pieces {
  private final Seq<Path> parts;
  private final PartReading reading;
  private final MemoryBudget budget;
  private final Responses responses;
  private final Option<String> unpaired;
  private final Seq<String> notes;
  private final long tokens;
  private final Placement[] placements;
  private final int[] firstPieces;
  private final Lazy<Rollouts> first;
  private final Lazy<Samples> firstPiece;

  private RolloutParts(
      Seq<Path> parts,
      PartReading reading,
      MemoryBudget budget,
      Responses responses,
      Option<String> unpaired,
      int[] existing,
      Seq<String> notes,
      Placement[] placements) {
    this.parts = parts;
    this.reading = reading;
    this.budget = budget;
    this.responses = responses;
    this.unpaired = unpaired;
    this.notes = notes;
    this.tokens = Arrays.stream(existing).asLongStream().sum();
    this.placements = placements;
    this.firstPieces = new int[placements.length + 1];
    for (int part = 0; part < placements.length; part++) {
      firstPieces[part + 1] = firstPieces[part] + placements[part].pieces().length;
    }
    this.first = Lazy.of(() -> read(partOf(0)));
    this.firstPiece = Lazy.of(() -> first.get().pieces().piece(0));
  }

  /**
   * {@return the rollouts of all parts}
   *
   * @param parts the files of the parts
   * @param reading how parts are read
   * @param dropIncomplete whether prompts with fewer responses than the others are left out
   * @param facts what was found in each part
   * @param budget what may be in memory here
   * @throws lossmith.dsl.ProblemException with what is wrong: of each kind the first
   */
  public static RolloutParts of(
      Seq<Path> parts,
      PartReading reading,
      boolean dropIncomplete,
      Seq<PartFacts> facts,
      MemoryBudget budget) {
    Problem.throwAll(
        facts.flatMap(PartFacts::problems).distinctBy(one -> one.code() + one.expected()));
    Problem.throwAll(differing(facts));
    int rows = facts.map(one -> one.numbers().length).sum().intValue();
    if (rows == 0) {
      throw Problem.of(
              "file",
              reading.file() + " with 0 rows",
              "at least one response",
              "a file with rollouts")
          .exception();
    }
    int[] lengths = new int[rows];
    int[] existing = new int[rows];
    int[] groups = new int[rows];
    boolean[] unscored = new boolean[rows];
    double[] signs = new double[rows];
    for (PartFacts part : facts) {
      for (int i = 0; i < part.numbers().length; i++) {
        int row = part.numbers()[i];
        lengths[row] = part.lengths()[i];
        existing[row] = part.existing()[i];
        groups[row] = part.groups()[i];
        signs[row] = part.signs().length > 0 ? part.signs()[i] : Double.NaN;
        unscored[row] = part.unscored().length > 0 && part.unscored()[i];
      }
    }
    HashMap<Integer, Integer> index = new HashMap<>();
    Arrays.setAll(groups, row -> index.computeIfAbsent(groups[row], group -> index.size()));
    PartFacts some = facts.find(one -> one.numbers().length > 0).get();
    Responses responses =
        Responses.of(
            new ResponseRows(lengths, groups, some.measure(), some.ids(), List.empty()),
            dropIncomplete);
    Option<String> unpaired =
        SignPairs.wrong(
            responses, Arrays.stream(responses.rows()).mapToDouble(row -> signs[row]).toArray());
    int[] own = Arrays.stream(responses.rows()).map(row -> existing[row]).toArray();
    RolloutFile.refuse(
        RolloutFile.misfits(
            reading.reading(), reading.reading().grids().mapValues(Npy::read), responses),
        own);
    int missing = (int) Arrays.stream(responses.rows()).filter(row -> unscored[row]).count();
    Option<UnscoredRows> unscoredRows =
        Option.when(
            some.unscored().length > 0,
            () -> new UnscoredRows(new boolean[0], missing, responses.rows().length));
    Placement whole = responses.placement(own, row -> row, Long.MAX_VALUE, missing);
    int[] place = new int[rows];
    Arrays.fill(place, -1);
    for (int i = 0; i < responses.rows().length; i++) {
      place[responses.rows()[i]] = i;
    }
    return new RolloutParts(
        parts,
        unpaired.isDefined() ? reading.withoutSigns() : reading,
        budget,
        responses,
        unpaired,
        own,
        RolloutFile.notes(
            facts.flatMap(PartFacts::notes).distinct().appendAll(unpaired.map(SignPairs::told)),
            responses,
            own,
            unscoredRows),
        facts.map(part -> placement(part, place, whole)).toJavaArray(Placement[]::new));
  }

  /** Columns with one number for all rows, of which parts have different ones. */
  private static Seq<Problem> differing(Seq<PartFacts> facts) {
    return facts
        .flatMap(PartFacts::ofBatch)
        .distinct()
        .groupBy(one -> one._1)
        .filter((name, numbers) -> numbers.size() > 1)
        .toList()
        .map(
            one ->
                Problem.of(
                    "column",
                    one._1 + ": " + one._2.map(number -> number._2).mkString(" and "),
                    "one number for all that belong together",
                    "the same number in them"));
  }

  /** Where the responses of a part are, of which some may be left out. */
  private static Placement placement(PartFacts part, int[] place, Placement whole) {
    int[] chosen =
        Arrays.stream(part.numbers()).map(row -> place[row]).filter(i -> i >= 0).toArray();
    int[] groups = Arrays.stream(chosen).map(i -> whole.groups()[i]).toArray();
    int[] existing = Arrays.stream(chosen).map(i -> whole.existing()[i]).toArray();
    java.util.LinkedHashMap<Integer, int[]> byGroup = new java.util.LinkedHashMap<>();
    for (int i = 0; i < groups.length; i++) {
      int[] members = byGroup.getOrDefault(groups[i], new int[0]);
      int[] more = Arrays.copyOf(members, members.length + 1);
      more[members.length] = i;
      int[] unused = byGroup.put(groups[i], more);
    }
    return new Placement(
        Arrays.stream(chosen).map(i -> whole.numbers()[i]).toArray(),
        existing,
        Arrays.stream(chosen).mapToLong(i -> whole.starts()[i]).toArray(),
        Arrays.stream(chosen).mapToLong(i -> whole.entries()[i]).toArray(),
        chosen,
        groups,
        Placement.cut(byGroup.values().toArray(int[][]::new), existing, RolloutFile.PIECE),
        whole.unscored(),
        whole.responses());
  }

  /** {@return where the responses of each part are} */
  public Seq<Placement> placements() {
    return List.of(placements);
  }

  /** {@return the number of a part's first piece} */
  public int firstPiece(int part) {
    return firstPieces[part];
  }

  /** {@return what was recognised, left out and counted, one sentence each} */
  public Seq<String> notes() {
    return notes;
  }

  /** {@return why responses are not grouped by prompt, if they are not} */
  public Option<String> ungrouped() {
    return responses.ungrouped();
  }

  /** {@return why the responses are not in pairs, if they have signs and are not} */
  public Option<String> unpaired() {
    return unpaired;
  }

  /** {@return how the parts are read} */
  public PartReading reading() {
    return reading;
  }

  /** {@return some first responses, whole prompts of one part, of about so many tokens} */
  public Rollouts first(long some) {
    return first.get().first(some);
  }

  @Override
  public int count() {
    return firstPieces[placements.length];
  }

  @Override
  public Samples piece(int index) {
    int part = partOf(index);
    return index == 0 ? firstPiece.get() : read(part).pieces().piece(index - firstPieces[part]);
  }

  private Rollouts read(int part) {
    return RolloutPart.read(parts.get(part), reading, placements[part], budget);
  }

  /** The part of a piece: parts may be without one. */
  private int partOf(int piece) {
    return IntStream.range(0, placements.length)
        .filter(part -> piece < firstPieces[part + 1])
        .findFirst()
        .orElseThrow();
  }

  @Override
  public long size(Level.Name level) {
    return switch (level) {
      case VOCABULARY, TOKEN -> tokens;
      case SEQUENCE -> responses.rows().length;
      case GROUP -> responses.groupCount();
      case BATCH -> 1;
    };
  }

  @Override
  public long[] places(int index, Level.Name level) {
    int part = partOf(index);
    return placements[part].places(index - firstPieces[part], level);
  }
}
