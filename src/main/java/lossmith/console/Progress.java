package lossmith.console;

import java.io.PrintWriter;

/** A line every few seconds that says how far long work has come. */
public final class Progress {
  private static final long EVERY = 3_000_000_000L;

  private final PrintWriter err;
  private long shown = System.nanoTime();

  public Progress(PrintWriter err) {
    this.err = err;
  }

  /** Says that some of a number of steps are done, where it has been silent for a while. */
  public void show(String what, int done, int of) {
    long now = System.nanoTime();
    if (now - shown > EVERY) {
      shown = now;
      err.println(what + ", " + done + " of " + of);
      err.flush();
    }
  }
}
