package lossmith.lab.policy;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A small causal transformer in float32. Every batch is cut into two halves, one for each of two
 * sessions, and their gradients are added in order: the same numbers come out of every run, on one
 * processor or many.
 */
public final class Network implements AutoCloseable {
  private static final int HALVES = 2;

  private final NetworkSize size;
  private final TransformerGraph graph;
  private final Seq<Session> sessions;
  private final ExecutorService threads;

  /** A network of a size; its weights are given with every call. */
  public Network(NetworkSize size) {
    TensorFlowRuntime.threadsApart();
    TensorFlowRuntime.start();
    this.size = size;
    this.graph = new TransformerGraph(size);
    this.sessions =
        Vector.fill(HALVES, () -> TensorFlowRuntime.during(() -> Sessions.ofCaller(graph.graph)));
    this.threads =
        Executors.newFixedThreadPool(
            HALVES,
            work -> {
              Thread thread = new Thread(work, "lossmith-network");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** {@return its size} */
  public NetworkSize size() {
    return size;
  }

  TransformerGraph graph() {
    return graph;
  }

  /**
   * Does both halves at once. Both have ended where one fails: whoever is told may close the
   * weights that the other computes with.
   */
  <T> Seq<T> sideBySide(Seq<Texts> halves, BiFunction<Session, Integer, T> work) {
    Seq<CompletableFuture<T>> running =
        Vector.range(0, halves.size())
            .map(
                half ->
                    CompletableFuture.supplyAsync(
                        () -> work.apply(sessions.get(half), half), threads));
    running.forEach(half -> half.handle((done, failed) -> true).join());
    try {
      return running.map(CompletableFuture::join);
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /** One half of a batch on its way through the network. */
  private record Half(TInt32 ids, TInt32 slots, Result kept) {
    void close() {
      ids.close();
      slots.close();
      kept.close();
    }
  }

  /** What a batch has left in the network, and its logits. */
  public final class Forward implements AutoCloseable {
    private final NetworkWeights weights;
    private final Seq<Texts> texts;
    private final Seq<Half> halves;
    private final Matrix logits;

    private Forward(NetworkWeights weights, Seq<Texts> texts, Seq<Half> halves) {
      this.weights = weights;
      this.texts = texts;
      this.halves = halves;
      this.logits =
          Matrix.zeros(
              Precision.FLOAT32, texts.map(Texts::tokens).sum().intValue(), size.vocabulary());
      long row = 0;
      for (Half half : halves) {
        float[] found = numbers((TFloat32) half.kept().get(0));
        logits.write(row, found);
        row += found.length / size.vocabulary();
      }
    }

    /** {@return the logits that each symbol of the responses was drawn by} */
    public Matrix logits() {
      return logits;
    }

    /**
     * {@return dL/dweights}
     *
     * @param gradient dL/dlogits
     */
    public float[] gradient(Matrix gradient) {
      int[] from = new int[halves.size()];
      for (int half = 1; half < from.length; half++) {
        from[half] = from[half - 1] + texts.get(half - 1).tokens();
      }
      Seq<float[]> found =
          sideBySide(
              texts,
              (session, half) -> {
                float[] rows = new float[texts.get(half).tokens() * size.vocabulary()];
                gradient.read(from[half], rows);
                return gradient(session, halves.get(half), rows);
              });
      float[] sum = found.head();
      for (float[] other : found.tail()) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += other[i];
        }
      }
      return sum;
    }

    private float[] gradient(Session session, Half half, float[] rows) {
      Session.Runner runner =
          session
              .runner()
              .feed(graph.weights, weights.tensor())
              .feed(graph.ids, half.ids())
              .feed(graph.slots, half.slots());
      for (int i = 0; i < graph.tape.size(); i++) {
        runner = runner.feed(graph.tape.get(i), half.kept().get(i + 1));
      }
      Shape shape = Shape.of(rows.length / size.vocabulary(), size.vocabulary());
      try (TFloat32 fed = TFloat32.tensorOf(shape, DataBuffers.of(FloatBuffer.wrap(rows)));
          Result result =
              runner.feed(graph.logitsGradient, fed).fetch(graph.weightsGradient).run()) {
        return numbers((TFloat32) result.get(0));
      }
    }

    @Override
    public void close() {
      halves.forEach(Half::close);
      logits.close();
    }
  }

  /**
   * {@return the logits of texts, and what their gradient needs; close it}
   *
   * @param weights which must not change before it is closed
   * @param batch the texts, at least one symbol in the responses of either half
   */
  public Forward forward(NetworkWeights weights, Texts batch) {
    Seq<Texts> halves = batch.halves();
    return new Forward(
        weights,
        halves,
        sideBySide(halves, (session, half) -> half(session, weights, halves.get(half))));
  }

  private Half half(Session session, NetworkWeights weights, Texts texts) {
    TInt32 ids = ints(texts.padded());
    int[] read = texts.slots();
    TInt32 slots = TInt32.tensorOf(Shape.of(read.length), DataBuffers.of(IntBuffer.wrap(read)));
    Session.Runner runner =
        session
            .runner()
            .feed(graph.weights, weights.tensor())
            .feed(graph.ids, ids)
            .feed(graph.slots, slots)
            .fetch(graph.logits);
    for (var kept : graph.tape) {
      runner = runner.fetch(kept);
    }
    return new Half(ids, slots, runner.run());
  }

  static TInt32 ints(int[][] rows) {
    int columns = rows[0].length;
    int[] flat = new int[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * columns, columns);
    }
    return TInt32.tensorOf(Shape.of(rows.length, columns), DataBuffers.of(IntBuffer.wrap(flat)));
  }

  static float[] numbers(TFloat32 tensor) {
    float[] numbers = new float[(int) tensor.size()];
    tensor.copyTo(DataBuffers.of(FloatBuffer.wrap(numbers)));
    return numbers;
  }

  static void closeAll(Iterable<? extends Tensor> tensors) {
    tensors.forEach(Tensor::close);
  }

  @Override
  public void close() {
    threads.shutdown();
    sessions.forEach(Session::close);
    graph.close();
  }
}
