package lossmith.cli.training;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import lossmith.console.TextTable;

/** Where the time of the steps of a run, or of several, went. */
public final class StepTimes {
  private static final Seq<String> HEAD =
      List.of("steps after the first", "ms", "tokens/s", "sampling", "network", "loss", "the rest");

  private static final double PERCENT = 100;
  private static final double MILLISECONDS = 1000;

  /** The step in which TensorFlow compiles the objective; its time is not that of others. */
  private static final long COMPILED = 1;

  private long steps;
  private double all;
  private double sampling;
  private double network;
  private double loss;
  private double tokens;

  /** Takes the numbers of a step. */
  public void add(long step, Map<String, Double> numbers) {
    if (step <= COMPILED) {
      return;
    }
    double seconds = numbers.getOrElse("timing_s/step", 0.0);
    steps++;
    all += seconds;
    sampling += numbers.getOrElse("timing_s/gen", 0.0);
    network += numbers.getOrElse("timing_s/network", 0.0);
    loss += numbers.getOrElse("timing_s/loss", 0.0);
    tokens += seconds * numbers.getOrElse("perf/throughput", 0.0);
  }

  /** {@return a line about one run; none where it has made no step after the first} */
  public Option<String> line() {
    return Option.when(
        all > 0,
        () ->
            String.format(
                Locale.ROOT,
                "%.1f s of steps after the first, %.0f tokens/s; sampling %s, network %s, loss %s"
                    + " of a step",
                all,
                tokens / all,
                share(sampling),
                share(network),
                share(loss)));
  }

  /** {@return a table with a line for each objective that has made a step after the first} */
  public static String table(Map<String, StepTimes> objectives) {
    Seq<Seq<String>> rows =
        objectives.filterValues(times -> times.all > 0).toList().map(one -> one._2.row(one._1));
    return rows.isEmpty() ? "" : TextTable.of(rows.prepend(HEAD));
  }

  private Seq<String> row(String objective) {
    return List.of(
        objective,
        String.format(Locale.ROOT, "%.1f", MILLISECONDS * all / steps),
        String.format(Locale.ROOT, "%.0f", tokens / all),
        share(sampling),
        share(network),
        share(loss),
        share(all - sampling - network - loss));
  }

  private String share(double seconds) {
    return String.format(Locale.ROOT, "%.1f%%", PERCENT * seconds / all);
  }
}
