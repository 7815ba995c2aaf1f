package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkSize;
import lossmith.lab.task.Task;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;

/** Runs of a policy that learns within seconds to write a letter again. */
final class EchoRuns {
  static final Task TASK = new Echo(1);

  static final NetworkSize SIZE = WarmStart.size(TASK, 1, 16, 2);

  static final String HELD = "val-core/echo/pass@1";

  static TrainingSettings settings(int steps, double rate) {
    return new TrainingSettings(
        3,
        steps,
        0,
        new TrainingSettings.Sampling(8, 4, 1),
        new TrainingSettings.Updating(2, 1, rate, 1, 0),
        new TrainingSettings.Measuring(4, 4, 4, List.of(2)),
        TrainingSettings.Discounting.usual(),
        LinkedHashMap.empty());
  }

  static Trainable recipe(String name) {
    return new Trainable(
        name, Recipes.all().find(r -> r.name().equals(name)).get().loss(Conventions.paper()));
  }

  static Run run(String recipe, int steps) {
    return new Run(
        TASK, recipe(recipe), settings(steps, 5e-3), Controllers.none(), 3, HashSet.empty());
  }

  /** The numbers of a step that do not tell the time. */
  static Map<String, Double> timeless(Map<String, Double> numbers) {
    return numbers.rejectKeys(name -> name.startsWith("timing") || name.startsWith("perf"));
  }

  static Map<String, Double> at(SortedMap<Long, Map<String, Double>> rows, long step) {
    return Objects.requireNonNull(rows.get(step));
  }

  static SortedMap<Long, Map<String, Double>> trained(
      Network network, Run run, Path folder, boolean resume, int stopAfter) throws IOException {
    return trained(network, run, start(network), folder, resume, stopAfter);
  }

  static Start start(Network network) {
    return Start.of(
        new WarmStart(TASK, network, TASK.warmSteps()).trained(done -> {}, () -> false).get());
  }

  static SortedMap<Long, Map<String, Double>> trained(
      Network network, Run run, Start start, Path folder, boolean resume, int stopAfter)
      throws IOException {
    SortedMap<Long, Map<String, Double>> rows = new TreeMap<>();
    Run.End end =
        run.run(
            network,
            start,
            new RunFolder(folder),
            resume,
            last -> List.empty(),
            (step, numbers) -> rows.put(step, timeless(numbers)),
            () -> !rows.isEmpty() && rows.lastKey() >= stopAfter);
    assertEquals(stopAfter < run.settings().steps(), end.stopped());
    return rows;
  }

  /** The mean of a number from one step to another. */
  static double mean(SortedMap<Long, Map<String, Double>> rows, String number, long from, long to) {
    return rows.subMap(from, to + 1).values().stream()
        .mapToDouble(row -> row.get(number).get())
        .average()
        .orElseThrow();
  }

  private EchoRuns() {}
}
