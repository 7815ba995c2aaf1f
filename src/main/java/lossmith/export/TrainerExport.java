package lossmith.export;

import com.samskivert.mustache.Mustache;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.StringReader;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.python.Surroundings;
import lossmith.dsl.python.TorchModule;
import lossmith.export.Trainer.Hands;
import lossmith.export.fx.CustomLossRequest;
import lossmith.export.fx.FxLoss;
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
  private final TrainerCut cut;
  private final Option<FxLoss> graph;

  private TrainerExport(Trainer trainer, Recipe recipe, Objective objective) {
    this.trainer = trainer;
    this.recipe = recipe;
    this.objective = objective;
    this.cut = new TrainerCut(trainer, objective);
    this.graph =
        Option.when(trainer.hands() == Hands.DATUM, () -> FxLoss.of(cut.live(), FxLoss.SATURATION));
  }

  /**
   * {@return the text of each file by its name, first what the trainer asks for: the graph where it
   * asks for one, the module, its test, what switches it on}
   *
   * @throws ProblemException where the trainer lacks what the objective reads, or would scale it
   *     wrongly; where no gradient of the objective reaches anything
   */
  public static Map<String, String> files(Trainer trainer, Recipe recipe, Objective objective) {
    TrainerExport export = new TrainerExport(trainer, recipe, objective.alive());
    String[] text = export.filled(trainer.id() + ".py.mustache").split(SECTION, -1);
    Map<String, String> graph =
        export.graph.toLinkedMap(
            one ->
                Tuple.of(
                    export.module() + ".json", CustomLossRequest.write(objective.name(), one)));
    return graph.merge(export.files(text));
  }

  private Map<String, String> files(String... text) {
    return LinkedHashMap.of(
        module() + ".py",
        module(text[0], text[1]),
        module() + ".md",
        text[2],
        "test_" + module() + ".py",
        filled("test.py.mustache"),
        "test_" + module() + ".json",
        GoldenCases.of(
            objective, cut.known(), cut.there().appendAll(cut.before()), cut.signature()));
  }

  private String module() {
    return TorchModule.name(objective.name()) + "_" + trainer.id().replace("-", "_");
  }

  private String filled(String template) {
    return Mustache.compiler()
        .escapeHTML(false)
        .withLoader(part -> new StringReader(text(part + ".mustache")))
        .compile(text(template))
        .execute(fields().toJavaMap());
  }

  private static String text(String template) {
    return ResourceText.read("/export/trainers/" + template);
  }

  private String module(String imports, String code) {
    return TorchModule.of(
        objective.name(),
        TorchExport.head(recipe, objective) + cut.notLogged(),
        cut.live(),
        new Surroundings(cut.prepared(), imports, code, trainer.entry()));
  }

  private Map<String, Object> fields() {
    Map<String, String> names = TorchModule.arguments(objective.name(), cut.live());
    Map<String, String> before = TorchModule.arguments(cut.prepared());
    Seq<String> settings =
        cut.signature().parameters().map(Node.ParameterValue::name).filter(names::containsKey);
    Inputs known = Inputs.of(cut.prepared().values());
    Seq<Node.ParameterValue> parameters =
        cut.signature().parameters().appendAll(known.parameters()).distinctBy(p -> p.name());
    Option<Weighting> kind = cut.weights().values().map(Tuple2::_1).headOption();
    Option<OwnAdvantage> own = cut.prepared().values().headOption().flatMap(OwnAdvantage::of);
    boolean ofResponse = cut.prepared().exists(one -> one._2.level() == Level.Name.SEQUENCE);
    return HashMap.<String, Object>empty()
        .put(
            "kind",
            kind.map(one -> java.util.Map.of(one.name(), true)).getOrElse(java.util.Map.of()))
        .put("reduction", kind.contains(Weighting.TOKENS) ? "token_mean" : "sequence_mean")
        .put("each", each().toJavaList())
        .put("equal_prompts", cut.needsEqualPrompts())
        .put("weights", cut.weights().toList().map(TrainerExport::factor).asJava())
        .put("prepared", !cut.prepared().isEmpty())
        .put("ofResponse", ofResponse)
        .put(
            "advantage",
            cut.prepared()
                .keySet()
                .toList()
                .map(name -> java.util.Map.of("of", name, "response", ofResponse))
                .asJava())
        .put("own_advantage", own.map(OwnAdvantage::option).getOrElse(""))
        .put("own_epsilon", own.contains(OwnAdvantage.STANDARD))
        .put("title", trainer.title())
        .put("package", trainer.release().module())
        .put("distribution", trainer.release().distribution())
        .put("version", trainer.release().version())
        .put("by_commit", !trainer.release().commit().isEmpty())
        .put("commit", trainer.release().shortCommit())
        .put("module", module())
        .put("function", TorchModule.name(objective.name()))
        .put("whole", cut.whole().isDefined())
        .put("why", cut.whole().getOrElse(""))
        .put("defaults", parameters.map(TrainerExport::initial).mkString("{", ", ", "}"))
        .put("before", taken(known.columns().map(Node.Input::name), before))
        .put("before_settings", taken(known.parameters().map(p -> p.name()), before))
        .put(
            "arguments",
            taken(
                cut.signature().columns().map(Node.Input::name).filter(cut.there()::contains),
                names))
        .put("required", required().map(name -> "\"" + name + "\"").mkString("[", ", ", "]"))
        .put("graph", graph.isDefined())
        .put("given", required().map(name -> name + "=…").mkString(", "))
        .put("inputs", graph.map(TrainerExport::inputs).getOrElse(""))
        .put("functions", graph.map(TrainerExport::functions).getOrElse(""))
        .put("own_settings", taken(settings, names))
        .put("reads_step", settings.contains("step"))
        .put("reads", cut.signature().columns().toJavaMap(c -> Tuple.of(c.name(), true)));
  }

  /** The columns that whoever calls the export must have, beside the policy. */
  private Seq<String> required() {
    Seq<String> read = cut.signature().columns().map(Node.Input::name).removeAll(trainer.policy());
    return graph.isEmpty()
        ? read.reject(cut::isOptional)
        : Inputs.of(cut.prepared().values())
            .columns()
            .map(Node.Input::name)
            .appendAll(read.removeAll(cut.prepared().keySet()).remove(Columns.POSITION))
            .distinct();
  }

  /** What each input of a graph is, of those that a datum has. */
  private static String inputs(FxLoss graph) {
    return graph
        .given()
        .map(one -> "\"" + one.name() + "\": \"" + one.of() + "\"")
        .mkString("{", ", ", "}");
  }

  private static String functions(FxLoss graph) {
    return graph.functions().map(name -> "`" + name + "`").mkString(", ");
  }

  /**
   * What a token, or a response, counts, of a `mask` and the numbers of `tokens` and `responses`.
   */
  private Option<String> each() {
    boolean rows =
        cut.weights()
            .keySet()
            .flatMap(cut.known()::get)
            .exists(weight -> weight.level() == Level.Name.SEQUENCE);
    return cut.weights().values().map(Tuple2::_1).headOption().map(kind -> kind.python(rows));
  }

  private static java.util.Map<String, ?> factor(Tuple2<String, Tuple2<Weighting, Double>> weight) {
    return java.util.Map.of("of", weight._1, "factor", TorchModule.number(weight._2._2));
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
