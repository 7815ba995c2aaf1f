package lossmith.cli.training;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import lossmith.console.Interrupts;
import lossmith.console.Progress;
import lossmith.dsl.Problem;
import lossmith.lab.WarmStart;
import lossmith.lab.policy.Network;
import lossmith.lab.task.Task;
import org.jspecify.annotations.Nullable;

/** The policy that training starts from, as options. */
public final class PolicyOptions {
  @picocli.CommandLine.Option(
      names = "--layers",
      defaultValue = "3",
      description = "of the transformer (default: ${DEFAULT-VALUE})")
  private int layers;

  @picocli.CommandLine.Option(
      names = "--width",
      defaultValue = "64",
      description = "of the transformer (default: ${DEFAULT-VALUE})")
  private int width;

  @picocli.CommandLine.Option(
      names = "--heads",
      defaultValue = "4",
      description = "of its attention (default: ${DEFAULT-VALUE})")
  private int heads;

  @picocli.CommandLine.Option(
      names = "--warm-steps",
      paramLabel = "N",
      description = "steps of demonstrations before (default: the task's own)")
  private @Nullable Integer warmSteps;

  @picocli.CommandLine.Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description = "where start policies are kept (default: ~/.cache/lossmith)")
  private @Nullable Path cache;

  /** {@return a network of these sizes for the symbols of a task} */
  public Network network(Task task) {
    return new Network(WarmStart.size(task, layers, width, heads));
  }

  /** The weights, from the folder where they are kept if they are there; none if stopped. */
  public Option<float[]> start(Task task, Network network, Progress progress, Interrupts interrupts)
      throws IOException {
    int warm = steps(task);
    return new WarmStart(task, network, warm)
        .weights(
            Option.of(cache).getOrElse(PolicyOptions::usualCache),
            done -> progress.show("demonstrations", "steps", done, warm),
            interrupts::isAsked);
  }

  private int steps(Task task) {
    return Option.of(warmSteps).getOrElse(task.warmSteps());
  }

  private static Path usualCache() {
    return Path.of(System.getProperty("user.home", "."), ".cache", "lossmith");
  }

  /** {@return what is wrong with what was typed} */
  public Seq<Problem> problems(Task task) {
    return steps(task) >= 0
        ? List.empty()
        : List.of(
            Problem.of(
                "warm-steps",
                "--warm-steps " + steps(task),
                "a whole number, 0 or more",
                "--warm-steps 400"));
  }

  /** What a page says of it. */
  public String told() {
    return layers + (layers == 1 ? " layer" : " layers") + " of width " + width;
  }
}
