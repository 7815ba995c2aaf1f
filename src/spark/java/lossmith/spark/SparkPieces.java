package lossmith.spark;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import lossmith.dsl.data.Samples;
import lossmith.pieces.BatchKnown;
import lossmith.pieces.PieceEngine;
import lossmith.pieces.PieceWork;
import lossmith.pieces.Pieces;
import lossmith.pieces.Watch;
import lossmith.rollouts.RolloutParts;
import org.apache.spark.broadcast.Broadcast;

/** Computes nodes on pieces where a cluster has them: each pass is a job, each part a task. */
final class SparkPieces implements PieceEngine {
  private final Cluster cluster;
  private final Staging staging;
  private final RolloutParts pieces;
  private final long memory;
  private final List<SparkPass.Part> parts;
  private Map<String, ColumnFile> columns = HashMap.empty();

  SparkPieces(
      Cluster cluster, Staging staging, SpreadRows spread, RolloutParts pieces, long memory) {
    this.cluster = cluster;
    this.staging = staging;
    this.pieces = pieces;
    this.memory = memory;
    this.parts =
        pieces
            .placements()
            .zipWithIndex()
            .map(one -> new SparkPass.Part(one._2, spread.parts().get(one._2).toString(), one._1))
            .toList();
  }

  @Override
  public Pieces pieces() {
    return pieces;
  }

  @Override
  public Option<Samples> whole() {
    return Option.none();
  }

  @Override
  public void evaluate(PieceWork work, BatchKnown known, Sink sink, Watch watch) {
    Broadcast<SparkPass> pass = cluster.context().broadcast(pass(work, known));
    List<String> names = work.nodes().keySet().toList();
    int[] done = new int[1];
    cluster.run(
        parts,
        part -> pass.value().on(part),
        (part, found) -> {
          for (int i = 0; i < found.length; i++) {
            int index = pieces.firstPiece(part) + i;
            double[][] own = found[i];
            sink.take(
                index, () -> pieces.piece(index), LinkedHashMap.ofEntries(names.zip(List.of(own))));
            watch.read(++done[0], pieces.count());
          }
        });
    pass.destroy();
  }

  /** The numbers stay where they are found: each task writes a file. */
  @Override
  public void deliver(PieceWork work, BatchKnown known, Sink sink, Watch watch) {
    Broadcast<SparkPass> pass = cluster.context().broadcast(pass(work, known));
    String folder = staging.tokens().toString();
    int[] done = new int[1];
    cluster.run(
        parts,
        part -> pass.value().write(part, folder),
        (part, found) -> {
          done[0] += found;
          watch.read(done[0], pieces.count());
        });
    pass.destroy();
  }

  private SparkPass pass(PieceWork work, BatchKnown known) {
    for (Tuple2<String, BatchKnown.Column> column : known.columns()) {
      if (!columns.containsKey(column._1)) {
        try {
          columns =
              columns.put(
                  column._1,
                  ColumnFile.write(
                      column._2, staging.columns().resolve(UUID.randomUUID().toString())));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return new SparkPass(
        UUID.randomUUID().toString(),
        work,
        known.numbers(),
        columns.filterKeys(known.columns()::containsKey),
        pieces.reading(),
        memory);
  }
}
