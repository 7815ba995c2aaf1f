package lossmith.ops.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What another thread does beside this one. */
public final class Beside {
  private Beside() {}

  /**
   * {@return what another thread finds, as soon as it is there; what goes wrong there goes wrong
   * here as it is}
   *
   * @param found what is being found
   */
  public static <T> T found(CompletableFuture<T> found) {
    try {
      return found.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }
}
