package lossmith.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Random;
import java.util.stream.Stream;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every recipe with logits, columns recorded at temperature 1, and temperature 1/2 asked for: one
 * policy in all that is said of it, and every column of the tokens is what its name says.
 */
class EveryRecipeScoredTest {
  private static final double TEMPERATURE = 0.5;

  /** Compositions whose advantage is made of advantages, and one with the ratio of a response. */
  private static final List<String> PARTS =
      List.of(
          "each-normalised",
          "step-grouped",
          "group-normalised-teacher",
          "sequence-clip",
          "leave-one-out+clip-higher");

  static Stream<String> names() {
    return Recipes.all().map(Recipe::name).appendAll(PARTS).toJavaStream();
  }

  private static Recipe named(String name) {
    return Recipes.all()
        .find(recipe -> recipe.name().equals(name))
        .getOrElse(() -> Composition.of(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void isOfOnePolicy(String name) {
    Loss loss = named(name).loss(Conventions.paper());
    Samples bare = Rollouts.of(loss, new Random(name.hashCode()));
    double[] logPi = Rollouts.logPi(bare, TEMPERATURE);
    Samples asked = Rollouts.withStatistics(bare, logPi);
    Samples recorded = Rollouts.withStatistics(bare, Rollouts.logPi(bare, 1));
    Scored scored =
        new Scorer(recorded, HashMap.of(Columns.TEMPERATURE, TEMPERATURE), Precision.FLOAT64)
            .scored(name, loss);
    Reference reference = new Reference(asked, HashMap.of(Columns.TEMPERATURE, TEMPERATURE));
    double expected = reference.number(loss.value().node());
    assertEquals(expected, scored.score().loss(), 1e-9 * Math.max(1, Math.abs(expected)), name);
    for (var metric : loss.metrics()) {
      double logged = reference.number(metric._2.node());
      double got = scored.score().metrics().get(metric._1).get();
      assertEquals(logged, got, 1e-9 * Math.max(1, Math.abs(logged)), metric._1);
    }
    double[] logProb = asked.column(Columns.LOG_PROB).get();
    double[] old = asked.column(Columns.OLD_LOG_PROB).get();
    double kl = 0;
    for (int t = 0; t < old.length; t++) {
      kl += (old[t] - logProb[t]) / old.length;
    }
    assertEquals(kl, scored.score().kl(), 1e-12);
    scored
        .score()
        .metrics()
        .get("approx_kl")
        .forEach(x -> assertEquals(scored.score().kl(), x, 1e-12));
    columns(loss, asked, reference, scored.tokens());
    weight(asked, logPi, scored.tokens());
  }

  private static void columns(Loss loss, Samples samples, Reference reference, TokenScores tokens) {
    same(
        samples, reference, outermost(loss, node -> node.symbol().equals("A")), tokens.advantage());
    same(
        samples,
        reference,
        outermost(
            loss, node -> node.symbol().equals("r") || (node.symbol().equals("s") && node.live())),
        tokens.ratio());
    assertArrayEquals(
        samples.column(Columns.ENTROPY).get(), tokens.entropy().get(), 1e-12, "entropy");
  }

  /** The named term that contains all others of its name, found without the product's search. */
  private static Option<Node> outermost(
      Loss loss, java.util.function.Predicate<Node.Named> wanted) {
    Seq<Node> named =
        Graph.below(List.of(new HashConsing().of(loss.value().node())))
            .filter(node -> node instanceof Node.Named n && !n.condition() && wanted.test(n));
    Option<Node> largest = named.maxBy(node -> Graph.below(List.of(node)).size());
    largest.forEach(
        node -> assertTrue(Graph.below(List.of(node)).containsAll(named), node::toString));
    return largest;
  }

  private static void same(
      Samples samples, Reference reference, Option<Node> term, Option<double[]> column) {
    assertEquals(term.isDefined(), column.isDefined());
    for (Node node : term) {
      double[] own = reference.of(node);
      double[] spread = new double[samples.tokens()];
      for (int t = 0; t < spread.length; t++) {
        spread[t] = own[samples.parent(Level.Name.TOKEN, t, node.level())];
      }
      assertArrayEquals(spread, column.get(), 1e-9);
    }
  }

  /**
   * A weight is there where it is the whole gradient: dL/dz_v = w (1[v = y] − π_v) / T, by which a
   * step changes the entropy as the gradient of the logits does.
   */
  private static void weight(Samples samples, double[] logPi, TokenScores tokens) {
    if (tokens.weight().isEmpty() || tokens.onLogits().isEmpty()) {
      return;
    }
    int[] sampled = samples.sampled().get();
    double[] entropy = samples.column(Columns.ENTROPY).get();
    double[] weight = tokens.weight().get();
    double[] change = new double[weight.length];
    for (int t = 0; t < change.length; t++) {
      for (int v = 0; v < Rollouts.WIDTH; v++) {
        double x = logPi[t * Rollouts.WIDTH + v];
        double slope = weight[t] * ((v == sampled[t] ? 1 : 0) - Math.exp(x)) / TEMPERATURE;
        change[t] += Math.exp(x) * (x + entropy[t]) * slope / TEMPERATURE;
      }
    }
    assertArrayEquals(change, tokens.onLogits().get(), 1e-9, "weight");
  }
}
