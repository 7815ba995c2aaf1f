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
  private static final String IMPORTS_END = "---\n";

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
    return LinkedHashMap.of(export.module() + ".py", export.text());
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

  private String text() {
    String filled =
        Mustache.compiler()
            .escapeHTML(false)
            .compile(ResourceText.read("/export/trainers/" + trainer.id() + ".py.mustache"))
            .execute(fields().toJavaMap());
    int end = filled.indexOf(IMPORTS_END);
    return TorchModule.of(
        objective.name(),
        TorchExport.head(recipe, objective),
        live,
        new Surroundings(
            prepared(),
            filled.substring(0, end),
            filled.substring(end + IMPORTS_END.length()),
            "ObjectiveTrainer"));
  }

  private Map<String, Object> fields() {
    Seq<Node.ParameterValue> ofLive = signature.parameters();
    Seq<Node.ParameterValue> ofPrepared = Inputs.of(prepared().values()).parameters();
    Seq<Node.Input> before = Inputs.of(prepared().values()).columns();
    return HashMap.<String, Object>empty()
        .put("function", TorchModule.name(objective.name()))
        .put("whole", cut.isLeft())
        .put("why", cut.swap().getOrElse(""))
        .put(
            "defaults",
            ofLive
                .appendAll(ofPrepared)
                .distinctBy(Node.ParameterValue::name)
                .map(
                    p ->
                        "\""
                            + TorchModule.name(p.name())
                            + "\": "
                            + TorchModule.number(p.range().initial()))
                .mkString("{", ", ", "}"))
        .put("before", columns(before.distinctBy(Node.Input::name)))
        .put("before_settings", settings(ofPrepared.distinctBy(p -> p.name())))
        .put("arguments", columns(signature.columns().filter(c -> there().contains(c.name()))))
        .put("own_settings", settings(ofLive))
        .put("reads_step", ofLive.exists(p -> p.name().equals("step")))
        .put("reads", signature.columns().toJavaMap(c -> Tuple.of(c.name(), true)));
  }

  private static java.util.List<?> columns(Seq<Node.Input> columns) {
    return columns
        .map(c -> java.util.Map.of("name", TorchModule.name(c.name()), "column", c.name()))
        .asJava();
  }

  private static java.util.List<?> settings(Seq<Node.ParameterValue> parameters) {
    return parameters
        .map(p -> java.util.Map.of("name", TorchModule.name(p.name())))
        .asJava();
  }
}
