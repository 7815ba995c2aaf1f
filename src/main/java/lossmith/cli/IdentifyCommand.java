package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import lossmith.blackbox.AdvantageProfile;
import lossmith.blackbox.Identification;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Problem;
import lossmith.objective.Objectives;
import lossmith.python.PythonFunction;
import lossmith.recipes.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code identify --python FILE.py:FUNCTION}: which objective a loss in Python is. */
@Command(
    name = "identify",
    mixinStandardHelpOptions = true,
    description = {
      "Says which objective a loss in Python is: one with the same value and gradient, among all"
          + " recipes under all conventions and ways to make a mean; else a known one with up to"
          + " three parts exchanged, each told, with which it is equal; else the nearest one and"
          + " what the loss does otherwise.",
      "Of a function of rewards it says which advantage estimator it is, under which conventions.",
      "What the loss is seen to do comes first: its denominator, what it makes of the ratio on"
          + " either side, its penalty by value and by gradient."
    })
public final class IdentifyCommand implements Runnable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @picocli.CommandLine.Option(
      names = "--json",
      paramLabel = "FILE",
      description = "writes what is found as JSON")
  private @Nullable Path json;

  @Mixin private final PythonOptions python = new PythonOptions();

  /**
   * The command.
   *
   * @param objectives what a loss may be
   */
  public IdentifyCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public void run() {
    if (!python.asked()) {
      throw Problem.of(
              "identify",
              "nothing to identify",
              "--python FILE.py:FUNCTION",
              "identify --python loss.py:my_loss")
          .exception();
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    Option<Path> file = Option.of(json);
    Output.check(file.toList(), List.empty());
    try (PythonFunction function = python.open()) {
      ObjectNode root =
          MAPPER
              .createObjectNode()
              .put("function", function.name())
              .put("called", function.calling());
      out.println(function.name() + ", called as " + function.calling());
      if (function.estimates()) {
        AdvantageProfile seen = AdvantageProfile.identified(function.advantage());
        seen.words().forEach(word -> out.println("  " + word._1 + " is " + word._2));
        out.println(seen);
        root.setAll(seen.json(MAPPER));
      } else {
        Identification found = identify(function, objectives.all(), err);
        found.seen().words().forEach(word -> out.println("  " + word._1 + " is " + word._2));
        out.println(found);
        root.setAll(found.json(MAPPER));
      }
      out.flush();
      for (Path to : file) {
        Output.write(
            to, part -> MAPPER.writerWithDefaultPrettyPrinter().writeValue(part.toFile(), root));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Identification identify(
      PythonFunction function, Seq<Recipe> recipes, PrintWriter err) {
    try (Progress progress = new Progress(err)) {
      return Identification.of(
          function, recipes, i -> progress.show(function.name(), "recipes", i, recipes.size()));
    }
  }
}
