package lossmith.console;

import java.io.PrintWriter;

/** Prints the progress of long work, one line every few seconds. */
public final class Progress {
  private static final long EVERY = 3_000_000_000L;

  private final PrintWriter err;
  private long shown = System.nanoTime();

  public Progress(PrintWriter err) {
    this.err = err;
  }

  /** Reports the number of steps done, unless a line was printed in the last few seconds. */
  public void show(String what, int done, int of) {
    long now = System.nanoTime();
    if (now - shown > EVERY) {
      shown = now;
      err.println(what + ", " + done + " of " + of);
      err.flush();
    }
  }
}
