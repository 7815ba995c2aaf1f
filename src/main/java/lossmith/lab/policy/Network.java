package lossmith.lab.policy;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
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

    /** {@return the last hidden states, of which the logits are made, a row of the width each} */
    public float[] hidden() {
      float[] all = new float[(int) logits.rows() * size.width()];
      int at = 0;
      for (Half half : halves) {
        float[] found = numbers((TFloat32) half.kept().get(graph.tape.size()));
        System.arraycopy(found, 0, all, at, found.length);
        at += found.length;
      }
      return all;
    }

    /**
     * {@return dL/dweights of a loss of the logits}
     *
     * @param gradient dL/dlogits
     */
    public float[] gradient(Matrix gradient) {
      return gradient(gradient, Option.none());
    }

    /**
     * {@return dL/dweights of a loss of the logits and of the last hidden states}
     *
     * @param gradient dL/dlogits
     * @param beside dL/dhidden of what reads the hidden states beside the logits, as {@link
     *     #hidden} has them
     */
    public float[] gradient(Matrix gradient, float[] beside) {
      return gradient(gradient, Option.some(beside));
    }

    private float[] gradient(Matrix gradient, Option<float[]> beside) {
      int[] from = new int[halves.size()];
      for (int half = 1; half < from.length; half++) {
        from[half] = from[half - 1] + texts.get(half - 1).tokens();
      }
      Seq<float[]> found =
          sideBySide(
              texts,
              (session, half) -> {
                int tokens = texts.get(half).tokens();
                float[] rows = new float[tokens * size.vocabulary()];
                gradient.read(from[half], rows);
                return gradient(
                    session,
                    halves.get(half),
                    rows,
                    beside.map(
                        all ->
                            Arrays.copyOfRange(
                                all,
                                from[half] * size.width(),
                                (from[half] + tokens) * size.width())));
              });
      float[] sum = found.head();
      for (float[] other : found.tail()) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += other[i];
        }
      }
      return sum;
    }

    private float[] gradient(Session session, Half half, float[] rows, Option<float[]> beside) {
      Session.Runner runner =
          session
              .runner()
              .feed(graph.weights, weights.tensor())
              .feed(graph.ids, half.ids())
              .feed(graph.slots, half.slots());
      for (int i = 0; i < graph.tape.size(); i++) {
        runner = runner.feed(graph.tape.get(i), half.kept().get(i + 1));
      }
      try (TFloat32 fed = floats(rows, size.vocabulary());
          TFloat32 more = floats(beside.getOrElse(new float[0]), size.width());
          Result result =
              (beside.isEmpty()
                      ? runner.fetch(graph.weightsGradient)
                      : runner.feed(graph.hiddenGradient, more).fetch(graph.sharedGradient))
                  .feed(graph.logitsGradient, fed)
                  .run()) {
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

  private static TFloat32 floats(float[] rows, int columns) {
    return TFloat32.tensorOf(
        Shape.of(rows.length / columns, columns), DataBuffers.of(FloatBuffer.wrap(rows)));
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
