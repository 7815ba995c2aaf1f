package lossmith.ops.rows;

import io.vavr.Tuple;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.sweep.EntryGradient;
import lossmith.ops.memory.Policy;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * A pass over given logits: chunks of rows run side by side in one session, for which XLA compiles
 * once. The result of a chunk does not depend on which others run at the same time. On a CPU the
 * rows of a chunk are taken a few at a time, so that they stay in the nearest cache.
 */
public final class LogitsPass implements Pass {
  private final RowShape shape;
  private final Seq<String> numbers;
  private final Graph graph;
  private final Session session;
  private final Seq<RowWorker> workers;
  private final BlockingQueue<RowWorker> idle;
  private final ExecutorService threads;

  /**
   * A pass.
   *
   * @param shape a chunk of rows
   * @param turn whether others come before or after it
   * @param statistics what comes out per row, by name
   * @param gradient dL/dlogits, where this pass writes it
   * @param parallelism how many chunks run side by side
   * @param device where
   */
  public LogitsPass(
      RowShape shape,
      PassOrder turn,
      Map<String, Node> statistics,
      Option<Node> gradient,
      int parallelism,
      DeviceSpec device) {
    this.shape = shape;
    this.graph = new Graph();
    boolean blocks = device.deviceType() == DeviceSpec.DeviceType.CPU;
    RowShape block = blocks ? RowLoop.block(shape) : shape;
    SoftmaxConstants own = blocks ? SoftmaxConstants.KEPT : SoftmaxConstants.COMPUTED;
    SoftmaxConstants normaliser = turn == PassOrder.LATER ? SoftmaxConstants.GIVEN : own;
    Set<String> wanted =
        turn == PassOrder.FIRST
            ? SoftmaxConstants.columns(shape.softmaxes().keySet())
            : HashSet.empty();
    Map<String, Level.Name> inputs;
    Seq<String> outputs;
    try (RowFunction rows =
        new RowFunction(block, statistics, gradient.map(EntryGradient::of), normaliser, wanted)) {
      inputs = rows.inputs();
      outputs = rows.outputs().keySet().toList();
      build(Ops.create(graph).withDevice(device), rows, outputs);
    }
    this.numbers = outputs.remove(RowPlan.GRADIENT);
    this.session = TensorFlowRuntime.during(() -> Sessions.of(graph));
    this.workers = List.fill(parallelism, () -> new RowWorker(session, shape, inputs, outputs));
    this.idle = new LinkedBlockingQueue<>(workers.asJava());
    this.threads = Executors.newFixedThreadPool(parallelism, LogitsPass::thread);
  }

  /**
   * Matrices are fed whole and cut here, which copies nothing; where the last chunk is short, what
   * is cut is fed instead.
   */
  private void build(Ops tf, RowFunction rows, Seq<String> outputs) {
    Operand<TInt32> start =
        tf.withName(RowWorker.START).placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    java.util.Map<String, Operand<?>> given = new HashMap<>();
    for (var input : rows.inputs().zipWithIndex()) {
      String name = input._1._1;
      Level.Name level = input._1._2;
      boolean matrix = level == Level.Name.VOCABULARY;
      Ops fed = tf.withName(RowWorker.FED + input._2);
      given.put(name, matrix ? cut(tf, input._2, start) : shape.placeholder(fed, name, level));
    }
    java.util.Map<String, Operand<?>> found = called(tf, rows, given);
    for (var output : outputs.zipWithIndex()) {
      Operand<?> unused = tf.withName(RowWorker.FETCHED + output._2).identity(found.get(output._1));
    }
  }

  private java.util.Map<String, Operand<?>> called(
      Ops tf, RowFunction rows, java.util.Map<String, Operand<?>> given) {
    if (rows.shape().rows() == shape.rows()) {
      return rows.call(tf, given);
    }
    try (RowLoop loop = new RowLoop(shape, rows)) {
      return loop.call(tf, given);
    }
  }

  private Operand<?> cut(Ops tf, int at, Operand<TInt32> start) {
    Operand<? extends TNumber> matrix =
        tf.withName(RowWorker.WHOLE + at)
            .placeholder(shape.wide(), Placeholder.shape(Shape.of(-1, shape.width())));
    Operand<TInt32> corner = tf.stack(java.util.List.of(start, tf.constant(0)));
    Operand<TInt32> size = tf.constant(new int[] {shape.rows(), shape.width()});
    return tf.withName(RowWorker.FED + at).identity(tf.slice(matrix, corner, size));
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "lossmith-rows");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Map<String, double[]> run(
      Policy policy, int[] sampled, Map<String, double[]> columns, Map<String, Double> parameters) {
    Map<String, double[]> results =
        numbers.toLinkedMap(name -> Tuple.of(name, new double[sampled.length]));
    RowWorker.Work work =
        new RowWorker.Work((Policy.Logits) policy, sampled, columns, parameters, results);
    if (sampled.length <= shape.rows()) {
      // One chunk alone is quicker in this thread than the hand-over to another.
      chunk(0, work);
      return results;
    }
    ArrayList<CompletableFuture<Void>> running = new ArrayList<>();
    for (int start = 0; start < sampled.length; start += shape.rows()) {
      int from = start;
      running.add(CompletableFuture.runAsync(() -> chunk(from, work), threads));
    }
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
    return results;
  }

  private void chunk(int start, RowWorker.Work work) {
    RowWorker worker;
    try {
      worker = idle.take();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a pass was running", stopped);
    }
    try {
      worker.run(start, work);
    } finally {
      idle.add(worker);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    workers.forEach(RowWorker::close);
    session.close();
    graph.close();
  }
}
