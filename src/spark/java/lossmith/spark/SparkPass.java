package lossmith.spark;

import io.vavr.Tuple2;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Locale;
import lossmith.dsl.data.Samples;
import lossmith.dsl.portable.GraphForm;
import lossmith.ops.CompiledNodes;
import lossmith.ops.memory.Precision;
import lossmith.pieces.BatchKnown;
import lossmith.pieces.PieceView;
import lossmith.pieces.PieceWork;
import lossmith.rollouts.PartReading;
import lossmith.rollouts.Placement;
import lossmith.rollouts.RolloutPart;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.RowTexts;
import lossmith.score.ObjectiveNodes;
import lossmith.score.TokenFile;
import lossmith.storage.MemoryBudget;
import org.apache.spark.SparkEnv;

/** One pass over the parts, as it is sent to every machine. */
final class SparkPass implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final GraphForm nodes;
  private final Precision precision;
  private final String device;
  private final Map<String, Double> parameters;
  private final PieceView view;
  private final Map<String, Double> numbers;
  private final Map<String, ColumnFile> columns;
  private final PartReading reading;
  private final long memory;

  /**
   * A part in a pass.
   *
   * @param number its number among all parts
   * @param file where it is
   * @param placement where its responses are in the batch
   */
  record Part(int number, String file, Placement placement) implements Serializable {}

  SparkPass(
      String name,
      PieceWork work,
      Map<String, Double> numbers,
      Map<String, ColumnFile> columns,
      PartReading reading,
      long memory) {
    this.name = name;
    this.nodes = GraphForm.of(work.nodes());
    this.precision = work.precision();
    this.device = work.device();
    this.parameters = work.parameters();
    this.view = work.view();
    this.numbers = numbers;
    this.columns = columns;
    this.reading = reading;
    this.memory = memory;
  }

  /** {@return the numbers of each node on each piece of a part} */
  double[][][] on(Part part) throws IOException {
    double[][][] found = new double[part.placement().pieces().length][][];
    each(
        part,
        (rollouts, piece, samples, own) ->
            found[piece] = own.values().toJavaArray(double[][]::new));
    return found;
  }

  /** Writes the numbers per token of a part, and says of how many pieces. */
  int write(Part part, String folder) throws IOException {
    TokenFile[] file = new TokenFile[1];
    try {
      each(
          part,
          (rollouts, piece, samples, own) -> {
            TokenFile to = file[0] == null ? new TokenFile(rollouts, RowTexts.none()) : file[0];
            file[0] = to;
            ObjectiveNodes.tokens(own)
                .forEach((recipe, tokens) -> to.take(piece, samples, recipe, tokens));
          });
      String name = String.format(Locale.ROOT, "part-%05d.parquet", part.number());
      if (file[0] != null) {
        file[0].write(Path.of(folder).resolve(name));
      }
    } finally {
      Option.of(file[0]).forEach(TokenFile::close);
    }
    return part.placement().pieces().length;
  }

  private interface Found {
    void take(Rollouts rollouts, int piece, Samples samples, Map<String, double[]> own);
  }

  private void each(Part part, Found found) throws IOException {
    if (part.placement().pieces().length == 0) {
      return;
    }
    Rollouts rollouts =
        RolloutPart.read(Path.of(part.file()), reading, part.placement(), budget(memory));
    try (SharedNodes shared = SharedNodes.of(name, this::compile)) {
      PieceWork work = work();
      for (int piece = 0; piece < rollouts.pieces().count(); piece++) {
        Samples samples = known(rollouts, piece);
        found.take(rollouts, piece, samples, work.on(shared.compiled(), samples));
      }
    }
  }

  private Samples known(Rollouts rollouts, int piece) throws IOException {
    Samples samples = BatchKnown.withNumbers(view.of(rollouts.pieces().piece(piece)), numbers);
    for (Tuple2<String, ColumnFile> column : columns) {
      double[] own = column._2.at(rollouts.pieces().places(piece, column._2.level()));
      samples = samples.with(column._1, column._2.level(), own);
    }
    return samples;
  }

  private CompiledNodes compile() {
    return work().compile();
  }

  private PieceWork work() {
    return new PieceWork(nodes.named(), precision, device, parameters, view);
  }

  /** What a task may use here: tasks of one process share what it has. */
  static MemoryBudget budget(long most) {
    int processors = Runtime.getRuntime().availableProcessors();
    long tasks = Math.max(1, SparkEnv.get().conf().getInt("spark.executor.cores", processors));
    return new MemoryBudget(Math.min(most, Runtime.getRuntime().maxMemory() / 4) / tasks);
  }
}
