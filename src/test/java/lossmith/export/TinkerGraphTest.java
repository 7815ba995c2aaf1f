package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.Lazy;
import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.export.GraphInterpreter.Value;
import lossmith.export.fx.CustomLossRequest;
import lossmith.export.fx.FxLoss;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The graph of one datum, run by an interpreter of plain loops, and by PyTorch where there is one:
 * over all data of ordinary, wide, tied, kinked and extreme batches, each with NaN in masked slots,
 * it has the loss and the gradient of {@link Reference}.
 */
final class TinkerGraphTest {
  private static final Path FOLDER =
      Path.of(Files.exists(Path.of("src/test")) ? "" : "..")
          .resolve("src/test/resources/export/graphs");

  private static final int CASES = Trial.Kind.ROUND;

  /** The first of more seeds of extreme batches. */
  private static final long FAR = 11;

  private static final double TOLERANCE = 1e-9;

  /** In float64, as the reference computes. */
  private static final double SATURATION = 700;

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> RECIPES = Recipes.all().map(Recipe::name).toSet();

  /** Recipes, and parts joined with what makes a loss of them. */
  private static final Seq<Recipe> OBJECTIVES =
      Recipes.all()
          .appendAll(Parts.all().map(part -> Composition.of(part.name())))
          .distinctBy(Recipe::name);

  private static final Map<Recipe, Either<ProblemException, TrainerCut>> CUTS =
      OBJECTIVES.toLinkedMap(recipe -> Tuple.of(recipe, cut(recipe)));

  private static Either<ProblemException, TrainerCut> cut(Recipe recipe) {
    Objective objective =
        new Objective(recipe.name(), recipe.title(), recipe.loss(Conventions.paper()));
    try {
      TrainerCut cut = new TrainerCut(Trainer.TINKER_GRAPH, objective);
      assertEquals("logprobs", FxLoss.of(cut.live(), FxLoss.SATURATION).inputs().head().name());
      return Either.right(cut);
    } catch (ProblemException e) {
      return Either.left(e);
    }
  }

  /** Each graph that there is, run on its cases: what is wrong, and the cases as lines of JSON. */
  private static final Lazy<Run> RUN =
      Lazy.of(
          () ->
              CUTS.filterValues(Either::isRight)
                  .foldLeft(
                      new Run(List.empty(), List.empty()),
                      (all, one) -> all.and(one._1, one._2.get())));

  private record Run(Seq<String> wrong, List<ObjectNode> cases) {
    Run and(Recipe recipe, TrainerCut cut) {
      Run all = this;
      FxLoss graph = FxLoss.of(cut.live(), SATURATION);
      try (Subject subject = Subject.of(recipe)) {
        for (Trial trial : subject.trials(1, RECIPES.contains(recipe.name()) ? CASES : 1)) {
          all = all.and(recipe, cut, graph, trial);
        }
        for (long seed = FAR; seed < FAR + 2; seed++) {
          all = all.and(recipe, cut, graph, subject.draw(seed, Trial.Kind.EXTREME));
        }
      }
      return all;
    }

    private Run and(Recipe recipe, TrainerCut cut, FxLoss graph, Trial trial) {
      Samples samples = trial.samples();
      BoundLoss bound =
          BoundLoss.of(
              recipe.loss(Conventions.paper()),
              Surface.STATISTICS,
              samples.columns().addAll(samples.grids()));
      Reference reference = new Reference(samples, trial.parameters());
      Node value = bound.value();
      Node slope = bound.gradients().get("log_prob").get();
      double scale = Math.max(Scale.of(slope, reference), Scale.of(value, reference));
      ObjectNode json = JSON.createObjectNode().put("name", recipe.name()).put("scale", scale);
      json.set("nodes", graph.nodes());
      double loss = 0;
      double[] gradient = new double[samples.tokens()];
      for (int row = 0; row < samples.lengths().length; row++) {
        Datum datum = new Datum(samples, row);
        Map<String, Value> inputs = datum.inputs(graph, cut, reference, trial);
        Value found = GraphInterpreter.run(graph.nodes(), inputs.toJavaMap());
        loss += found.at(0);
        double[] slopes = Objects.requireNonNull(found.slopes()).get(0);
        datum.put(slopes, gradient);
        json.withArray("data").add(json(inputs, found.at(0), slopes));
      }
      String what = recipe.name() + ", seed " + trial.seed() + " (" + trial.kind() + ")";
      return new Run(
          wrong
              .appendAll(far(what + ", loss", value, reference, loss))
              .appendAll(far(what + ", gradient", slope, reference, gradient)),
          cases.prepend(json));
    }
  }

  @Test
  void everyObjectiveIsThatOfTheReference() {
    Seq<String> wrong = RUN.get().wrong();
    assertTrue(wrong.isEmpty(), wrong.size() + wrong.take(30).mkString("\n", "\n", ""));
  }

  @NeedsPython
  @Test
  void torchReturnsWhatTheInterpreterDoes(@TempDir Path folder) throws Exception {
    PythonProcess python = PythonProcess.withTorch("graphs for tinker's service");
    Path file =
        Files.writeString(
            folder.resolve("graphs.jsonl"), RUN.get().cases().reverse().mkString("\n"));
    python.run(PythonProcess.script("export/graphs.py"), file.toString());
  }

  private static Seq<String> far(String what, Node node, Reference in, double... found) {
    double[] expected = in.of(node);
    double scale = Math.max(Scale.of(node, in), Scale.size(expected));
    for (int i = 0; i < expected.length; i++) {
      boolean same = Double.compare(found[i], expected[i]) == 0;
      if (!same && !(Math.abs(found[i] - expected[i]) <= TOLERANCE * scale)) {
        return List.of(what + "[" + i + "]: " + found[i] + " for " + expected[i]);
      }
    }
    return List.empty();
  }

  private static ObjectNode json(Map<String, Value> inputs, double loss, double[] gradient) {
    ObjectNode json = JSON.createObjectNode().put("loss", text(loss));
    ObjectNode columns = json.putObject("inputs");
    inputs.forEach(
        (name, value) -> {
          if (value.rank() == 0) {
            columns.put(name, text(value.at(0)));
          } else {
            ArrayNode numbers = columns.putArray(name);
            value.x().forEach(x -> numbers.add(text(x)));
          }
        });
    Arrays.stream(gradient).forEach(x -> json.withArray("gradient").add(text(x)));
    return json;
  }

  /** As Python reads it, NaN and infinities too. */
  private static String text(double x) {
    return String.valueOf(x);
  }

  /** One response of a batch; every other has masked slots. */
  private record Datum(Samples samples, int row) {
    private int start() {
      return Arrays.stream(samples.lengths()).limit(row).sum();
    }

    private int slots() {
      int length = samples.lengths()[row];
      return row % 2 == 0 ? length : 2 * length + 1;
    }

    /** The token of the batch in a slot, or −1. */
    private int token(int slot) {
      return row % 2 == 0 ? start() + slot : slot % 2 == 0 ? -1 : start() + slot / 2;
    }

    Map<String, Value> inputs(FxLoss graph, TrainerCut cut, Reference reference, Trial trial) {
      return graph
          .inputs()
          .foldLeft(
              LinkedHashMap.empty(),
              (all, one) -> all.put(one.name(), value(one, cut, reference, trial)));
    }

    private Value value(FxLoss.Input of, TrainerCut cut, Reference reference, Trial trial) {
      if (of.name().equals("mask")) {
        return slots(slot -> 1, 0);
      }
      String name = of.name().equals("logprobs") ? "log_prob" : of.of();
      if (samples.column(name).isEmpty() && !cut.known().containsKey(name)) {
        return Value.one(
            trial
                .parameters()
                .getOrElse(
                    name,
                    cut.signature()
                        .parameters()
                        .find(p -> p.name().equals(name))
                        .get()
                        .range()
                        .initial()));
      }
      double[] column =
          cut.known().get(name).map(reference::of).getOrElse(() -> samples.column(name).get());
      return of.rank() == 0 ? Value.one(column[row]) : slots(token -> column[token], Double.NaN);
    }

    private Value slots(java.util.function.IntToDoubleFunction of, double masked) {
      double[] all = new double[slots()];
      Arrays.setAll(all, slot -> token(slot) < 0 ? masked : of.applyAsDouble(token(slot)));
      return Value.of(all);
    }

    void put(double[] slopes, double[] gradient) {
      for (int slot = 0; slot < slopes.length; slot++) {
        if (token(slot) >= 0) {
          gradient[token(slot)] = slopes[slot];
        } else {
          assertEquals(0, slopes[slot], "at a masked slot");
        }
      }
    }
  }

  /** The objectives without such a graph, by the reason: those of {@code graphs/refused.txt}. */
  @Test
  void whatIsRefusedSaysWhy() throws Exception {
    Map<String, String> said =
        CUTS.flatMap(one -> one._2.swap().map(e -> Tuple.of(one._1.name(), e)))
            .toLinkedMap(one -> one._1, one -> String.valueOf(one._2.getMessage()));
    Map<String, String> expected = LinkedHashMap.empty();
    for (String line : Files.readAllLines(FOLDER.resolve("refused.txt"))) {
      String[] reason = line.split(": ", -1);
      for (String name : reason[1].split(" ", -1)) {
        expected = expected.put(name, reason[0]);
      }
    }
    assertEquals("", expected.keySet().diff(said.keySet()).mkString(" "), "no longer refused");
    assertEquals("", said.keySet().diff(expected.keySet()).mkString(" "), "refused too");
    expected.forEach(
        (name, why) -> assertTrue(said.get(name).get().contains(why), said.get(name).get()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpo", "cispo", "gspo"})
  void theTextIsAsItWasRead(String name) throws Exception {
    TrainerCut cut = cut(Recipes.get(name)).get();
    String text = CustomLossRequest.write(name, FxLoss.of(cut.live(), FxLoss.SATURATION));
    Path file = FOLDER.resolve(name + ".json");
    if (Boolean.getBoolean("lossmith.write")) {
      assertTrue(Files.exists(Files.writeString(file, text)));
    }
    assertEquals(Files.readString(file), text);
    JsonNode body = JSON.readTree(text);
    assertEquals("create_custom_loss", body.get("type").asText());
    assertEquals(1, body.get("graph").get("format").asInt());
    for (int i = 0; i < body.get("inputs").size(); i++) {
      JsonNode node = body.get("graph").get("nodes").get(i);
      assertEquals("placeholder", node.get("op").asText());
      assertEquals(body.get("inputs").get(i).get("name"), node.get("target"));
    }
  }
}
