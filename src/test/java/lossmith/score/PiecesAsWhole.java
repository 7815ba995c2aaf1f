package lossmith.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Random;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.ops.memory.Precision;
import lossmith.pieces.CutSamples;
import lossmith.pieces.OneMachine;
import lossmith.pieces.PieceView;
import lossmith.pieces.PieceWork;
import lossmith.pieces.StreamedNodes;
import lossmith.pieces.Watch;
import lossmith.storage.MemoryBudget;

/**
 * The law that pieces of a batch give what the whole gives: value, metrics and gradient of an
 * objective, computed piece by piece, beside plain loops over the whole batch.
 */
final class PiecesAsWhole {
  /** Five prompts, whose responses do not lie together in the file. */
  private static final int[] LENGTHS = {3, 1, 2, 4, 2, 1, 5, 3, 2, 2};

  private static final int[] PROMPTS = {0, 1, 0, 2, 3, 2, 1, 3, 4, 4};

  private PiecesAsWhole() {}

  /** Holds an objective to the law on a random batch, in pieces of one, two and three prompts. */
  static void hold(String name, Loss loss, Random random) {
    Samples bare =
        Rollouts.of(loss, random, LENGTHS, PROMPTS, random.doubles(LENGTHS.length).toArray());
    Samples samples = Rollouts.withStatistics(bare, Rollouts.logPi(bare, 1));
    BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, samples.columns().addAll(samples.grids()));
    Map<String, Node> nodes =
        LinkedHashMap.<String, Node>empty()
            .put("value", bound.value())
            .merge(bound.metrics().mapKeys(key -> "metric " + key))
            .merge(bound.gradients().mapKeys(key -> "gradient " + key));
    Reference reference = new Reference(samples, HashMap.empty());
    for (int prompts = 1; prompts <= 3; prompts++) {
      CutSamples pieces = new CutSamples(samples, prompts);
      Map<String, Double> numbers =
          new StreamedNodes(
                  new PieceWork(
                      nodes, Precision.FLOAT64, "CPU", HashMap.empty(), PieceView.AS_RECORDED))
              .run(
                  new OneMachine(pieces),
                  (index, piece, found) ->
                      found.forEach(
                          (key, own) -> {
                            Node node = nodes.get(key).get();
                            same(
                                name + " " + key,
                                pieces,
                                index,
                                node.level(),
                                reference.of(node),
                                own);
                          }),
                  new MemoryBudget(0),
                  Watch.NONE);
      for (var number : numbers) {
        double expected = reference.number(nodes.get(number._1).get());
        assertEquals(
            expected, number._2, 1e-9 * Math.max(1, Math.abs(expected)), name + " " + number._1);
      }
    }
  }

  private static void same(
      String name, CutSamples pieces, int index, Level.Name level, double[] whole, double[] own) {
    double largest = 0;
    for (double x : whole) {
      largest = Math.max(largest, Math.abs(x));
    }
    int entries = level == Level.Name.VOCABULARY ? Rollouts.WIDTH : 1;
    long[] places = pieces.places(index, level == Level.Name.VOCABULARY ? Level.Name.TOKEN : level);
    assertEquals(places.length * entries, own.length, name);
    for (int i = 0; i < own.length; i++) {
      double expected = whole[(int) places[i / entries] * entries + i % entries];
      assertEquals(expected, own[i], 1e-9 * Math.max(1e-3, largest), name);
    }
  }
}
