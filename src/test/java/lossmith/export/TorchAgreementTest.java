package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonGenerator;
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
import io.vavr.collection.Vector;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.python.Signature;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every exported recipe and part beside {@link Reference}, on ordinary, wide, tied, kinked, extreme
 * and tiny batches, with and without the columns that may be absent, packed and padded: value,
 * gradients and metrics. What is padded has NaN in its masked slots.
 */
@NeedsPython
final class TorchAgreementTest {
  private static final int CASES = Integer.getInteger("lossmith.torch.cases", Trial.Kind.ROUND);
  private static final double TOLERANCE = 1e-9;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .build();

  /** A case, and what should come out of it. */
  private record Asked(
      String name, Trial.Kind kind, Map<String, BoundLoss> bounds, Reference reference) {}

  @Test
  void everyRecipeAndPartAgreesWithTheReference(@TempDir Path folder) throws Exception {
    Seq<Recipe> objectives =
        Recipes.all().appendAll(Parts.all().map(part -> Composition.of(part.name())));
    PythonProcess python = PythonProcess.withTorch(objectives.size() + " exported objectives");
    Path file = folder.resolve("cases.jsonl");
    Vector<Asked> asked = Vector.empty();
    try (BufferedWriter cases = Files.newBufferedWriter(file)) {
      for (Recipe recipe : objectives) {
        asked = asked.appendAll(write(recipe, folder, cases));
      }
    }
    Path results = folder.resolve("results.jsonl");
    python.run(PythonProcess.script("export/agreement.py"), file.toString(), results.toString());
    java.util.List<String> lines = Files.readAllLines(results);
    assertEquals(asked.size(), lines.size());
    Seq<String> wrong = Vector.empty();
    Seq<Integer> split = Vector.empty();
    for (int i = 0; i < lines.size(); i++) {
      JsonNode found = JSON.readTree(lines.get(i));
      wrong = wrong.appendAll(wrong(asked.get(i), found));
      split = found.has("parts") ? split.append(found.get("parts").asInt()) : split;
    }
    assertTrue(
        wrong.isEmpty(),
        wrong.size() + " of " + asked.size() + wrong.take(40).mkString("\n", "\n", ""));
    long parts = split.filter(one -> one > 0).size();
    assertTrue(parts > objectives.size() / 2, parts + " in parts");
    String counts = parts + ", which " + (split.size() - parts) + " refuse";
    System.out.println(
        "PyTorch: "
            + objectives.size()
            + " objectives on "
            + asked.size()
            + " cases, in parts "
            + counts);
  }

  private static Seq<Asked> write(Recipe recipe, Path folder, BufferedWriter cases)
      throws Exception {
    Loss loss = recipe.loss(Conventions.paper());
    Signature signature = Signature.of(loss);
    String module = recipe.name().replaceAll("\\W", "_");
    String text = TorchExport.write(recipe, new Objective(recipe.name(), recipe.title(), loss));
    Path file = Files.writeString(folder.resolve(module + ".py"), text);
    assertTrue(Files.exists(file));
    Vector<Asked> asked = Vector.empty();
    try (Subject subject = Subject.of(recipe)) {
      for (Trial trial : subject.trials(1, CASES)) {
        boolean less = trial.seed() > CASES / 2;
        Set<String> absent = less ? signature.fallbacks().keySet() : HashSet.empty();
        Samples samples = absent.foldLeft(trial.samples(), Samples::without);
        Set<String> there = samples.columns().addAll(samples.grids());
        BoundLoss bound = BoundLoss.of(loss, Surface.STATISTICS, there);
        ObjectNode line = line(module, signature, samples, absent);
        trial
            .parameters()
            .filterKeys(
                name ->
                    name.equals(Columns.TEMPERATURE)
                        || signature
                            .parameters()
                            .appendAll(Inputs.of(signature.ofPolicy().values()).parameters())
                            .exists(p -> p.name().equals(name)))
            .forEach(line.withObject("/parameters")::put);
        signature.parameters().forEach(p -> line.withArray("/own").add(p.name()));
        boolean stops =
            Graph.below(bound.parts().values(), Node::children)
                .exists(Node.StopGradient.class::isInstance);
        line.put("ordinary", trial.kind() == Trial.Kind.ORDINARY);
        line.put("padded", trial.seed() % 2 == 0);
        line.put("smooth", trial.kind() == Trial.Kind.ORDINARY && !stops);
        Map<String, BoundLoss> bounds = LinkedHashMap.of("", bound);
        if (text.contains("_of_logits(")) {
          fromLogits(line, signature, absent, finite(samples));
          bounds = bounds.put("_of_logits", BoundLoss.of(loss, Surface.LOGITS, there));
        }
        cases.write(JSON.writeValueAsString(line) + "\n");
        asked =
            asked.append(
                new Asked(
                    recipe.name() + ", seed " + trial.seed(),
                    trial.kind(),
                    bounds,
                    new Reference(samples, trial.parameters())));
      }
    }
    return asked;
  }

  private static double[] grid(Samples samples, String name) {
    return new Reference(samples, HashMap.empty()).of(Nodes.given(name, Level.Name.VOCABULARY));
  }

  private static boolean finite(Samples samples) {
    return DoubleStream.of(grid(samples, "logits")).allMatch(Double::isFinite);
  }

  private static ObjectNode line(
      String module, Signature signature, Samples samples, Set<String> absent) {
    ObjectNode line = JSON.createObjectNode().put("objective", module);
    line.set("sequence", array(samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE)));
    line.set("group", array(samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP)));
    line.set("position", array(samples.positions()));
    line.set("ids", JSON.valueToTree(samples.sequenceIds()));
    ObjectNode columns = line.putObject("columns");
    for (String name : samples.columns()) {
      column(columns, name, samples.level(name).get(), samples.column(name).get());
    }
    for (String name : samples.grids()) {
      column(columns, name, Level.Name.VOCABULARY, grid(samples, name));
    }
    int[] sampled = samples.sampled().get();
    column(columns, "token", Level.Name.TOKEN, IntStream.of(sampled).asDoubleStream().toArray());
    line.putObject("parameters");
    Set<String> trained = signature.split().rest().gradients().keySet();
    inputs(
        line,
        "",
        trained,
        signature.columns().map(Node.Input::name).removeAll(trained).removeAll(absent));
    return line;
  }

  /** The same from logits, and from hidden states that are these logits. */
  private static void fromLogits(
      ObjectNode line, Signature signature, Set<String> absent, boolean finite) {
    Map<String, Node> found = signature.ofPolicy();
    Seq<String> read =
        Inputs.of(found.values())
            .columns()
            .map(Node.Input::name)
            .appendAll(signature.columns().map(Node.Input::name))
            .append("token")
            .distinct()
            .reject(name -> name.equals(Columns.LOG_PI) || found.containsKey(name))
            .removeAll(absent);
    Set<String> trained = signature.split().rest().gradients().keySet().removeAll(found.keySet());
    inputs(line, "_of_logits", trained.add("logits"), read.removeAll(trained));
    if (finite) {
      Set<String> below = trained.addAll(List.of("hidden", "weight"));
      inputs(line, "_of_hidden", below, read.removeAll(trained));
    }
  }

  private static void inputs(
      ObjectNode line, String entry, Set<String> trained, Seq<String> given) {
    ObjectNode inputs = line.withObject("/inputs").putObject(entry);
    trained.forEach(inputs.putArray("trained")::add);
    given.forEach(inputs.putArray("given")::add);
  }

  private static void column(ObjectNode columns, String name, Level.Name level, double[] numbers) {
    ObjectNode column = columns.putObject(name).put("level", level.toString());
    column.set("values", JSON.valueToTree(numbers));
  }

  private static JsonNode array(int[] numbers) {
    return JSON.valueToTree(IntStream.of(numbers).boxed().toList());
  }

  private static Seq<String> wrong(Asked asked, JsonNode found) {
    String name = asked.name + " (" + asked.kind + ")";
    if (found.has("problem")) {
      return List.of(name + ": " + found.get("problem").asText().replaceAll("\\s+", " "));
    }
    return asked
        .bounds
        .toList()
        .flatMap(one -> wrong(name + one._1, asked, one._2, found.get(one._1)))
        .appendAll(found.has("_of_hidden") ? wrongOfHidden(name, asked, found) : List.empty());
  }

  private static Seq<String> wrong(String name, Asked asked, BoundLoss bound, JsonNode found) {
    return wrong(name, asked, bound.value(), found.get("value"))
        .appendAll(each(name + ", metric ", asked, bound.metrics(), found.get("metrics")))
        .appendAll(each(name + ", gradient by ", asked, bound.gradients(), found.get("gradients")));
  }

  /**
   * Hidden states that are the logits have their gradient, the weight the sum of outer products.
   */
  private static Seq<String> wrongOfHidden(String name, Asked asked, JsonNode found) {
    Node gradient = asked.bounds.get("_of_logits").get().gradients().get("logits").get();
    double[] expected = asked.reference.of(gradient);
    JsonNode gradients = found.get("_of_hidden").get("gradients");
    Seq<String> hidden =
        wrong(name + ", gradient by hidden", asked, gradient, gradients.get("hidden"));
    double[] logits = asked.reference.of(Nodes.given("logits", Level.Name.VOCABULARY));
    int width = (int) Math.round(Math.sqrt(gradients.get("weight").size()));
    for (int v = 0; v < width; v++) {
      for (int u = 0; u < width; u++) {
        double sum = 0;
        double size = 1e-6;
        for (int t = 0; t < expected.length; t += width) {
          sum += expected[t + v] * logits[t + u];
          size += Math.abs(expected[t + v] * logits[t + u]);
        }
        double y = gradients.get("weight").get(v * width + u).asDouble();
        if (!(Math.abs(y - sum) <= 100 * TOLERANCE * size)) {
          return hidden.append(name + ", gradient by weight: " + y + " for " + sum);
        }
      }
    }
    return hidden;
  }

  private static Seq<String> each(
      String what, Asked asked, Map<String, Node> nodes, JsonNode found) {
    Seq<String> missing =
        nodes.keySet().toList().reject(found::has).map(name -> what + name + " is missing");
    return missing.appendAll(
        nodes
            .filterKeys(found::has)
            .toList()
            .flatMap(node -> wrong(what + node._1, asked, node._2, found.get(node._1))));
  }

  private static Seq<String> wrong(String what, Asked asked, Node node, JsonNode found) {
    double[] expected = asked.reference.of(node);
    double scale = Math.max(Scale.of(node, asked.reference), Scale.size(expected));
    for (int i = 0; i < expected.length; i++) {
      double y = (found.isArray() ? found.get(i) : found).asDouble();
      boolean same = Double.compare(y, expected[i]) == 0;
      if (!same && !(Math.abs(y - expected[i]) <= TOLERANCE * scale)) {
        return List.of(what + "[" + i + "]: " + y + " for " + expected[i]);
      }
    }
    return List.empty();
  }
}
