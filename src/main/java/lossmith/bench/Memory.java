package lossmith.bench;

import io.vavr.collection.List;
import java.util.Locale;
import lossmith.dsl.Loss;
import lossmith.ops.Quiet;

/**
 * The memory of a loss, in a Java machine of its own, where nothing that was freed before can hide
 * it: what is resident at most, above what is once the inputs are there and a small loss has run.
 * Java's heap is small, of one size and resident from the start: what it grows by depends on when
 * Java happens to collect and says nothing of the loss, and a loss that does not fit into it fails.
 */
public final class Memory {
  /** The size of Java's heap where memory is measured. */
  static final String HEAP = "32m";

  private static final Work SMALL = new Work(8, 64, 8, 1, "CPU");

  private Memory() {}

  /** At given logits, in MiB. */
  static double ofLogits(Work work, boolean inPlace) {
    return measured(work, inPlace ? "in-place" : "logits", 0);
  }

  /** From hidden states within a budget, in MiB. */
  static double ofHidden(Work work, int budget) {
    return measured(work, "hidden", budget);
  }

  private static double measured(Work work, String what, int budget) {
    List<Object> arguments =
        List.of(what, budget, work.rows(), work.vocabulary(), work.width(), work.device());
    return Program.java(
            Memory.class.getName(),
            "-Xms" + HEAP,
            "-Xmx" + HEAP,
            "-XX:+UseSerialGC",
            "-XX:+AlwaysPreTouch",
            // Native memory has no limit of its own; by default it follows the heap's.
            "-Dorg.bytedeco.javacpp.maxBytes=0",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0")
        .appendAll(arguments.map(String::valueOf))
        .transform(words -> Program.number("peak_mib", words));
  }

  /**
   * Prints {@code peak_mib=…}.
   *
   * @param arguments {@code logits}, {@code in-place} or {@code hidden}, the budget in MiB, rows,
   *     vocabulary, width, device
   */
  public static void main(String[] arguments) {
    Quiet.start();
    Loss loss = Workload.surrogate();
    Work work =
        new Work(
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            1,
            arguments[5]);
    int budget = Integer.parseInt(arguments[1]);
    double peak;
    if (arguments[0].equals("hidden")) {
      double unused = new HiddenFigures(loss, SMALL).peak(1);
      peak = new HiddenFigures(loss, work).peak(budget);
    } else {
      boolean inPlace = arguments[0].equals("in-place");
      double unused = new LogitsFigures(loss, SMALL).peak(inPlace);
      peak = new LogitsFigures(loss, work).peak(inPlace);
    }
    System.out.printf(Locale.ROOT, "%s peak_mib=%.1f%n", arguments[0], peak);
  }
}
