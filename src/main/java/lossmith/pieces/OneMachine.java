package lossmith.pieces;

import io.vavr.control.Option;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledNodes;

/**
 * Computes one piece after the other in this process, while the next one is read.
 *
 * @param pieces the batch
 */
public record OneMachine(Pieces pieces) implements PieceEngine {
  @Override
  public Option<Samples> whole() {
    return Option.when(pieces.count() == 1, () -> pieces.piece(0));
  }

  @Override
  public void evaluate(PieceWork work, BatchKnown known, Sink sink, Watch watch) {
    ExecutorService reader = Executors.newSingleThreadExecutor(OneMachine::thread);
    try (CompiledNodes compiled = work.compile()) {
      Future<Samples> next = reader.submit(() -> read(0, work, known));
      for (int i = 0; i < pieces.count(); i++) {
        Samples piece = taken(next);
        int following = i + 1;
        if (following < pieces.count()) {
          next = reader.submit(() -> read(following, work, known));
        }
        sink.take(i, () -> piece, work.on(compiled, piece));
        watch.read(i + 1L, pieces.count());
      }
    } finally {
      List<Runnable> unused = reader.shutdownNow();
    }
  }

  private Samples read(int index, PieceWork work, BatchKnown known) {
    return known.on(work.view().of(pieces.piece(index)), level -> pieces.places(index, level));
  }

  private static Samples taken(Future<Samples> read) {
    try {
      return read.get();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a piece was read", stopped);
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
