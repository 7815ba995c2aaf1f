package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import java.util.Random;
import java.util.stream.Stream;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.trial.RandomSamples;
import lossmith.proofs.trial.RandomTerms;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objectives that were written and read are the same; what is changed in between is told. */
class ObjectiveJsonTest {
  private static final int CASES = Integer.getInteger("lossmith.cases", 200);

  static Stream<String> names() {
    return Recipes.all().map(Recipe::name).toJavaStream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyRecipeComesBack(String name) {
    for (Conventions conventions : List.of(Conventions.paper(), Conventions.verl())) {
      Loss loss = Recipes.get(name).loss(conventions);
      same(loss, comesBack(new Objective(name, "a title", loss)));
    }
  }

  @Test
  void everyPartComesBack() {
    assertTrue(Parts.all().size() > 15);
    for (var part : Parts.all()) {
      Loss loss = lossmith.recipes.part.Composition.of(part.name()).loss(Conventions.paper());
      same(loss, comesBack(new Objective(part.name(), "a part", loss)));
    }
  }

  @Test
  void randomObjectivesComeBackWithTheirValueAndGradient() {
    for (long seed = 1; seed <= 5L * CASES; seed++) {
      Random random = new Random(seed);
      Loss loss = Terms.minimise(new RandomTerms(random, seed % 2 == 0).objective());
      Loss read = comesBack(new Objective("random", "seed " + seed, loss));
      same(loss, read);
      Samples samples = RandomSamples.of(random, 0.6);
      assertEquals(numbers(loss, samples), numbers(read, samples), "seed " + seed);
    }
  }

  private static String numbers(Loss loss, Samples samples) {
    Set<String> columns = samples.columns().addAll(samples.grids());
    BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, columns);
    Reference reference = new Reference(samples, HashMap.empty());
    return reference.number(bound.value())
        + " "
        + bound.gradients().values().map(node -> List.ofAll(reference.of(node)));
  }

  private static Loss comesBack(Objective objective) {
    String text = ObjectiveJson.write(objective);
    Objective read = ObjectiveJson.read(text, "here");
    assertEquals(objective.name(), read.name());
    assertEquals(objective.title(), read.title());
    assertEquals(text, ObjectiveJson.write(read));
    return read.loss();
  }

  private static void same(Loss expected, Loss found) {
    assertEquals(expected.fingerprint(), found.fingerprint());
    assertEquals(Formula.unicode(expected), Formula.unicode(found));
    assertEquals(expected.parts().keySet().toList(), found.parts().keySet().toList());
    assertEquals(expected.metrics(), found.metrics());
    assertEquals(expected.trains(), found.trains());
    assertEquals(
        expected.parameters().map(one -> one.name() + one.range()),
        found.parameters().map(one -> one.name() + one.range()));
  }

  private static String grpo() {
    return ObjectiveJson.write(
        new Objective("grpo", "Group", Recipes.get("grpo").loss(Conventions.paper())));
  }

  private static String problem(String text) {
    return assertThrows(ProblemException.class, () -> ObjectiveJson.read(text, "x.json"))
        .problems()
        .mkString("\n");
  }

  @Test
  void whatWasChangedIsTold() {
    String text = grpo();
    String clip = problem(text.replace("\"default\": 0.2", "\"default\": 0.3"));
    assertTrue(clip.contains("fingerprint") && clip.contains("sha256"), clip);
    String metric = problem(text.replace("\"approx_kl\"", "\"other_kl\""));
    assertTrue(!metric.contains("x.json: fingerprint") && metric.contains("sha256"), metric);
  }

  @Test
  void whatWasChangedOnPurposeIsRead() {
    String changed =
        grpo()
            .replace("\"default\": 0.2", "\"default\": 0.3")
            .replaceAll(",\\s*\"fingerprint\": \"\\w+\",\\s*\"sha256\": \"\\w+\"", "");
    Loss read = ObjectiveJson.read(changed, "x.json").loss();
    assertEquals(List.of(0.3, 0.3), read.parameters().map(p -> p.range().initial()));
  }

  @Test
  void spacesAndOrderDoNotMatter() throws Exception {
    var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
    String flat = mapper.writeValueAsString(mapper.readTree(grpo()));
    assertEquals(grpo(), ObjectiveJson.write(ObjectiveJson.read(flat, "here")));
  }

  @Test
  void allThatIsWrongIsToldAtOnceWithItsPlace() {
    String wrong =
        problem(
            grpo()
                .replace("\"kind\": \"gather\", \"of\": [0]", "\"kind\": \"gahter\", \"of\": [0]")
                .replace("\"kind\": \"unary\", \"op\": \"exp\"", "\"kind\": \"unary\", \"op\": 1")
                .replace("\"of\": [6, 27]", "\"of\": [6, 99]")
                .replace("\"title\"", "\"tilte\""));
    assertTrue(wrong.contains("node 1: \"gahter\""), wrong);
    assertTrue(wrong.contains("gather"), wrong);
    assertTrue(wrong.contains("node 5: op 1"), wrong);
    assertTrue(wrong.contains("\"tilte\""), wrong);
    assertTrue(wrong.contains("title nothing"), wrong);
  }

  @Test
  void theTypesOfTheAlgebraHold() {
    String levels =
        problem(grpo().replace("\"to\": \"sequence\", \"of\"", "\"to\": \"group\", \"of\""));
    assertTrue(levels.contains("node "), levels);
    String live =
        problem(
            grpo()
                .replaceFirst(
                    "\"name\": \"reward\", \"level\": \"sequence\", \"trained\": false",
                    "\"name\": \"reward\", \"level\": \"sequence\", \"trained\": true"));
    assertTrue(live.contains("carries gradient"), live);
  }

  @Test
  void otherFilesAreToldApart() {
    assertTrue(problem("").contains("format nothing"), problem(""));
    assertTrue(problem("[1, 2]").contains("format nothing"));
    assertTrue(problem("{\"prompt_id\": 1}").contains("format nothing"));
    assertTrue(problem("{\"a\": 1").contains("line 1"));
    assertTrue(problem(grpo() + "{}").contains("JSON"));
    assertTrue(problem(grpo().replace("\"version\": 1", "\"version\": 2")).contains("version 2"));
    assertTrue(
        problem(grpo().replace("\"trains\"", "\"parts\": {}, \"trains\"")).contains("Duplicate"));
  }

  /** Bytes and words changed at random: a problem is told, or the objective is the same. */
  @Test
  void mutatedFilesAreToldOrMeanTheSame() {
    List<String> texts =
        List.of("grpo", "dapo", "gspo", "dpo", "clip-cov", "ppo-actor-critic")
            .map(
                name ->
                    ObjectiveJson.write(
                        new Objective(name, name, Recipes.get(name).loss(Conventions.paper()))));
    int told = 0;
    for (long seed = 1; seed <= 5L * CASES; seed++) {
      Random random = new Random(seed);
      String text = texts.get((int) (seed % texts.size()));
      String mutated = new Mutation(random).of(text);
      try {
        assertEquals(text, ObjectiveJson.write(ObjectiveJson.read(mutated, "here")));
      } catch (ProblemException problem) {
        told++;
      }
    }
    assertTrue(told > CASES, "told: " + told);
  }

  /** A few changes of a text. */
  private record Mutation(Random random) {
    String of(String text) {
      String changed = text;
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        changed = once(changed);
      }
      return changed;
    }

    private String once(String text) {
      String[] lines = text.split("\n", -1);
      int line = random.nextInt(lines.length);
      int at = random.nextInt(Math.max(1, text.length()));
      switch (random.nextInt(7)) {
        case 0 -> lines[line] = "";
        case 1 -> lines[line] = lines[random.nextInt(lines.length)];
        case 2 -> lines[line] = lines[line].replaceFirst("[0-9]+", "" + random.nextInt(99));
        case 3 -> lines[line] = lines[line].replaceFirst("\"\\w+\"", word(lines));
        case 4 -> {
          return text.substring(0, at);
        }
        case 5 -> {
          char other = (char) random.nextInt(0x250);
          return text.isEmpty() ? "" : text.substring(0, at) + other + text.substring(at + 1);
        }
        default -> lines[line] = lines[line].replaceFirst("\\[[^]]*\\]", number());
      }
      return String.join("\n", lines);
    }

    private String number() {
      return List.of("1e999", "-1", "null", "[[]]", "{}", "[1e9]", "true", "\"x\"")
          .get(random.nextInt(8));
    }

    private String word(String[] lines) {
      String line = lines[random.nextInt(lines.length)];
      var words = java.util.regex.Pattern.compile("\"\\w+\"").matcher(line);
      return words.find() ? words.group() : "\"\"";
    }
  }
}
