package lossmith.cli;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Loss;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.export.Appendix;
import lossmith.export.ExportFormat;
import lossmith.export.Objective;
import lossmith.export.ObjectiveJson;
import lossmith.export.TorchExport;
import lossmith.export.TorchPackage;
import lossmith.export.TrainerExport;
import lossmith.objective.Objectives;
import lossmith.ops.SavedLoss;
import lossmith.ops.memory.Precision;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Recipe;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Parts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code export RECIPE}: an objective as a file for other programs. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Writes an objective for other programs.",
    footer = {
      "",
      "json: the graph of nodes, parts and metrics, with the objective's fingerprint. Every command"
          + " that takes a RECIPE takes such a file too, by its name, which ends in .json.",
      "pytorch: a module that needs PyTorch alone, with the gradient in closed form; --all --dir"
          + " writes a package of all recipes and parts.",
      "trl, verl, prime-rl, skyrl, nemo-rl, slime, openrlhf, open-instruct, tinker: a file that the"
          + " trainer runs in place of its own loss; --dir writes it, the lines that switch it on,"
          + " and a test with numbers of the reference.",
      "tinker-graph: the request that gives tinker's service the loss as a graph (not tried).",
      "saved-model: a TensorFlow SavedModel with signatures of log-probs and of logits, written to"
          + " the folder --out.",
      "markdown, latex: formula, gradient, symbols, columns, parameters and the laws it was held"
          + " to, for the appendix of a paper."
    })
public final class ExportCommand implements Runnable {
  /** Of the first case of the table of laws. */
  private static final long SEED = 1;

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RECIPE",
      description = "a recipe, parts joined with +, a class, a Java or JSON file or an expression")
  private String name = "";

  @picocli.CommandLine.Option(
      names = "--to",
      paramLabel = "FORMAT",
      required = true,
      converter = FormatReader.class,
      description = "${COMPLETION-CANDIDATES}")
  private ExportFormat format = ExportFormat.JSON;

  @picocli.CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to (default: standard output); with saved-model a new folder")
  private @Nullable Path out;

  @picocli.CommandLine.Option(
      names = "--all",
      description = "every recipe and part, as a package for Python (with --to pytorch --dir)")
  private boolean all;

  @picocli.CommandLine.Option(
      names = "--dir",
      paramLabel = "D",
      description = "the folder for files that belong together, which is made")
  private @Nullable Path folder;

  @picocli.CommandLine.Option(
      names = "--cases",
      defaultValue = "100",
      description =
          "random cases for the table of laws of markdown and latex (default: ${DEFAULT-VALUE})")
  private int cases;

  @picocli.CommandLine.Option(
      names = "--without",
      split = ",",
      paramLabel = "COLUMN",
      description = "with saved-model, columns that will not be there (others are inputs)")
  private java.util.List<String> without = new ArrayList<>();

  @picocli.CommandLine.Option(
      names = "--float64",
      description = "with saved-model, double precision (default: single)")
  private boolean float64;

  @picocli.CommandLine.Mixin private final ConventionsOption conventions = new ConventionsOption();

  /** Reads a format. */
  static final class FormatReader implements ITypeConverter<ExportFormat> {
    @Override
    public ExportFormat convert(String written) {
      List<String> words = ExportFormat.words();
      String word = written.toLowerCase(Locale.ROOT);
      return ExportFormat.named(written)
          .getOrElseThrow(
              () ->
                  new TypeConversionException(
                      "expected one of "
                          + words.mkString(", ")
                          + " but was '"
                          + written
                          + "'"
                          + Nearest.to(word, words.sortBy(other -> begins(word, other) ? 0 : 1))));
    }

    /** Of words as near, what begins with the same letter was meant, which is seldom mistyped. */
    private static boolean begins(String word, String other) {
      return other.regionMatches(0, word, 0, 1);
    }
  }

  /**
   * The command.
   *
   * @param objectives the recipes it knows by name
   */
  public ExportCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public void run() {
    Path to = folder;
    boolean whole = all && format == ExportFormat.PYTORCH && name.isEmpty();
    boolean saved = format == ExportFormat.SAVED_MODEL;
    boolean one = !all && !name.isEmpty() && (!saved || out != null);
    boolean forTrainer = one && format.trainer().isDefined();
    boolean inFolder = to != null && out == null && (whole || forTrainer);
    if (!(inFolder || (one && to == null))) {
      throw misplaced();
    }
    if (cases < 1) {
      throw Problem.of("cases", "--cases " + cases, "at least 1", "--cases 100").exception();
    }
    if (format == ExportFormat.SAVED_MODEL) {
      savedModel(Objects.requireNonNull(out));
    } else if (to != null) {
      write(whole ? catalogue() : forTrainer(objectives.named(name)), to);
    } else {
      writeOne();
    }
  }

  private void savedModel(Path to) {
    Loss loss = objective(objectives.named(name)).loss();
    Precision precision = float64 ? Precision.FLOAT64 : Precision.FLOAT32;
    Set<String> absent = LinkedHashSet.ofAll(without);
    try {
      Output.writeFolder(to, folder -> SavedLoss.write(loss, absent, precision, folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    said().println("written to " + to);
    said().flush();
  }

  private ProblemException misplaced() {
    return Problem.of(
            "option",
            "export of " + named() + " to " + format,
            "one objective, with a trainer perhaps in a folder, as a SavedModel in one, or --all of"
                + " them as pytorch in one",
            "export grpo --to pytorch, export grpo --to trl --dir D, export grpo --to saved-model"
                + " --out D, or export --all --to pytorch --dir D")
        .exception();
  }

  private String named() {
    String one = name.isEmpty() ? "no objective" : name;
    return all ? (name.isEmpty() ? "--all" : "--all and " + name) : one;
  }

  private void writeOne() {
    Option<Path> file = Option.of(out);
    Output.check(file.toList(), Objectives.files(List.of(name)));
    String text = text(objectives.named(name));
    PrintWriter screen = said();
    if (file.isEmpty()) {
      screen.print(text);
    } else {
      try {
        Output.write(file.get(), text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      screen.println("written to " + file.get());
    }
    screen.flush();
  }

  private Map<String, String> catalogue() {
    Seq<Recipe> recipes =
        objectives
            .all()
            .appendAll(Parts.all().map(part -> Composition.of(part.name())))
            .distinctBy(Recipe::name);
    return TorchPackage.files(recipes, conventions.value());
  }

  private Map<String, String> forTrainer(Recipe recipe) {
    return TrainerExport.files(format.trainer().get(), recipe, objective(recipe));
  }

  /** The files of an export by their paths in a folder, which is made. */
  private void write(Map<String, String> files, Path to) {
    try {
      for (String file : files.keySet()) {
        Path made = Files.createDirectories(Objects.requireNonNull(to.resolve(file).getParent()));
        assert Files.isDirectory(made);
      }
      Output.check(files.keySet().toList().map(to::resolve), List.empty());
      for (var one : files) {
        Output.write(to.resolve(one._1), one._2);
      }
      said().println(files.size() + " files written to " + to);
      said().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Objective objective(Recipe recipe) {
    return new Objective(recipe.name(), recipe.title(), recipe.loss(conventions.value())).trained();
  }

  private PrintWriter said() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private String text(Recipe recipe) {
    Objective objective = objective(recipe);
    return switch (format) {
      case JSON -> ObjectiveJson.write(objective);
      case PYTORCH -> TorchExport.write(recipe, objective);
      case MARKDOWN -> appendix(recipe, objective).markdown();
      case LATEX -> appendix(recipe, objective).latex();
      case SAVED_MODEL -> throw misplaced();
      default -> forTrainer(recipe).head()._2;
    };
  }

  private Appendix appendix(Recipe recipe, Objective objective) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    try (Progress progress = new Progress(err);
        Subject subject = Subject.of(recipe, conventions.value())) {
      Seq<Law> laws = Laws.of(subject);
      Proof proof =
          Prover.prove(
              subject, laws, cases, SEED, i -> progress.show("proving", "cases", i, cases));
      return new Appendix(recipe, objective.loss(), conventions.shown(), laws, proof, SEED);
    }
  }
}
