package lossmith.pieces;

import io.vavr.control.Option;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledNodes;
import lossmith.ops.runtime.Beside;

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
      CompletableFuture<Samples> next = reading(0, work, known, reader);
      for (int i = 0; i < pieces.count(); i++) {
        Samples piece = Beside.found(next);
        if (i + 1 < pieces.count()) {
          next = reading(i + 1, work, known, reader);
        }
        sink.take(i, () -> piece, work.on(compiled, piece));
        watch.read(i + 1L, pieces.count());
      }
    } finally {
      List<Runnable> unused = reader.shutdownNow();
    }
  }

  private CompletableFuture<Samples> reading(
      int index, PieceWork work, BatchKnown known, Executor reader) {
    return CompletableFuture.supplyAsync(
        () -> known.on(work.view().of(pieces.piece(index)), level -> pieces.places(index, level)),
        reader);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "lossmith-pieces");
    thread.setDaemon(true);
    return thread;
  }
}
