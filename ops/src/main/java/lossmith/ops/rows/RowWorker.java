package lossmith.ops.rows;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.HashMap;
import lossmith.dsl.Level;
import lossmith.ops.graph.RaggedIndex;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.Policy;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TInt32;

/** Room for one chunk of rows, and a way to run it in a session that is shared. */
final class RowWorker implements AutoCloseable {
  static final String FED = "fed.";
  static final String FETCHED = "fetched.";
  static final String WHOLE = "whole.";
  static final String START = "start";

  private final RowShape shape;
  private final Session session;
  private final java.util.Map<String, Tensor> room = new HashMap<>();
  private final Map<String, Level.Name> inputs;
  private final Seq<String> outputs;

  RowWorker(Session session, RowShape shape, Map<String, Level.Name> inputs, Seq<String> outputs) {
    this.shape = shape;
    this.session = session;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Room for a chunk of an input, made when it is first needed. */
  private Tensor room(String name, Level.Name level) {
    return room.computeIfAbsent(
        name,
        n -> {
          Shape size = shape.of(level);
          return n.equals(RaggedIndex.SAMPLED)
              ? TInt32.tensorOf(size)
              : Tensor.of(shape.typeOf(level), size);
        });
  }

  /** Everything that a pass reads and writes. */
  static final class Work {
    private final Policy.Logits policy;
    private final int[] sampled;
    private final Map<String, double[]> columns;
    private final Map<String, Double> parameters;
    private final Map<String, double[]> results;

    Work(
        Policy.Logits policy,
        int[] sampled,
        Map<String, double[]> columns,
        Map<String, Double> parameters,
        Map<String, double[]> results) {
      this.policy = policy;
      this.sampled = sampled;
      this.columns = columns;
      this.parameters = parameters;
      this.results = results;
    }
  }

  /**
   * Runs the rows from {@code start}. A matrix is fed whole, except to a chunk that is short, which
   * is copied into the room and padded there.
   */
  void run(int start, Work work) {
    int count = Math.min(shape.rows(), work.sampled.length - start);
    boolean full = count == shape.rows();
    try (TInt32 first = TInt32.scalarOf(start)) {
      Session.Runner runner = full ? session.runner().feed(START, first) : session.runner();
      int at = 0;
      for (var input : inputs) {
        if (full && input._2 == Level.Name.VOCABULARY) {
          runner = runner.feed(WHOLE + at++, work.policy.matrix(input._1).memory());
          continue;
        }
        Tensor tensor = room(input._1, input._2);
        fill(tensor, input._1, input._2, start, count, work);
        runner = runner.feed(FED + at++, tensor);
      }
      for (int i = 0; i < outputs.size(); i++) {
        runner = runner.fetch(FETCHED + i);
      }
      try (Result result = runner.run()) {
        for (int i = 0; i < outputs.size(); i++) {
          leave(result.get(i), outputs.get(i), start, count, work);
        }
      }
    }
  }

  private void fill(Tensor tensor, String name, Level.Name level, int start, int count, Work work) {
    if (name.equals(RaggedIndex.SAMPLED)) {
      var unused = tensor.asRawTensor().data().asInts().write(work.sampled, start, count);
    } else if (level == Level.Name.VOCABULARY) {
      NativeNumbers.copy(work.policy.matrix(name).memory(), start, tensor, 0, count);
    } else if (level == Level.Name.TOKEN) {
      NativeNumbers.write(tensor, 0, work.columns.get(name).get(), start, count);
    } else {
      NativeNumbers.write(tensor, 0, new double[] {work.parameters.get(name).get()}, 0, 1);
    }
  }

  private void leave(Tensor tensor, String name, int start, int count, Work work) {
    if (tensor.shape().numDimensions() == 2) {
      NativeNumbers.copy(tensor, 0, work.policy.gradient().memory(), start, count);
      return;
    }
    NativeNumbers.read(tensor, 0, work.results.get(name).get(), start, count);
  }

  @Override
  public void close() {
    room.values().forEach(Tensor::close);
  }
}
