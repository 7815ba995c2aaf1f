package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.Locale;
import lossmith.dsl.Loss;
import lossmith.ops.runtime.TensorFlowRuntime;

/**
 * The memory of a loss, in a Java machine of its own, where nothing that was freed before can hide
 * it: the largest resident memory, above that with the inputs in place and a small loss run. Java's
 * heap is small, of one size and resident from the start: its growth would depend on when Java
 * collects garbage, not on the loss; a loss that does not fit into it fails.
 */
public final class Memory {
  /** The size of Java's heap where memory is measured. */
  static final String HEAP = "32m";

  private static final String FIRST = "first_mib";
  private static final String LATER = "peak_mib";

  /** A small loss that has run before, in more than one block of rows: all code is loaded. */
  private static final BenchSize SMALL = new BenchSize(32, 4096, 64, 1, "CPU");

  /** How memory is measured. */
  static final String HOW =
      "peak resident above the inputs in three steps after the first, all that the first leaves"
          + " behind included; in a process of its own in which a small loss has run before, with a"
          + " heap of "
          + HEAP
          + ", all resident before";

  /** How the memory of the first step is. */
  static final String HOW_FIRST = "the same in the first step, in which XLA compiles";

  /** At given logits. */
  static Measured.Peaks ofLogits(BenchSize work, boolean inPlace) {
    return measured(work, inPlace ? "in-place" : "logits", 0);
  }

  /** From hidden states within a budget. */
  static Measured.Peaks ofHidden(BenchSize work, int budget) {
    return measured(work, "hidden", budget);
  }

  private static Measured.Peaks measured(BenchSize work, String what, int budget) {
    List<Object> arguments =
        List.of(what, budget, work.rows(), work.vocabulary(), work.width(), work.device());
    List<String> words =
        OtherProgram.java(
                Memory.class.getName(),
                "-Xms" + HEAP,
                "-Xmx" + HEAP,
                "-XX:+UseSerialGC",
                "-XX:+AlwaysPreTouch",
                // Native memory has no limit of its own; by default it follows the heap's.
                "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0")
            .appendAll(arguments.map(String::valueOf));
    Map<String, Double> said = OtherProgram.numbers(words, LATER, FIRST);
    return new Measured.Peaks(said.get(FIRST).get(), said.get(LATER).get());
  }

  /**
   * Prints {@code first_mib=… peak_mib=…}.
   *
   * @param arguments {@code logits}, {@code in-place} or {@code hidden}, the budget in MiB, rows,
   *     vocabulary, width, device
   */
  public static void main(String[] arguments) {
    TensorFlowRuntime.start();
    Loss loss = Workload.surrogate();
    BenchSize work =
        new BenchSize(
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            1,
            arguments[5]);
    int budget = Integer.parseInt(arguments[1]);
    Measured.Peaks peaks;
    if (arguments[0].equals("hidden")) {
      Measured.Peaks unused = new HiddenFigures(loss, SMALL).peaks(1);
      peaks = new HiddenFigures(loss, work).peaks(budget);
    } else {
      boolean inPlace = arguments[0].equals("in-place");
      Measured.Peaks unused = new LogitsFigures(loss, SMALL).peaks(inPlace);
      peaks = new LogitsFigures(loss, work).peaks(inPlace);
    }
    System.out.printf(
        Locale.ROOT,
        "%s %s=%.1f %s=%.1f%n",
        arguments[0],
        FIRST,
        peaks.first(),
        LATER,
        peaks.later());
  }
}
