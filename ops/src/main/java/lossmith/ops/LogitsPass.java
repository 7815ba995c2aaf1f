package lossmith.ops;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;

/**
 * A pass over given logits: chunks of rows run side by side, each worker with a session of its own,
 * so that what a chunk gives does not depend on who ran it.
 */
final class LogitsPass implements Pass {
  private final RowShape shape;
  private final Map<String, Node> nodes;
  private final Graph graph;
  private final Seq<RowWorker> workers;
  private final BlockingQueue<RowWorker> idle;
  private final ExecutorService threads;

  LogitsPass(RowShape shape, Map<String, Node> nodes, int parallelism) {
    this.shape = shape;
    this.nodes = nodes;
    Map<String, Level.Name> inputs;
    try (RowFunction function = new RowFunction(shape, nodes);
        Graph plain = new Graph()) {
      inputs = function.inputs();
      Ops tf = Ops.create(plain);
      var called = function.call(tf, function.placeholders(tf, RowWorker.FED));
      for (var node : nodes.keySet().zipWithIndex()) {
        Operand<?> unused = tf.withName(RowWorker.FETCHED + node._2).identity(called.get(node._1));
      }
      this.graph = Xla.compiled(plain);
    }
    Seq<String> outputs = List.ofAll(nodes.keySet());
    this.workers =
        Quiet.during(
            () -> List.fill(parallelism, () -> new RowWorker(graph, shape, inputs, outputs)));
    this.idle = new LinkedBlockingQueue<>(workers.asJava());
    this.threads = Executors.newFixedThreadPool(parallelism, LogitsPass::thread);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "lossmith-rows");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Map<String, double[]> run(
      Policy policy, int[] chosen, Map<String, double[]> columns, Map<String, Double> settings) {
    Map<String, double[]> results =
        nodes
            .filterValues(node -> node.level() == Level.Name.TOKEN)
            .mapValues(node -> new double[chosen.length]);
    RowWorker.Work work =
        new RowWorker.Work((Policy.Logits) policy, chosen, columns, settings, results);
    ArrayList<CompletableFuture<Void>> running = new ArrayList<>();
    for (int start = 0; start < chosen.length; start += shape.rows()) {
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
    graph.close();
  }
}
