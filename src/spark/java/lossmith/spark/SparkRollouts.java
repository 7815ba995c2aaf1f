package lossmith.spark;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.pieces.PieceEngine;
import lossmith.pieces.Watch;
import lossmith.rollouts.PartFacts;
import lossmith.rollouts.PartReading;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutPart;
import lossmith.rollouts.RolloutParts;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.RowTexts;
import lossmith.score.DifferingTokens;
import lossmith.score.EnginePlace;
import lossmith.score.EngineRollouts;
import lossmith.score.InfluentialTokens;
import lossmith.score.ShownResponses;
import lossmith.score.TokenOutput;
import lossmith.score.TokenScores;
import lossmith.storage.MemoryBudget;

/** Rollouts that a cluster has read. */
final class SparkRollouts implements EngineRollouts {
  private final Cluster cluster;
  private final Staging staging;
  private final RolloutParts rollouts;
  private final PieceEngine engine;
  private final MemoryBudget budget;

  private SparkRollouts(
      Cluster cluster,
      Staging staging,
      SpreadRows spread,
      RolloutParts rollouts,
      Reading reading,
      MemoryBudget budget) {
    this.cluster = cluster;
    this.staging = staging;
    this.rollouts = rollouts;
    this.engine = new SparkPieces(cluster, staging, spread, rollouts, reading.memory());
    this.budget = budget;
  }

  static SparkRollouts open(Seq<Path> files, Reading reading, EnginePlace place, Watch watch) {
    place
        .tokens()
        .filter(Files::exists)
        .forEach(
            path -> {
              throw Problem.of(
                      "output",
                      path + ", which exists",
                      "a new folder, to which --engine spark writes a file for each part",
                      "another path, or remove it first")
                  .exception();
            });
    Master master = Master.of(place.master());
    Staging staging = Staging.in(place.staging(), master);
    try {
      Cluster cluster = Cluster.at(master);
      try {
        return open(files, reading, cluster, staging, watch);
      } catch (RuntimeException e) {
        cluster.close();
        throw e;
      }
    } catch (RuntimeException e) {
      staging.close();
      throw e;
    }
  }

  private static SparkRollouts open(
      Seq<Path> files, Reading reading, Cluster cluster, Staging staging, Watch watch) {
    SpreadRows spread = SpreadRows.of(cluster, files, reading, staging);
    List<String> parts = spread.parts().map(Path::toString).toList();
    PartFacts[] facts = new PartFacts[parts.size()];
    PartReading partReading = spread.reading();
    long memory = reading.memory();
    long[] rows = new long[1];
    cluster.run(
        parts,
        part -> RolloutPart.facts(Path.of(part), partReading, SparkPass.budget(memory)),
        (part, found) -> {
          facts[part] = found;
          rows[0] += found.numbers().length;
          watch.read(rows[0], 0);
        });
    MemoryBudget budget = new MemoryBudget(memory);
    RolloutParts all =
        RolloutParts.of(
            spread.parts(), partReading, reading.dropIncomplete(), List.of(facts), budget);
    return new SparkRollouts(cluster, staging, spread, all, reading, budget);
  }

  @Override
  public PieceEngine engine() {
    return engine;
  }

  @Override
  public Option<String> ungrouped() {
    return rollouts.ungrouped();
  }

  @Override
  public Option<String> unpaired() {
    return rollouts.unpaired();
  }

  @Override
  public Seq<String> notes() {
    return rollouts.notes();
  }

  @Override
  public MemoryBudget budget() {
    return budget;
  }

  @Override
  public Rollouts first(long tokens) {
    return rollouts.first(tokens);
  }

  @Override
  public TokenOutput tokens() {
    return new Output();
  }

  @Override
  public TokenOutput gradients() {
    return new Output();
  }

  @Override
  public InfluentialTokens influential(int most) {
    throw new UnsupportedOperationException("refused with other options");
  }

  @Override
  public ShownResponses shown(int objectives, int most) {
    throw new UnsupportedOperationException("refused with other options");
  }

  @Override
  public DifferingTokens differing(String first, String second, int most) {
    throw new UnsupportedOperationException("refused with other options");
  }

  @Override
  public RowTexts texts() {
    return RowTexts.none();
  }

  /** A folder with a file for each part, which tasks have written. */
  private final class Output implements TokenOutput {
    @Override
    public void take(int index, Samples piece, String objective, TokenScores tokens) {}

    @Override
    public void write(Path place) throws IOException {
      Path folder = place.toAbsolutePath();
      Path temporary =
          folder.resolveSibling("." + folder.getFileName() + "-" + UUID.randomUUID() + ".tmp");
      Path unused = Files.createDirectory(temporary);
      for (Path part : Staging.partsIn(staging.tokens())) {
        Path unusedPart = Files.move(part, temporary.resolve(part.getFileName().toString()));
      }
      Path unusedPlace = Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {
    staging.awaitEnd();
    SharedNodes.closeUnused("");
    cluster.close();
    staging.close();
  }
}
