package lossmith.console;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C as a wish: work that asks whether it should stop comes to an end in good order. A second
 * Ctrl-C ends the program at once.
 */
public final class Interrupts implements AutoCloseable {
  private static final String SIGNAL = "INT";

  private final AtomicBoolean asked = new AtomicBoolean();
  private final @Nullable Object before;

  private Interrupts() {
    this.before = Signals.register(SIGNAL, this::ask);
  }

  /** {@return from now on a first Ctrl-C is heard here} */
  public static Interrupts heard() {
    return new Interrupts();
  }

  private void ask() {
    if (asked.getAndSet(true)) {
      Runtime.getRuntime().halt(130);
    }
  }

  /** {@return whether it was typed} */
  public boolean isAsked() {
    return asked.get();
  }

  @Override
  public void close() {
    Signals.unregister(SIGNAL, before);
  }
}
