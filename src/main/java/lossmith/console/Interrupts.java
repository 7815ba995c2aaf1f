package lossmith.console;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, and the wish of a machine that shuts down, as a wish: work that asks whether it should
 * stop comes to an end in good order. A second one ends the program at once.
 */
public final class Interrupts implements AutoCloseable {
  private static final String INTERRUPT = "INT";
  private static final String TERMINATE = "TERM";

  /** What a shell reports of a program that Ctrl-C has ended. */
  private static final int INTERRUPTED = 130;

  private final AtomicBoolean asked = new AtomicBoolean();
  private final @Nullable Object onInterrupt;
  private final @Nullable Object onTerminate;

  private Interrupts() {
    this.onInterrupt = Signals.register(INTERRUPT, this::ask);
    this.onTerminate = Signals.register(TERMINATE, this::ask);
  }

  /** {@return from now on a first one is heard here} */
  public static Interrupts heard() {
    return new Interrupts();
  }

  private void ask() {
    if (asked.getAndSet(true)) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
  }

  /** {@return whether there was one} */
  public boolean isAsked() {
    return asked.get();
  }

  @Override
  public void close() {
    Signals.unregister(INTERRUPT, onInterrupt);
    Signals.unregister(TERMINATE, onTerminate);
  }
}
