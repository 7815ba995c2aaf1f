package lossmith.dsl.schedule;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/** A schedule in words. */
final class ScheduleText {
  private final Schedule schedule;

  ScheduleText(Schedule schedule) {
    this.schedule = schedule;
  }

  String text() {
    Seq<String> stages =
        schedule
            .stages()
            .zipWithIndex()
            .map(
                stage ->
                    "stage "
                        + (stage._2 + 1)
                        + ", of "
                        + (stage._1.policy() ? "the policy" : "the data")
                        + ": "
                        + stage._1.statistics().map(ScheduleText::name).distinct().mkString(", "));
    Seq<String> seeds =
        schedule.seeds().isEmpty()
            ? List.empty()
            : List.of("live seeds: " + schedule.seeds().map(ScheduleText::name).mkString(", "));
    return List.of("unit of split: " + lower(schedule.unit()))
        .appendAll(stages)
        .appendAll(seeds)
        .append(
            "logits are read " + (schedule.sweeps() == 1 ? "once" : schedule.sweeps() + " times"))
        .mkString("\n");
  }

  private static String lower(Level.Name level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static String name(Node node) {
    String to = Span.of(node).map(ScheduleText::lower).getOrElse("");
    if (node instanceof Node.Reduce x) {
      return x.op() + " to the " + to;
    }
    String kind =
        node instanceof Node.SumByKey sum
            ? sum.cumulative() ? "cumulative sum" : "sum by key"
            : node.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return kind + " within the " + to;
  }
}
