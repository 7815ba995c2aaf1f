package lossmith.cli;

import io.vavr.collection.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code recipes}: what there is to score and show. */
@Command(name = "recipes", mixinStandardHelpOptions = true, description = "Lists the recipes.")
public final class RecipesCommand implements Runnable {
  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  /**
   * The command.
   *
   * @param objectives the recipes it lists
   */
  public RecipesCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public void run() {
    int width = objectives.all().map(recipe -> recipe.name().length()).max().getOrElse(0);
    var lines =
        objectives.all().map(r -> r.name() + " ".repeat(width + 2 - r.name().length()) + r.title());
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    List.ofAll(lines).forEach(out::println);
  }
}
