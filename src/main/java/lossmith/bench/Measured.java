package lossmith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Time and memory of work that is done a few times. */
final class Measured {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path RESET = Path.of("/proc/self/clear_refs");

  private Measured() {}

  /** The median of some runs in milliseconds, after two that do not count. */
  static double milliseconds(int runs, Runnable work) {
    work.run();
    work.run();
    double[] times = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      work.run();
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(times);
    return times[runs / 2];
  }

  /** One run in milliseconds. */
  static double once(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /**
   * The largest resident memory of warm work above what was resident before it, in MiB; NaN where
   * the system does not tell.
   */
  static double mebibytes(Runnable work) {
    work.run();
    work.run();
    System.gc();
    try {
      Files.writeString(RESET, "5");
      long before = kibibytes("VmRSS:");
      work.run();
      return (kibibytes("VmHWM:") - before) / 1024.0;
    } catch (IOException | RuntimeException unknown) {
      return Double.NaN;
    }
  }

  private static long kibibytes(String key) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.replaceAll("\\D+", ""));
      }
    }
    throw new IOException("no " + key);
  }
}
