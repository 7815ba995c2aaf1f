package lossmith.export;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.nio.file.Path;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.python.Identifiers;
import lossmith.dsl.reference.Reference;
import lossmith.ops.SavedLoss;
import lossmith.ops.memory.Precision;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * A batch as the inputs of a SavedModel, and what its signatures should answer.
 *
 * @param model the folder of the model
 * @param loss the objective
 * @param samples the batch, in the precision of the model
 * @param parameters by name
 * @param precision of the model
 * @param kind what sort of batch it is
 */
record SavedModelCase(
    String model,
    Loss loss,
    Samples samples,
    Map<String, Double> parameters,
    Precision precision,
    Trial.Kind kind) {
  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  /** The same batch with the numbers that a type has. */
  static Samples rounded(Samples samples, Precision precision) {
    if (precision == Precision.FLOAT64) {
      return samples;
    }
    Samples all = samples;
    for (String name : samples.columns().remove(lossmith.dsl.Columns.POSITION)) {
      double[] values = samples.column(name).get();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) values[i];
      }
      all = all.with(name, samples.level(name).get(), values);
    }
    for (String name : samples.grids()) {
      Grid grid = samples.grid(name).get();
      float[] entries = new float[grid.rows() * grid.width()];
      for (int i = 0; i < entries.length; i++) {
        entries[i] = (float) grid.get(i / grid.width(), i % grid.width());
      }
      all = all.with(name, Grid.of(entries, grid.width()));
    }
    return all;
  }

  /**
   * Writes the model of an objective, with all columns or without those that may be absent, and
   * draws a few cases for it.
   */
  static Seq<SavedModelCase> written(
      Recipe recipe, Path folder, Precision precision, boolean less, int cases) throws Exception {
    Loss loss = recipe.loss(Conventions.paper());
    Set<String> without =
        Inputs.withDefaults(loss)
            .columns()
            .filter(input -> less && input.otherwise().isDefined())
            .map(Node.Input::name)
            .toSet();
    String model = recipe.name().replaceAll("\\W", "_") + "_" + precision + (less ? "_less" : "");
    SavedLoss.write(loss, without, precision, folder.resolve(model));
    List<SavedModelCase> drawn = List.empty();
    try (Subject subject = Subject.of(recipe)) {
      for (Trial trial : subject.trials(1, 5 * cases)) {
        boolean ordinary = trial.kind() == Trial.Kind.ORDINARY;
        if (precision == Precision.FLOAT32 ? ordinary : trial.seed() <= cases) {
          Samples samples = without.foldLeft(rounded(trial.samples(), precision), Samples::without);
          drawn =
              drawn.append(
                  new SavedModelCase(
                      model, loss, samples, trial.parameters(), precision, trial.kind()));
        }
      }
    }
    return drawn;
  }

  /** All that a signature may ask for, by the name of its input. */
  Map<String, double[]> inputs() {
    Map<String, double[]> all = LinkedHashMap.empty();
    for (String name : samples.columns()) {
      all = all.put(name, samples.column(name).get());
    }
    for (String name : samples.grids()) {
      all =
          all.put(
              name,
              new Reference(samples, HashMap.empty()).of(Nodes.given(name, Level.Name.VOCABULARY)));
    }
    for (var parameter : parameters) {
      all = all.put(parameter._1, new double[] {parameter._2});
    }
    return all.put("response_of_token", numbers(Level.Name.TOKEN, Level.Name.SEQUENCE))
        .put("prompt_of_response", numbers(Level.Name.SEQUENCE, Level.Name.GROUP))
        .mapKeys(name -> new Identifiers(List.empty()).free(name))
        .put("token", IntStream.of(samples.sampled().get()).asDoubleStream().toArray());
  }

  private double[] numbers(Level.Name from, Level.Name to) {
    return IntStream.of(samples.parents(from, to)).asDoubleStream().toArray();
  }

  /** As a line for the script. */
  String line() throws Exception {
    ObjectNode line = JSON.createObjectNode().put("model", model).put("tokens", samples.tokens());
    ObjectNode inputs = line.putObject("inputs");
    inputs().forEach((name, values) -> inputs.set(name, JSON.valueToTree(values)));
    return JSON.writeValueAsString(line);
  }

  /**
   * What is wrong with the answers of one signature. At logits a ratio of exactly 1, or a bound
   * that is met exactly, is decided by the rounding of log-probs, so that nothing is asked there.
   */
  Seq<String> wrong(String signature, Map<String, double[]> answers, double tolerance) {
    if (signature.equals("logits") && kind == Trial.Kind.KINK) {
      return List.empty();
    }
    Set<String> there = samples.columns().addAll(samples.grids());
    Surface surface = signature.equals("logits") ? Surface.LOGITS : Surface.STATISTICS;
    BoundLoss bound = BoundLoss.of(loss, surface, there);
    Map<String, Node> expected =
        LinkedHashMap.of("loss", bound.value())
            .merge(bound.metrics().mapKeys(name -> "metric/" + name))
            .merge(bound.gradients().mapKeys(name -> "gradient/" + name));
    if (bound.parts().size() > 1) {
      expected = expected.merge(bound.parts().mapKeys(name -> "part/" + name));
    }
    Set<String> missing = expected.keySet().removeAll(answers.keySet());
    Set<String> beyond = answers.keySet().removeAll(expected.keySet()).remove("metric/saturated");
    Seq<String> named =
        missing.isEmpty() && beyond.isEmpty()
            ? List.empty()
            : List.of(model + ", " + signature + ": missing " + missing + ", beyond " + beyond);
    Reference reference = new Reference(samples, parameters);
    return named.appendAll(
        expected
            .filterKeys(answers::containsKey)
            .toList()
            .flatMap(
                one ->
                    wrong(
                        model + ", " + signature + ", " + one._1,
                        one._2,
                        reference,
                        answers.get(one._1).get(),
                        tolerance)));
  }

  private static Seq<String> wrong(
      String what, Node node, Reference reference, double[] found, double tolerance) {
    double[] expected = reference.of(node);
    double scale = Math.max(Scale.of(node, reference), Scale.size(expected));
    if (found.length != expected.length) {
      return List.of(what + ": " + found.length + " numbers for " + expected.length);
    }
    for (int i = 0; i < expected.length; i++) {
      boolean same = Double.compare(found[i], expected[i]) == 0;
      if (!same && !(Math.abs(found[i] - expected[i]) <= tolerance * scale)) {
        return List.of(what + "[" + i + "]: " + found[i] + " for " + expected[i]);
      }
    }
    return List.empty();
  }

  /** The answers of a line that the script wrote, by signature and name. */
  static Map<String, Map<String, double[]>> answers(String line) throws Exception {
    JsonNode all = JSON.readTree(line);
    Map<String, Map<String, double[]>> found = LinkedHashMap.empty();
    for (String signature : HashSet.ofAll((Iterable<String>) all::fieldNames)) {
      Map<String, double[]> numbers = LinkedHashMap.empty();
      for (String name : HashSet.ofAll((Iterable<String>) () -> all.get(signature).fieldNames())) {
        JsonNode array = all.get(signature).get(name);
        numbers =
            numbers.put(
                name,
                IntStream.range(0, array.size())
                    .mapToDouble(i -> array.get(i).asDouble())
                    .toArray());
      }
      found = found.put(signature, numbers);
    }
    return found;
  }
}
