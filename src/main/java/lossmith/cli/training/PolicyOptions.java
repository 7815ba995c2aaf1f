package lossmith.cli.training;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import lossmith.console.Interrupts;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.lab.RunFolder;
import lossmith.lab.WarmStart;
import lossmith.lab.policy.Network;
import lossmith.lab.task.Task;
import org.jspecify.annotations.Nullable;

/** The policy that training starts from, as options. */
public final class PolicyOptions {
  /** Each has some six times the weights of the one before. */
  private enum Size {
    SMALL(2, 32),
    USUAL(3, 64),
    LARGE(4, 128);

    private final int layers;
    private final int width;

    Size(int layers, int width) {
      this.layers = layers;
      this.width = width;
    }

    String named() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @picocli.CommandLine.Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "usual",
      description =
          "of the transformer: small (2 layers of width 32), usual (3 of 64) or large (4 of 128)"
              + " (default: ${DEFAULT-VALUE})")
  private String size = Size.USUAL.named();

  @picocli.CommandLine.Option(
      names = "--layers",
      description = "of the transformer (default: that of --size)")
  private @Nullable Integer layers;

  @picocli.CommandLine.Option(
      names = "--width",
      description = "of the transformer (default: that of --size)")
  private @Nullable Integer width;

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

  @picocli.CommandLine.Option(
      names = "--reference",
      paramLabel = "FOLDER",
      description =
          "the run whose policy, as it is there, is the reference, and the teacher of a"
              + " distillation (default: the start policy)")
  private @Nullable Path reference;

  /** {@return whether a reference was typed} */
  public boolean hasReference() {
    return reference != null;
  }

  /** {@return the weights of the reference that was typed, if one was} */
  public Option<float[]> reference(Task task, Network network) throws IOException {
    return reference == null
        ? Option.none()
        : Option.some(new RunFolder(reference).policy(task, network));
  }

  /** {@return a network of these sizes for the symbols of a task} */
  public Network network(Task task) {
    return new Network(WarmStart.size(task, layers(), width(), heads));
  }

  private int layers() {
    return Option.of(layers).getOrElse(() -> size().get().layers);
  }

  private int width() {
    return Option.of(width).getOrElse(() -> size().get().width);
  }

  /** The size of the name that was typed, if there is one. */
  private Option<Size> size() {
    return List.of(Size.values()).find(one -> one.named().equals(size));
  }

  /**
   * Makes the folder for the start policy where it is not kept yet, before the demonstrations.
   *
   * @throws lossmith.dsl.ProblemException where nothing can be kept there
   */
  public void prepare(Task task, Network network) {
    Path folder = folder();
    if (Files.exists(new WarmStart(task, network, steps(task)).file(folder))) {
      return;
    }
    try {
      Path made = Files.createDirectories(folder);
      if (!Files.isWritable(made)) {
        throw new AccessDeniedException(made.toString());
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /** The weights, from the folder where they are kept if they are there; none if stopped. */
  public Option<float[]> start(
      Task task, Network network, Progress progress, Interrupts interrupts) {
    int warm = steps(task);
    try {
      return new WarmStart(task, network, warm)
          .weights(
              folder(),
              done -> progress.show("demonstrations", "steps", done, warm),
              interrupts::isAsked);
    } catch (IOException e) {
      throw unwritable(folder(), e);
    }
  }

  private static ProblemException unwritable(Path folder, IOException e) {
    return Problem.of(
            "cache",
            "--cache " + folder + ", which cannot be used: " + Output.why(e),
            "a folder that can be read and written, and room in it, for start policies",
            "--cache with another folder")
        .exception();
  }

  private Path folder() {
    return Option.of(cache).getOrElse(PolicyOptions::usualCache);
  }

  private int steps(Task task) {
    return Option.of(warmSteps).getOrElse(task.warmSteps());
  }

  private static Path usualCache() {
    return Path.of(System.getProperty("user.home", "."), ".cache", "lossmith");
  }

  /** {@return what is wrong with what was typed} */
  public Seq<Problem> problems(Task task) {
    return Option.when(
            steps(task) < 0,
            () ->
                Problem.of(
                    "warm-steps",
                    "--warm-steps " + steps(task),
                    "a whole number, 0 or more",
                    "--warm-steps 400"))
        .toList()
        .appendAll(
            Option.when(
                size().isEmpty(),
                () ->
                    Problem.of(
                        "size",
                        "--size " + size,
                        List.of(Size.values()).map(Size::named).mkString(", "),
                        "one of them, or --layers and --width")));
  }

  /** What a page says of it. */
  public String told() {
    return layers() + (layers() == 1 ? " layer" : " layers") + " of width " + width();
  }
}
