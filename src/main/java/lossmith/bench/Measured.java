package lossmith.bench;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import io.vavr.control.Try;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Time and memory of work that is done a few times. */
final class Measured {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path RESET = Path.of("/proc/self/clear_refs");

  private static final double KIBI = 1024;
  private static final int LATER_RUNS = 3;
  private static final int WARM_RUNS = 30;
  private static final int WARM_SECONDS = 5;

  private Measured() {}

  /** The median of some runs in milliseconds, after those that do not count. */
  static double milliseconds(int runs, Runnable work) {
    warmUp(work);
    double[] times = new double[runs];
    for (int i = 0; i < runs; i++) {
      times[i] = once(work);
    }
    return median(times);
  }

  /** The median time of one over that of the other, runs of both in turn. */
  static double ratio(int runs, Runnable work, Runnable base) {
    warmUp(
        () -> {
          base.run();
          work.run();
        });
    double[] times = new double[runs];
    double[] others = new double[runs];
    for (int i = 0; i < runs; i++) {
      others[i] = once(base);
      times[i] = once(work);
    }
    return median(times) / median(others);
  }

  /** The label of a median, for reports. */
  static String medianOf(int runs) {
    return "median of "
        + runs
        + " after "
        + WARM_RUNS
        + " or "
        + WARM_SECONDS
        + " s that do not count";
  }

  /** Java compiles what runs often, and a machine that was idle wakes up: neither counts. */
  private static void warmUp(Runnable work) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_SECONDS);
    for (int run = 0; run < 2 || (run < WARM_RUNS && System.nanoTime() < end); run++) {
      work.run();
    }
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
   * The largest resident memory in MiB above that before any work; NaN where the system does not
   * report it.
   *
   * @param first of the first step, in which XLA compiles
   * @param later of the steps after it
   */
  record Peaks(double first, double later) {}

  /** The resident memory now, in KiB; none where the system does not report it. */
  static Option<Long> resident() {
    System.gc();
    return Try.of(() -> kibibytes("VmRSS:")).toOption();
  }

  /** The memory of a first step and of three after it, what the first leaves behind included. */
  static Peaks above(Option<Long> before, Runnable step) {
    if (before.isEmpty()) {
      return new Peaks(Double.NaN, Double.NaN);
    }
    double first = highest(step) - before.get();
    double later =
        highest(
                () -> {
                  for (int run = 0; run < LATER_RUNS; run++) {
                    step.run();
                  }
                })
            - before.get();
    return new Peaks(first / KIBI, later / KIBI);
  }

  private static double highest(Runnable work) {
    try {
      Files.writeString(RESET, "5");
      work.run();
      return kibibytes("VmHWM:");
    } catch (IOException unknown) {
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
