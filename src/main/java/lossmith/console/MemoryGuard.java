package lossmith.console;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lossmith.dsl.Problem;

/**
 * Ends the process, with one line, when memory is used up. Java itself goes on collecting a full
 * heap for minutes, in which no signal is heard.
 */
public final class MemoryGuard {
  /** The exit code of a process that had too little memory. */
  public static final int OUT_OF_MEMORY = 3;

  private static final long SECOND = 1000;

  /** Shorter runs are not watched: the watch takes a tenth of a second to begin. */
  private static final long FIRST = 3 * SECOND;

  /** For so many seconds in turn nearly all time goes into a heap that stays full. */
  private static final int SECONDS = 10;

  /** Which shares of Java's heap may be free, in percent, where the user has not said it. */
  private static final Map<String, String> SPARE =
      LinkedHashMap.of("MinHeapFreeRatio", "10", "MaxHeapFreeRatio", "20");

  private static final double NEARLY_ALL = 0.9;
  private static final double FULL = 0.95;

  /** Made beforehand, as what is written to it: later there may be no room for either. */
  private static final FileOutputStream ERROR = new FileOutputStream(FileDescriptor.err);

  private static final byte[] TOLD =
      (Problem.of(
                  "memory",
                  "more data than fits into a heap of "
                      + Runtime.getRuntime().maxMemory() / (1 << 20)
                      + " MiB and what the machine has beside it",
                  "work that fits",
                  "java -Xmx with more, or a smaller file")
              + System.lineSeparator())
          .getBytes(StandardCharsets.UTF_8);

  /** Returns when standard error is where a user sees it. */
  private static volatile Runnable visible = () -> {};

  private MemoryGuard() {}

  /**
   * Watches from now on, in the background.
   *
   * @param untilVisible returns, soon in any case, when nobody keeps standard error away
   */
  public static void watch(Runnable untilVisible) {
    visible = untilVisible;
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          if (isOutOfMemory(thrown)) {
            end();
          }
          thrown.printStackTrace();
        });
    Thread watch = new Thread(MemoryGuard::guard, "memory");
    watch.setDaemon(true);
    watch.start();
  }

  /** {@return whether memory was used up: that of Java, or that of a library} */
  public static boolean isOutOfMemory(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  /** Says so and ends the process, without asking anything else that runs in it. */
  public static void end() {
    try {
      visible.run();
      ERROR.write(TOLD);
      TemporaryFolder.end();
    } catch (IOException | OutOfMemoryError again) {
      // Then it ends without a word.
    } finally {
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
  }

  private static void guard() {
    try {
      Thread.sleep(FIRST);
      giveBack();
      List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
      int full = 0;
      while (full < SECONDS) {
        long began = System.nanoTime();
        long collected = collected(collectors);
        Thread.sleep(SECOND);
        double elapsed = (System.nanoTime() - began) / 1e6;
        boolean busy = collected(collectors) - collected > NEARLY_ALL * elapsed;
        full = busy && used() > FULL ? full + (int) Math.max(1, elapsed / SECOND) : 0;
      }
      end();
    } catch (OutOfMemoryError e) {
      end();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Java's heap grows to what is in use and a fifth of it, not to three times as much: what is
   * large lies outside of it, and pieces of it come and go.
   */
  private static void giveBack() {
    HotSpotDiagnosticMXBean java =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (java != null) {
      SPARE.forEach(
          (option, percent) -> {
            if (java.getVMOption(option).getOrigin() == VMOption.Origin.DEFAULT) {
              java.setVMOption(option, percent);
            }
          });
    }
  }

  private static double used() {
    Runtime java = Runtime.getRuntime();
    return (double) (java.totalMemory() - java.freeMemory()) / java.maxMemory();
  }

  private static long collected(List<GarbageCollectorMXBean> collectors) {
    long milliseconds = 0;
    for (GarbageCollectorMXBean one : collectors) {
      milliseconds += Math.max(0, one.getCollectionTime());
    }
    return milliseconds;
  }
}
