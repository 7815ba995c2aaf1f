package lossmith.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far long work is, from its third second on: where errors go to a terminal, as a bar
 * with speed and time left, which is gone afterwards; elsewhere as a line every few seconds.
 */
public final class Progress implements AutoCloseable {
  private static final long FIRST = 2_000_000_000L;
  private static final long EVERY = 3_000_000_000L;
  private static final double SECOND = 1e9;
  private static final int WIDTH = 79;

  /** What errors of this process go to, on Linux; elsewhere lines are shown. */
  private static final Path ERRORS = Path.of("/proc/self/fd/2");

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier clock;
  private long began;
  private long shown;
  private String task = "";
  private @Nullable ProgressBar bar;

  /**
   * Nothing is shown yet.
   *
   * @param err where it is shown
   */
  public Progress(PrintWriter err) {
    this(err, isTerminal(), System::nanoTime);
  }

  /** The same with a clock, in nanoseconds. */
  Progress(PrintWriter err, boolean terminal, LongSupplier clock) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
  }

  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(ERRORS).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException elsewhere) {
      return false;
    }
  }

  /**
   * Says how far some work is.
   *
   * @param what the work; where it differs from the last one, other work has begun
   * @param unit what is counted
   * @param done how many are done
   * @param all how many there are; 0 where that is not known
   */
  public void show(String what, String unit, long done, long all) {
    show(what, unit, done, all, "");
  }

  /**
   * Says how far some work is, and what has come of it.
   *
   * @param what the work; where it differs from the last one, other work has begun
   * @param unit what is counted
   * @param done how many are done
   * @param all how many there are; 0 where that is not known
   * @param note what has come of it so far, in a few words
   */
  public void show(String what, String unit, long done, long all, String note) {
    long now = clock.getAsLong();
    if (!task.equals(what)) {
      close();
      task = what;
      began = now;
      shown = now;
    }
    if (terminal && now - began > FIRST) {
      ProgressBar current = bar == null ? started(unit, done, all, now) : bar;
      ProgressBar unused = current.maxHint(all > 0 ? all : -1).stepTo(done).setExtraMessage(note);
    } else if (!terminal && now - shown > EVERY) {
      shown = now;
      err.println(
          what
              + ", "
              + done
              + (all > 0 ? " of " + all : "")
              + " "
              + unit
              + (note.isEmpty() ? "" : ", " + note + left(now - began, done, all)));
      err.flush();
    }
  }

  /** The time left, beside a note; a bar shows it anyway. */
  private static String left(long passed, long done, long all) {
    return done > 0 && all > 0
        ? String.format(Locale.ROOT, ", %.0f s left", passed / SECOND * (all - done) / done)
        : "";
  }

  private ProgressBar started(String unit, long done, long all, long now) {
    ProgressBar started =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(all > 0 ? all : -1)
            .setUnit(" " + unit, 1)
            .showSpeed()
            .setStyle(ProgressBarStyle.ASCII)
            .clearDisplayOnFinish()
            .startsFrom(done, Duration.ofNanos(now - began))
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
            .build();
    bar = started;
    return started;
  }

  private void draw(String line) {
    err.print("\r" + line);
    err.flush();
  }

  /** Removes the bar, if there is one. */
  @Override
  public void close() {
    ProgressBar shownBar = bar;
    if (shownBar != null) {
      bar = null;
      shownBar.close();
      draw(" ".repeat(WIDTH) + "\r");
    }
  }
}
