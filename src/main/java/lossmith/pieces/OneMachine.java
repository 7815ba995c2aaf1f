package lossmith.pieces;

import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledNodes;

/**
 * Computes pieces in this process, some of them at the same time: TensorFlow runs most of what a
 * piece needs in one thread. What they gave is taken in the order of the pieces, so that numbers do
 * not depend on how many processors there are.
 *
 * @param pieces the batch
 */
public record OneMachine(Pieces pieces) implements PieceEngine {
  /** With more than so many, memory rather than processors would be short. */
  private static final int AT_MOST = 4;

  @Override
  public Option<Samples> whole() {
    return Option.when(pieces.count() == 1, () -> pieces.piece(0));
  }

  @Override
  public void evaluate(PieceWork work, BatchKnown known, Sink sink, Watch watch) {
    int threads = Math.max(2, Math.min(AT_MOST, Runtime.getRuntime().availableProcessors()));
    try (CompiledNodes compiled = work.compile()) {
      ExecutorService workers = Executors.newFixedThreadPool(threads, OneMachine::thread);
      try {
        Semaphore memory = new Semaphore(threads);
        Queue<Future<Computed>> begun = new ArrayDeque<>();
        int next = 0;
        for (int i = 0; i < pieces.count(); i++) {
          for (; next < pieces.count() && begun.size() <= threads; next++) {
            int index = next;
            begun.add(
                workers.submit(
                    () -> {
                      Samples piece = read(index, work, known);
                      return computed(work, compiled, piece, memory, threads);
                    }));
          }
          Computed piece = taken(begun.remove());
          sink.take(i, piece::samples, piece.found());
          watch.read(i + 1L, pieces.count());
        }
      } finally {
        List<Runnable> unused = workers.shutdownNow();
      }
    }
  }

  /** A piece and the numbers of each node on it. */
  private record Computed(Samples samples, Map<String, double[]> found) {}

  private Samples read(int index, PieceWork work, BatchKnown known) {
    return known.on(work.view().of(pieces.piece(index)), level -> pieces.places(index, level));
  }

  /** Rows as wide as a vocabulary fill memory: of such pieces only one is computed at a time. */
  private static Computed computed(
      PieceWork work, CompiledNodes compiled, Samples piece, Semaphore memory, int all)
      throws InterruptedException {
    int share = piece.grids().isEmpty() ? 1 : all;
    memory.acquire(share);
    try {
      return new Computed(piece, work.on(compiled, piece));
    } finally {
      memory.release(share);
    }
  }

  private static Computed taken(Future<Computed> computed) {
    try {
      return computed.get();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a piece was computed", stopped);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Error memory) {
        throw memory;
      }
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "lossmith-pieces");
    thread.setDaemon(true);
    return thread;
  }
}
