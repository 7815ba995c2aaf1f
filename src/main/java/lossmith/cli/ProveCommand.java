package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.Lazy;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.print.Formula;
import lossmith.objective.Objectives;
import lossmith.ops.Compile;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.museum.Museum;
import lossmith.proofs.mutation.MutationScore;
import lossmith.proofs.mutation.Survivor;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code prove RECIPE…}: checks an objective against every law, on random cases.
 *
 * <p>Long because each thing that it tries has its options here.
 */
@Command(
    name = "prove",
    mixinStandardHelpOptions = true,
    description = {
      "Checks objectives against the laws of every objective, those of what each part reads as,"
          + " which is printed first, and those of their own claims, on random cases. A law that is"
          + " broken is shown with what to write instead, the smallest case and its seed, the law"
          + " that tells most first; a change after which all laws hold stands before them."
          + " A case in which rounding would decide is drawn again, at most 100 times; fewer than"
          + " half of the cases drawn, or a gradient that is 0 in all of them, is no proof and"
          + " exits with 1. Columns that only this objective reads are drawn at their level.",
      "--museum visits real bugs of public systems: where each came from and what caught it.",
      "--mutants makes every mistake at every term of a recipe and counts those that are noticed.",
      "--independent compares value and gradient with loops over plain arrays that share no code.",
      "--python holds a function of a Python file to the laws that need no formula: what it is seen"
          + " to do comes first, then each law that it breaks, with the smallest batch and a guess."
    })
public final class ProveCommand implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE",
      description = "recipes, parts joined with +, classes, Java files or expressions")
  private java.util.@Nullable List<String> names;

  @picocli.CommandLine.Option(names = "--all", description = "every recipe")
  private boolean all;

  @picocli.CommandLine.Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "a class on the class path that implements lossmith.recipes.Recipe")
  private java.util.@Nullable List<String> classes;

  @picocli.CommandLine.Option(names = "--museum", description = "the museum of real loss bugs")
  private boolean museum;

  @picocli.CommandLine.Option(names = "--mutants", description = "every mutant of the recipes")
  private boolean mutants;

  @picocli.CommandLine.Option(
      names = "--law",
      paramLabel = "NAME",
      description =
          "holds the recipes to this law alone; may be given again. The laws of every objective"
              + " and of what its parts read as: ${COMPLETION-CANDIDATES}; and those of the"
              + " recipes' claims",
      completionCandidates = LawNames.class)
  private java.util.@Nullable List<String> named;

  @picocli.CommandLine.Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "100",
      description = "cases per law (default: ${DEFAULT-VALUE}, twice what --curve asks for)")
  private int cases;

  @picocli.CommandLine.Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "seed of the first case; --seed S --cases 1 is one case again")
  private long seed;

  @picocli.CommandLine.Option(
      names = "--json",
      paramLabel = "FILE",
      description = "writes the table as JSON")
  private @Nullable Path json;

  @picocli.CommandLine.Mixin private final ConventionsOption conventions = new ConventionsOption();

  @picocli.CommandLine.Mixin private final AcceptedFindings accepted = new AcceptedFindings();

  @picocli.CommandLine.Mixin private final CurveOfCases curve = new CurveOfCases();

  @picocli.CommandLine.Mixin private final IndependentProof independent = new IndependentProof();

  @picocli.CommandLine.Mixin private final PythonProof python = new PythonProof();

  /**
   * The command.
   *
   * @param objectives the recipes it finds by name
   */
  public ProveCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public Integer call() throws IOException {
    if (independent.asked()) {
      return independent.run(seed, out(), err()) ? 0 : UserErrors.FAILED;
    }
    Problem.throwAll(mistakes());
    if (python.asked()) {
      Seq<String> laws = List.ofAll(Option.of(named).getOrElse(java.util.List.of()));
      Option<Path> to = Option.of(json);
      return python.run(laws, cases, seed, to, accepted, out(), err()) ? 0 : UserErrors.FAILED;
    }
    Compile.prepare();
    if (curve.asked()) {
      curve.print(recipes(), seed, out(), err());
      return 0;
    }
    Seq<Path> file = Option.of(json).toList();
    Output.check(file, Objectives.files(typed()));
    ObjectNode root = MAPPER.createObjectNode();
    boolean holds = true;
    if (museum) {
      holds = museum(root);
    }
    Seq<Recipe> recipes = recipes();
    if (mutants) {
      holds &= mutants(recipes, root);
    } else if (recipes.nonEmpty()) {
      holds &= proofs(recipes, root);
    }
    for (Path path : file) {
      Output.write(
          path, to -> MAPPER.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), root));
    }
    return holds ? 0 : UserErrors.FAILED;
  }

  /** What picocli lists for {@code --law}. */
  static final class LawNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Laws.all().appendAll(Laws.ofRoles()).map(Law::name).iterator();
    }
  }

  private Seq<Problem> mistakes() {
    Seq<Problem> found = List.empty();
    if (cases < 1) {
      found = found.append(Problem.of("cases", "--cases " + cases, "at least 1", "--cases 100"));
    }
    boolean recipes = all || names != null || classes != null;
    if (python.asked() && (recipes || museum || mutants || curve.asked())) {
      found =
          found.append(
              Problem.of(
                  "prove",
                  "--python beside something else to prove",
                  "one of them",
                  "prove --python FILE.py:FUNCTION"));
    }
    if (!museum && !curve.asked() && !recipes && !python.asked()) {
      found =
          found.append(
              Problem.of(
                  "prove",
                  "nothing to prove",
                  "RECIPE…, --class CLASS, --all, --museum or --python FILE.py:FUNCTION",
                  "prove grpo"));
    }
    if (named != null && (museum || mutants)) {
      found =
          found.append(
              Problem.of(
                  "law",
                  "--law beside " + (museum ? "--museum" : "--mutants"),
                  "--law beside recipes: exhibits and mutants are tried on the laws that are"
                      + " theirs",
                  "prove grpo --law gradient"));
    }
    return found;
  }

  private Seq<String> typed() {
    return List.ofAll(Option.of(names).getOrElse(java.util.List.of()))
        .appendAll(Option.of(classes).getOrElse(java.util.List.of()));
  }

  private Seq<Recipe> recipes() {
    Seq<Recipe> named = typed().isEmpty() ? List.empty() : objectives.select(typed().mkString(","));
    return all ? objectives.all().appendAll(named).distinctBy(Recipe::name) : named;
  }

  /** The requested laws, among those that apply to some recipe. */
  private Option<Seq<String>> asked(Supplier<Seq<String>> all) {
    Option<Seq<String>> asked = Option.of(named).map(List::ofAll);
    Seq<String> known = asked.map(some -> all.get()).getOrElse(List.empty());
    Problem.throwAll(
        asked
            .getOrElse(List.empty())
            .removeAll(known)
            .map(
                name ->
                    Problem.of(
                        "law",
                        "\"" + name + "\", no law of these recipes" + Nearest.to(name, known),
                        Nearest.among(name, known),
                        "--law gradient")));
    return asked;
  }

  private boolean proofs(Seq<Recipe> recipes, ObjectNode root) throws IOException {
    Lazy<Seq<String>> known = Lazy.of(() -> recipes.flatMap(Laws::of).map(Law::name).distinct());
    Option<Seq<String>> asked = asked(known);
    Map<String, String> reasons = accepted.reasons(() -> asked.getOrElse(known));
    Progress progress = new Progress(err());
    Seq<Proof> proofs = List.empty();
    Seq<String> formulas = List.empty();
    for (Recipe recipe : recipes) {
      try (Subject subject = Subject.of(recipe, conventions.value())) {
        String place = (proofs.size() + 1) + "/" + recipes.size() + " " + recipe.name();
        Seq<Law> laws =
            Laws.of(subject).filter(law -> asked.forAll(those -> those.contains(law.name())));
        Proof proof =
            Prover.prove(subject, laws, cases, seed, i -> progress.show(place, "cases", i, cases));
        Seq<String> seen =
            proof.observed().isEmpty() ? Prover.observed(subject, seed) : List.empty();
        proofs = proofs.append(proof.observing(seen).accepting(reasons));
        formulas = formulas.append(Formula.unicode(subject.loss()).strip().indent(2));
      }
    }
    ProofTable table = new ProofTable(proofs);
    boolean one = proofs.size() == 1;
    for (var shown : proofs.zip(formulas)) {
      Proof proof = shown._1;
      out().print(one ? "" : proof.subject() + ":\n");
      out().print(proof.holds() ? "" : shown._2);
      out().print(proof.presumption() + proof.report());
    }
    out().print(table.text());
    if (one) {
      Proof proof = proofs.head();
      int held = proof.cases().count(law -> proof.verdict(law._1).equals("holds"));
      out().println("  " + held + " of " + proof.cases().size() + " laws hold");
    }
    out().println("What a law asks is said by explain, such as explain finite.");
    table.write(root.putObject("proofs"));
    return proofs.forAll(Proof::holds);
  }

  private boolean museum(ObjectNode root) {
    Progress progress = new Progress(err());
    Seq<Museum.Visit> visits = List.empty();
    int size = Museum.all().size();
    for (var exhibit : Museum.all()) {
      progress.show("museum", "exhibits", visits.size(), size);
      visits = visits.append(Museum.visit(exhibit, cases, seed));
    }
    ObjectNode node = root.putObject("museum");
    for (Museum.Visit visit : visits) {
      var exhibit = visit.exhibit();
      String caught = visit.caught() ? "caught by " : "NOT caught by ";
      out().println(exhibit.name() + ": " + exhibit.mistake());
      out().println("  from    " + exhibit.source());
      out().println("  harm    " + exhibit.harm());
      out().println("  " + caught + visit.by() + ": " + visit.evidence().mkString());
      node.putObject(exhibit.name())
          .put("source", exhibit.source())
          .put("by", visit.by())
          .put("caught", visit.caught());
    }
    out().println(visits.count(Museum.Visit::caught) + " of " + size + " caught");
    return visits.forAll(Museum.Visit::caught);
  }

  private boolean mutants(Seq<Recipe> recipes, ObjectNode root) {
    Progress progress = new Progress(err());
    Seq<MutationScore> scores = List.empty();
    for (Recipe recipe : recipes) {
      progress.show("mutants", "recipes", scores.size(), recipes.size());
      scores = scores.append(MutationScore.of(recipe, cases, seed));
    }
    scores.forEach(out()::println);
    int total = scores.map(MutationScore::mutants).sum().intValue();
    int kills = scores.map(MutationScore::kills).sum().intValue();
    double share = 100.0 * kills / Math.max(1, total);
    out().printf(Locale.ROOT, "%d of %d mutants noticed, %.2f%%%n", kills, total, share);
    ObjectNode node = root.putObject("mutants");
    for (MutationScore score : scores) {
      ObjectNode one = node.putObject(score.recipe());
      one.put("mutants", score.mutants()).put("noticed", score.kills());
      write(one.putArray("open"), score.survivors());
      write(one.putArray("equivalent"), score.equivalent());
    }
    return kills >= 0.98 * total;
  }

  private static void write(ArrayNode to, Seq<Survivor> survivors) {
    survivors.forEach(
        s -> to.addObject().put("mutant", s.mutant().toString()).put("reason", s.reason()));
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }
}
