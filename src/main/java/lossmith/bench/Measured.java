package lossmith.bench;

import io.vavr.collection.Seq;
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
      times[i] = once(work);
    }
    return median(times);
  }

  /** The median time of one over that of the other, runs of both in turn, after two of each. */
  static double ratio(int runs, Runnable work, Runnable base) {
    double[] times = new double[runs];
    double[] others = new double[runs];
    for (int i = -2; i < runs; i++) {
      double other = once(base);
      double time = once(work);
      if (i >= 0) {
        others[i] = other;
        times[i] = time;
      }
    }
    return median(times) / median(others);
  }

  private static double median(double[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }

  /** The median of numbers. */
  static double median(Seq<Double> numbers) {
    return median(numbers.toJavaStream().mapToDouble(Double::doubleValue).toArray());
  }

  /** One run in milliseconds. */
  static double once(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /**
   * The largest resident memory of work above what is resident before it, in MiB; NaN where the
   * system does not tell.
   */
  static double mebibytes(Runnable work) {
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
