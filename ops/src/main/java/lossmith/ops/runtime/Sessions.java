package lossmith.ops.runtime;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * Sessions that run a graph as it is written. TensorFlow's own rewriting finds little in a graph
 * that shares its terms, takes as long as hundreds of runs, and drops what XLA needs.
 */
public final class Sessions {
  private static final GraphOptions AS_WRITTEN =
      GraphOptions.newBuilder()
          .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true))
          .setOptimizerOptions(OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0))
          .build();

  /** Fewer than none: operations run one after another where they are asked for. */
  private static final int CALLER = -1;

  /** As many threads as TensorFlow likes. */
  private static final int ANY = 0;

  private Sessions() {}

  private static Session of(Graph graph, ConfigProto.Builder own) {
    return new Session(
        graph,
        // Index tensors (int32) lack GPU kernels: they are placed on the CPU.
        own.setAllowSoftPlacement(true).setGraphOptions(AS_WRITTEN).build());
  }

  /** A session whose operations run in the caller's thread: most are too small to hand over. */
  public static Session of(Graph graph) {
    return of(graph, ConfigProto.newBuilder().setInterOpParallelismThreads(CALLER));
  }

  /**
   * A session that runs all operations of a graph one after the other, in an order that is settled
   * once, with constants that are made once: a sixth less time where operations are many and small.
   * On the CPU alone, and without the switches and merges of old loops. Where threads are {@link
   * TensorFlowRuntime#threadsApart apart}, none is woken: to cut up a matrix of a small batch takes
   * longer than to compute it.
   */
  public static Session inOrder(Graph graph) {
    return of(
        graph,
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(TensorFlowRuntime.isApart() ? 1 : ANY)
            .setInterOpParallelismThreads(CALLER)
            .setExperimental(
                ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR")));
  }

  /**
   * A session all of whose work is done in the caller's thread, where {@link
   * TensorFlowRuntime#threadsApart} was called in time. Otherwise it cuts larger operations up for
   * threads that all sessions share.
   */
  public static Session ofCaller(Graph graph) {
    return of(
        graph,
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(CALLER));
  }

  /** A session that has a pool of its own with this many threads. */
  public static Session of(Graph graph, int threads) {
    return of(
        graph,
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(1)
            .setUsePerSessionThreads(true));
  }
}
