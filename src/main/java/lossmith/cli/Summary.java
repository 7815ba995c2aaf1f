package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.PrintWriter;
import lossmith.cli.training.StepTimes;
import lossmith.console.TextTable;
import lossmith.metric.HeldOut;
import lossmith.report.TrainedArm;

/** What is printed of a run: the measurements on held-out prompts, and where the time went. */
final class Summary {
  private final StepTimes times = new StepTimes();
  private Seq<Seq<String>> rows = Vector.empty();

  /** Takes what a run wrote down, because parts of it may have been made before. */
  void add(Seq<Map<String, Double>> steps) {
    steps.forEach(row -> add(row.getOrElse(TrainedArm.STEP, 0.0).longValue(), row));
  }

  private void add(long step, Map<String, Double> numbers) {
    Map<String, Double> measured = numbers.filterKeys(name -> HeldOut.is(name));
    if (measured.nonEmpty()) {
      Seq<String> names = measured.keySet().toList().map(HeldOut::number);
      if (rows.isEmpty()) {
        rows = rows.append(List.of("held out, step").appendAll(names).append("entropy"));
      }
      rows =
          rows.append(
              List.of(String.valueOf(step))
                  .appendAll(measured.values().map(TextTable::number))
                  .append(TextTable.number(numbers.get("actor/entropy"))));
    }
    times.add(step, numbers);
  }

  /** Prints what was taken. */
  void print(PrintWriter out) {
    out.print(TextTable.of(rows));
    times.line().forEach(out::println);
  }
}
