package lossmith.export;

import com.samskivert.mustache.Mustache;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.print.Formula;
import lossmith.dsl.python.Signature;
import lossmith.dsl.python.Surroundings;
import lossmith.dsl.python.TorchModule;
import lossmith.dsl.schedule.TokenSum;
import lossmith.export.Trainer.Hands;
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
  private final Map<String, Tuple2<Weighting, Double>> weights;

  private TrainerExport(Trainer trainer, Recipe recipe, Objective objective) {
    this.trainer = trainer;
    this.recipe = recipe;
    this.objective = objective;
    this.cut = trainer.hands() == Hands.BATCH ? Either.left("it is handed over") : cut();
    if (cut.isLeft() && trainer.hands().ofRows()) {
      throw refused(
          "rows have no share of the loss by themselves: " + cut.getLeft(),
          "an objective of which each response has its share, or an export to trl or pytorch");
    }
    this.live = cut.map(TokenSum::live).getOrElse(objective.loss());
    this.signature = Signature.of(live);
    refuseOtherStatistics();
    this.weights = trainer.hands().ofRows() ? weights(cut.get().weights()) : LinkedHashMap.empty();
    refuseOtherAdvantages();
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
            objective,
            export.known(),
            export.there().appendAll(trainer.before()),
            export.signature));
  }

  private Either<String, TokenSum> cut() {
    Set<String> handed = trainer.policy().appendAll(trainer.handed()).toLinkedSet();
    try {
      return TokenSum.of(objective.loss(), trainer.before().toLinkedSet(), handed);
    } catch (ProblemException e) {
      throw lacking(e);
    }
  }

  private String module() {
    return TorchModule.name(objective.name()) + "_" + trainer.id().replace("-", "_");
  }

  private ProblemException lacking(ProblemException e) {
    Seq<String> columns = e.problems().map(p -> p.expected()).distinct();
    return refused(
        columns.mkString(" and "),
        "an objective over "
            + trainer
                .policy()
                .appendAll(trainer.handed())
                .appendAll(trainer.before())
                .mkString(", "));
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
    if (trainer.hands() == Hands.BATCH) {
      Set<String> others = Signature.of(objective.loss()).ofPolicy().keySet();
      return signature
          .columns()
          .map(Node.Input::name)
          .removeAll(others.removeAll(trainer.policy()));
    }
    return trainer
        .policy()
        .appendAll(trainer.handed())
        .appendAll(cut.isLeft() ? trainer.before() : known().keySet());
  }

  private void refuseOtherStatistics() {
    Seq<String> lacking =
        signature
            .columns()
            .map(Node.Input::name)
            .reject(name -> there().contains(name) || isOptional(name));
    if (!lacking.isEmpty()) {
      throw refused(
          "it reads " + lacking.map(this::described).mkString(", ") + ", which is not handed over",
          "an objective over " + there().mkString(", "));
    }
  }

  private boolean isOptional(String column) {
    return signature.fallbacks().containsKey(column);
  }

  private String described(String column) {
    return Signature.of(objective.loss())
        .split()
        .statistics()
        .get(column)
        .map(node -> Formula.unicode(node).strip())
        .getOrElse(column);
  }

  /** How the tokens of each summand count, which must be one way for all. */
  private Map<String, Tuple2<Weighting, Double>> weights(Set<String> names) {
    Map<String, Tuple2<Weighting, Double>> all = LinkedHashMap.empty();
    for (String name : names) {
      Node weight = cut.get().prepared().get(name).get();
      Tuple2<Weighting, Double> known =
          Weighting.of(weight)
              .filter(one -> trainer.weightings().contains(one._1))
              .getOrElseThrow(
                  () ->
                      refused(
                          "a token counts " + Formula.unicode(weight).strip(),
                          trainer.weightings().toList().map(Weighting::words).mkString(" or ")));
      all = all.put(name, known);
    }
    if (all.values().map(Tuple2::_1).distinct().size() > 1) {
      throw refused(
          "its parts are different means: " + all.values().map(one -> one._1.words()).distinct(),
          "one mean for all parts");
    }
    return all;
  }

  private void refuseOtherAdvantages() {
    Map<String, Node> columns = prepared();
    if (trainer.hands().ofRows() && columns.size() > 1) {
      throw refused(
          "one column of advantages is handed over and it needs "
              + columns.keySet().mkString(" and "),
          "an objective with one advantage, or an export to trl");
    }
    if (trainer.hands() == Hands.SCALED_ADVANTAGES && !new Homogeneous(live).in(columns)) {
      throw refused(
          "advantages are divided before the loss, which is not proportional to them",
          "an objective that is A times something, or an export to verl");
    }
  }

  /** What is computed before the policy is known. */
  private Map<String, Node> prepared() {
    Map<String, Node> all = cut.map(TokenSum::prepared).getOrElse(LinkedHashMap.empty());
    return trainer.hands().ofRows() ? all.removeAll(cut.get().weights()) : all;
  }

  /** All columns of the objective that are known before its policy is. */
  private Map<String, Node> known() {
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
        new Surroundings(prepared(), imports, code, trainer.entry()));
  }

  private Map<String, Object> fields() {
    Map<String, String> names = TorchModule.arguments(objective.name(), live);
    Map<String, String> before = TorchModule.arguments(prepared());
    Seq<String> settings =
        signature.parameters().map(Node.ParameterValue::name).filter(names::containsKey);
    Inputs known = Inputs.of(prepared().values());
    Seq<Node.ParameterValue> parameters =
        signature.parameters().appendAll(known.parameters()).distinctBy(p -> p.name());
    Option<Weighting> kind = weights.values().map(Tuple2::_1).headOption();
    boolean ofResponse = prepared().exists(one -> one._2.level() == Level.Name.SEQUENCE);
    return HashMap.<String, Object>empty()
        .put(
            "kind",
            kind.map(one -> java.util.Map.of(one.name(), true)).getOrElse(java.util.Map.of()))
        .put("reduction", kind.contains(Weighting.TOKENS) ? "token_mean" : "sequence_mean")
        .put("each", each().toJavaList())
        .put("weights", weights.toList().map(TrainerExport::factor).asJava())
        .put("prepared", !prepared().isEmpty())
        .put("ofResponse", ofResponse)
        .put(
            "advantage",
            prepared()
                .keySet()
                .toList()
                .map(name -> java.util.Map.of("of", name, "response", ofResponse))
                .asJava())
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
        .put(
            "required",
            signature
                .columns()
                .map(Node.Input::name)
                .reject(name -> trainer.policy().contains(name) || isOptional(name))
                .map(name -> "\"" + name + "\"")
                .mkString("[", ", ", "]"))
        .put("own_settings", taken(settings, names))
        .put("reads_step", settings.contains("step"))
        .put("reads", signature.columns().toJavaMap(c -> Tuple.of(c.name(), true)));
  }

  /**
   * What a token, or a response, counts, of a `mask` and the numbers of `tokens` and `responses`.
   */
  private Option<String> each() {
    boolean rows =
        cut.exists(
            c ->
                c.weights()
                    .flatMap(c.prepared()::get)
                    .exists(weight -> weight.level() == Level.Name.SEQUENCE));
    return weights.values().map(Tuple2::_1).headOption().map(kind -> kind.python(rows));
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
