package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.PrintWriter;
import java.util.Locale;
import lossmith.console.TextTable;

/** What is printed of a run: the measurements on held-out prompts, and where the time went. */
final class Summary {
  private static final String HELD_OUT = "val-core/";
  private static final double PERCENT = 100;

  /** The step in which TensorFlow compiles the objective; its time is not that of others. */
  private static final long COMPILED = 1;

  private Seq<Seq<String>> rows = Vector.empty();
  private double all;
  private double sampling;
  private double network;
  private double loss;
  private double tokens;

  /** Takes the numbers of a step. */
  void add(long step, Map<String, Double> numbers) {
    Map<String, Double> measured = numbers.filterKeys(name -> name.startsWith(HELD_OUT));
    if (measured.nonEmpty()) {
      Seq<String> names =
          measured
              .keySet()
              .toList()
              .map(name -> name.substring(name.indexOf('/', HELD_OUT.length()) + 1));
      if (rows.isEmpty()) {
        rows = rows.append(List.of("held out, step").appendAll(names).append("entropy"));
      }
      rows =
          rows.append(
              List.of(String.valueOf(step))
                  .appendAll(measured.values().map(TextTable::number))
                  .append(TextTable.number(numbers.get("actor/entropy"))));
    }
    if (step <= COMPILED) {
      return;
    }
    double seconds = numbers.getOrElse("timing_s/step", 0.0);
    all += seconds;
    sampling += numbers.getOrElse("timing_s/gen", 0.0);
    network += numbers.getOrElse("timing_s/network", 0.0);
    loss += numbers.getOrElse("timing_s/loss", 0.0);
    tokens += seconds * numbers.getOrElse("perf/throughput", 0.0);
  }

  /** Prints what was taken. */
  void print(PrintWriter out) {
    out.print(TextTable.of(rows));
    if (all > 0) {
      out.printf(
          Locale.ROOT,
          "%.1f s of steps after the first, %.0f tokens/s; sampling %.0f%%, network %.0f%%, loss"
              + " %.0f%% of a step%n",
          all,
          tokens / all,
          PERCENT * sampling / all,
          PERCENT * network / all,
          PERCENT * loss / all);
    }
  }
}
