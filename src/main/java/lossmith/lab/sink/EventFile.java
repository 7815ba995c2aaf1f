package lossmith.lab.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.summary.SummaryWriter;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * The numbers of a run for TensorBoard: {@code tensorboard --logdir FOLDER}. TensorFlow's own
 * operations write the file.
 */
public final class EventFile implements MetricSink {
  private static final String NAMES = "events.out.tfevents.*";
  private static final int QUEUE = 1000;
  private static final int FLUSH_MILLISECONDS = 2000;

  private final Graph graph;
  private final Session session;
  private final Placeholder<TInt64> step;
  private final Placeholder<TString> tag;
  private final Placeholder<TFloat32> value;
  private final Op write;
  private final Op flush;
  private final Op end;

  /**
   * Begins a file with what was written so far; those of before, with numbers of steps that are
   * made anew, are removed.
   *
   * @param folder where the file is
   * @param lines the rows that are kept, as {@link JsonLines} writes them
   */
  public EventFile(Path folder, Path lines) throws IOException {
    try (DirectoryStream<Path> before = Files.newDirectoryStream(folder, NAMES)) {
      for (Path file : before) {
        Files.delete(file);
      }
    }
    TensorFlowRuntime.start();
    this.graph = new Graph();
    Ops tf = Ops.create(graph);
    Operand<? extends TType> writer =
        tf.summary.summaryWriter(SummaryWriter.sharedName("lossmith"));
    this.step = tf.placeholder(TInt64.class);
    this.tag = tf.placeholder(TString.class);
    this.value = tf.placeholder(TFloat32.class);
    Op begin =
        tf.summary.createSummaryFileWriter(
            writer,
            tf.constant(folder.toAbsolutePath().toString()),
            tf.constant(QUEUE),
            tf.constant(FLUSH_MILLISECONDS),
            tf.constant(""));
    this.write = tf.summary.writeScalarSummary(writer, step, tag, value);
    this.flush = tf.summary.flushSummaryWriter(writer);
    this.end = tf.summary.closeSummaryWriter(writer);
    this.session = Sessions.of(graph);
    run(begin);
    for (String line : Files.readAllLines(lines)) {
      JsonNode row = new ObjectMapper().readTree(line);
      Map<String, Double> numbers =
          List.ofAll(row.properties())
              .filter(field -> !field.getKey().equals(JsonLines.STEP))
              .foldLeft(
                  LinkedHashMap.empty(),
                  (all, field) -> all.put(field.getKey(), field.getValue().asDouble()));
      row(row.get(JsonLines.STEP).asLong(), numbers);
    }
  }

  private void run(Op operation) {
    session.runner().addTarget(operation).run().close();
  }

  @Override
  public void row(long at, Map<String, Double> numbers) {
    try (TInt64 place = TInt64.scalarOf(at)) {
      for (var number : numbers) {
        try (TString name = TString.scalarOf(number._1);
            TFloat32 amount = TFloat32.scalarOf(number._2.floatValue())) {
          session
              .runner()
              .feed(step, place)
              .feed(tag, name)
              .feed(value, amount)
              .addTarget(write)
              .run()
              .close();
        }
      }
    }
    run(flush);
  }

  @Override
  public void close() {
    run(end);
    session.close();
    graph.close();
  }
}
