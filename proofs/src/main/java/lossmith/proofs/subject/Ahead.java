package lossmith.proofs.subject;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that takes long to make and needs no case: made once, when it is asked for, or begun
 * before, beside whatever else is asked meanwhile.
 */
final class Ahead<T> {
  private final Supplier<T> making;
  private final Consumer<T> closing;
  private @Nullable CompletableFuture<T> begun;

  /**
   * Nothing made yet.
   *
   * @param making makes it
   * @param closing frees it
   */
  Ahead(Supplier<T> making, Consumer<T> closing) {
    this.making = making;
    this.closing = closing;
  }

  /** Begins to make it on another thread, if nothing has. */
  void begin() {
    if (begun == null) {
      begun = CompletableFuture.supplyAsync(making);
    }
  }

  /** {@return it, as soon as it is there; what goes wrong in making it goes wrong here} */
  T get() {
    CompletableFuture<T> known =
        begun == null ? CompletableFuture.completedFuture(making.get()) : begun;
    begun = known;
    try {
      return known.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  /** Frees it, if it was made, as soon as it is. */
  void close() {
    if (begun != null) {
      var unused = begun.thenAccept(closing);
    }
  }
}
