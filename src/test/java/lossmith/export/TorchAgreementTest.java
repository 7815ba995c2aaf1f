package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
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
 * Every exported recipe and part beside {@link Reference}, on ordinary, wide, tied, kinked and
 * extreme batches, with and without the columns that may be absent, packed and padded: value,
 * gradients and metrics. What is padded has NaN in its masked slots.
 */
final class TorchAgreementTest {
  private static final int CASES = Integer.getInteger("lossmith.torch.cases", 5);
  private static final double TOLERANCE = 1e-9;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .build();

  /** A case, and what should come out of it. */
  private record Asked(String name, Trial.Kind kind, BoundLoss bound, Reference reference) {}

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
    for (int i = 0; i < lines.size(); i++) {
      wrong = wrong.appendAll(wrong(asked.get(i), JSON.readTree(lines.get(i))));
    }
    assertTrue(
        wrong.isEmpty(),
        wrong.size() + " of " + asked.size() + wrong.take(40).mkString("\n", "\n", ""));
    System.out.println(
        "PyTorch: " + objectives.size() + " objectives on " + asked.size() + " cases");
  }

  private static Seq<Asked> write(Recipe recipe, Path folder, BufferedWriter cases)
      throws Exception {
    Loss loss = recipe.loss(Conventions.paper());
    Signature signature = Signature.of(loss);
    String module = recipe.name().replaceAll("\\W", "_");
    Path file = folder.resolve(module + ".py");
    Files.writeString(
        file, TorchExport.write(recipe, new Objective(recipe.name(), recipe.title(), loss)));
    Vector<Asked> asked = Vector.empty();
    try (Subject subject = Subject.of(recipe)) {
      for (Trial trial : subject.trials(1, CASES)) {
        boolean less = trial.seed() > CASES / 2;
        Set<String> absent =
            less ? signature.fallbacks().keySet() : io.vavr.collection.HashSet.empty();
        Samples samples = absent.foldLeft(trial.samples(), Samples::without);
        BoundLoss bound =
            BoundLoss.of(loss, Surface.STATISTICS, samples.columns().addAll(samples.grids()));
        ObjectNode line = line(module, signature, samples, absent);
        trial
            .parameters()
            .filterKeys(name -> signature.parameters().exists(p -> p.name().equals(name)))
            .forEach(line.withObject("/parameters")::put);
        boolean stops =
            Graph.below(bound.parts().values(), Node::children)
                .exists(Node.StopGradient.class::isInstance);
        line.put("smooth", trial.kind() == Trial.Kind.ORDINARY && !stops);
        cases.write(JSON.writeValueAsString(line) + "\n");
        asked =
            asked.append(
                new Asked(
                    recipe.name() + ", seed " + trial.seed(),
                    trial.kind(),
                    bound,
                    new Reference(samples, trial.parameters())));
      }
    }
    return asked;
  }

  private static ObjectNode line(
      String module, Signature signature, Samples samples, Set<String> absent) {
    ObjectNode line = JSON.createObjectNode().put("objective", module);
    line.set("sequence", array(samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE)));
    line.set("group", array(samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP)));
    line.set("position", array(samples.positions()));
    line.set("ids", JSON.valueToTree(samples.sequenceIds()));
    ObjectNode columns = line.putObject("columns");
    line.putObject("parameters");
    for (Node.Input input : signature.columns().reject(c -> absent.contains(c.name()))) {
      ObjectNode column = columns.putObject(input.name());
      column.put("level", input.level().toString());
      column.set("values", JSON.valueToTree(samples.column(input.name()).get()));
    }
    signature.split().rest().gradients().keySet().forEach(line.putArray("trained")::add);
    return line;
  }

  private static JsonNode array(int[] numbers) {
    return JSON.valueToTree(IntStream.of(numbers).boxed().toList());
  }

  private static Seq<String> wrong(Asked asked, JsonNode found) {
    String name = asked.name + " (" + asked.kind + ")";
    if (found.has("problem")) {
      return List.of(name + ": " + found.get("problem").asText().replaceAll("\\s+", " "));
    }
    Seq<String> value = wrong(name, asked, asked.bound.value(), found.get("value"));
    return value
        .appendAll(each(name + ", metric ", asked, asked.bound.metrics(), found.get("metrics")))
        .appendAll(
            each(name + ", gradient by ", asked, asked.bound.gradients(), found.get("gradients")));
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
