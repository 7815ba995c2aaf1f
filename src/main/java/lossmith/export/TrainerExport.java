package lossmith.export;

import com.samskivert.mustache.Mustache;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.python.Signature;
import lossmith.dsl.python.Surroundings;
import lossmith.dsl.python.TorchModule;
import lossmith.dsl.schedule.TokenSum;
import lossmith.recipes.Recipe;
import lossmith.report.ResourceText;

/**
 * An objective as a file that a trainer runs in place of its own loss, cut where the policy enters:
 * advantages, and what each token counts, are computed where the whole batch is, the rest in the
 * trainer's hook for a loss.
 */
public final class TrainerExport {
  /** Between the imports of a template, its code, and the lines that switch it on. */
  private static final String SECTION = "(?m)^---\n";

  private final Trainer trainer;
  private final Recipe recipe;
  private final Objective objective;
  private final Either<String, TokenSum> cut;
  private final Loss live;
  private final Signature signature;

  private TrainerExport(Trainer trainer, Recipe recipe, Objective objective) {
    this.trainer = trainer;
    this.recipe = recipe;
    this.objective = objective;
    Set<String> before = trainer.before().toLinkedSet();
    Set<String> handed = trainer.policy().appendAll(trainer.handed()).toLinkedSet();
    try {
      this.cut = TokenSum.of(objective.loss(), before, handed);
    } catch (ProblemException e) {
      throw lacking(e);
    }
    if (cut.isLeft() && !trainer.whole()) {
      throw refused(
          "rows have no share of the loss by themselves: " + cut.getLeft(),
          "an objective of which each response has its share, or an export to trl or pytorch");
    }
    this.live = cut.map(TokenSum::live).getOrElse(objective.loss());
    this.signature = Signature.of(live);
    refuseOtherStatistics();
  }

  /**
   * {@return the text of each file by its name: the module, its test, what switches it on}
   *
   * @throws ProblemException where the trainer lacks what the objective reads, or would scale it
   *     wrongly
   */
  public static Map<String, String> files(Trainer trainer, Recipe recipe, Objective objective) {
    TrainerExport export = new TrainerExport(trainer, recipe, objective);
    String[] text = export.filled(trainer.id() + ".py.mustache").split(SECTION);
    return LinkedHashMap.of(
        export.module() + ".py",
        export.module(text[0], text[1]),
        export.module() + ".md",
        text[2],
        "test_" + export.module() + ".py",
        export.filled("test.py.mustache"),
        "test_" + export.module() + ".json",
        GoldenCases.of(
            objective, export.prepared(), export.there().appendAll(trainer.before()), export.signature));
  }

  private String module() {
    return TorchModule.name(objective.name()) + "_" + trainer.id().replace("-", "_");
  }

  private ProblemException lacking(ProblemException e) {
    Seq<String> columns =
        e.problems().map(p -> p.expected()).distinct();
    return refused(
        columns.mkString(" and "),
        "an objective over "
            + trainer.policy().appendAll(trainer.handed()).appendAll(trainer.before()).mkString(", "));
  }

  private ProblemException refused(String wrote, String remedy) {
    return Problem.of(
            "export",
            objective.name() + " for " + trainer.title() + ", where " + wrote,
            "what its hook for a loss has and can scale",
            remedy)
        .exception();
  }

  /** The columns that the hook can read. */
  private Seq<String> there() {
    return trainer
        .policy()
        .appendAll(trainer.handed())
        .appendAll(cut.isLeft() ? trainer.before() : prepared().keySet());
  }

  private void refuseOtherStatistics() {
    Seq<String> lacking =
        signature
            .columns()
            .map(Node.Input::name)
            .reject(name -> there().contains(name) || signature.fallbacks().containsKey(name));
    if (!lacking.isEmpty()) {
      throw refused(
          "it reads " + lacking.map(this::described).mkString(", ") + ", which is not handed over",
          "an objective over " + there().mkString(", "));
    }
  }

  private String described(String column) {
    return Signature.of(objective.loss())
        .split()
        .statistics()
        .get(column)
        .map(node -> lossmith.dsl.print.Formula.unicode(node).strip())
        .getOrElse(column);
  }

  private Map<String, Node> prepared() {
    return cut.map(TokenSum::prepared).getOrElse(LinkedHashMap.empty());
  }

  private String filled(String template) {
    return Mustache.compiler()
        .escapeHTML(false)
        .compile(ResourceText.read("/export/trainers/" + template))
        .execute(fields().toJavaMap());
  }

  private String module(String imports, String code) {
    return TorchModule.of(
        objective.name(),
        TorchExport.head(recipe, objective),
        live,
        new Surroundings(prepared(), imports, code, "ObjectiveTrainer"));
  }

  private Map<String, Object> fields() {
    Map<String, String> names = TorchModule.arguments(objective.name(), live);
    Map<String, String> before = TorchModule.arguments(prepared());
    Seq<String> settings =
        signature.parameters().map(Node.ParameterValue::name).filter(names::containsKey);
    Inputs known = Inputs.of(prepared().values());
    Seq<Node.ParameterValue> parameters =
        signature.parameters().appendAll(known.parameters()).distinctBy(p -> p.name());
    return HashMap.<String, Object>empty()
        .put("module", module())
        .put("function", TorchModule.name(objective.name()))
        .put("whole", cut.isLeft())
        .put("why", cut.swap().getOrElse(""))
        .put("defaults", parameters.map(TrainerExport::initial).mkString("{", ", ", "}"))
        .put("before", taken(known.columns().map(Node.Input::name), before))
        .put("before_settings", taken(known.parameters().map(p -> p.name()), before))
        .put(
            "arguments",
            taken(signature.columns().map(Node.Input::name).filter(there()::contains), names))
        .put("own_settings", taken(settings, names))
        .put("reads_step", settings.contains("step"))
        .put("reads", signature.columns().toJavaMap(c -> Tuple.of(c.name(), true)));
  }

  private static String initial(Node.ParameterValue parameter) {
    return "\"" + parameter.name() + "\": " + TorchModule.number(parameter.range().initial());
  }

  /** Columns or parameters, each with the argument that takes it. */
  private static java.util.List<?> taken(Seq<String> names, Map<String, String> arguments) {
    return names
        .distinct()
        .map(name -> java.util.Map.of("of", name, "name", arguments.get(name).get()))
        .asJava();
  }
}
