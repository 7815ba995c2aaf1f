package lossmith.dsl.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/** Factors of the row leave the entries: the same numbers, and nothing done per entry twice. */
final class RowFactorsTest {
  private static final Level.Name WIDE = Level.Name.VOCABULARY;
  private static final Node Z = Nodes.given("z", WIDE);

  /** Powers of two, so that moving a factor rounds nothing. */
  private static final Samples SAMPLES =
      new SamplesBuilder(new int[] {2, 1}, new int[] {0, 0})
          .column("x", Level.Name.TOKEN, new double[] {0.5, -2, 1})
          .column("y", Level.Name.TOKEN, new double[] {4, -0.25, 1})
          .sampled(new int[] {0, 2, 1})
          .grid("z", Grid.of(new double[] {-0.5, -2, -4, -1, 0, -8, -0.25, 0, -1}, 3))
          .build();

  @Test
  void randomTermsKeepTheirValues() {
    for (long seed = 0; seed < 2000; seed++) {
      Node term = term(new Random(seed), 5);
      String told = "seed " + seed + ": " + Formula.unicode(term);
      double[] expected = new Reference(SAMPLES, HashMap.empty()).of(term);
      EntryGradient entries = EntryGradient.of(term);
      Samples known =
          entries
              .numbers()
              .foldLeft(
                  SAMPLES,
                  (all, number) ->
                      all.with(
                          number._1,
                          Level.Name.TOKEN,
                          new Reference(SAMPLES, HashMap.empty()).of(number._2)));
      double[] found = new Reference(known, HashMap.empty()).of(entries.entries());
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], 1e-9 * Math.max(1, Math.abs(expected[i])), told);
      }
    }
  }

  private static Node term(Random random, int depth) {
    if (depth == 0) {
      return switch (random.nextInt(4)) {
        case 0 -> Z;
        case 1 -> spread("x");
        case 2 -> spread("y");
        default -> Nodes.constant(random.nextInt(4) - 1, WIDE);
      };
    }
    Node a = term(random, depth - 1);
    Node b = random.nextInt(4) == 0 ? a : term(random, random.nextInt(depth));
    return switch (random.nextInt(7)) {
      case 0 -> Nodes.binary(BinaryOp.PLUS, a, b);
      case 1 -> Nodes.binary(BinaryOp.MINUS, a, b);
      case 2 -> Nodes.binary(BinaryOp.TIMES, a, b);
      case 3 -> Nodes.binary(BinaryOp.DIVIDE, a, spread("y"));
      case 4 -> Nodes.unary(UnaryOp.NEGATE, a);
      case 5 -> Nodes.select(Nodes.sampled(), a, b);
      default -> Nodes.binary(BinaryOp.PROB_TIMES, Z, a);
    };
  }

  private static Node spread(String column) {
    return Nodes.broadcast(Nodes.given(column, Level.Name.TOKEN), WIDE);
  }

  @Test
  void aClippedLossWithEntropyCostsAnEntryOneProductUnderPi() {
    var ratio = Terms.ratio();
    var advantage = Terms.given("advantage", Axis.TOKEN);
    Loss loss =
        Terms.maximise(
            Terms.min(ratio.times(advantage), ratio.clip(Clip.around(0.2, 0.28)).times(advantage))
                .plus(Terms.entropy().scaledBy(0.01))
                .mean(Over.ALL_TOKENS));
    Node gradient = RowPasses.of(loss, HashSet.of("advantage", Columns.OLD_LOG_PROB)).gradient();
    // 1[v = y]·a + π·(b·log π + c)
    Node entries = EntryGradient.of(gradient).entries();
    assertEquals(List.of("*", "+", "+", "prob_times"), operations(entries).sorted());
  }

  private static Seq<String> operations(Node root) {
    return EntryGradient.reachable(root)
        .filter(node -> node instanceof Node.Binary || node instanceof Node.Unary)
        .map(node -> node instanceof Node.Binary b ? b.op() + "" : ((Node.Unary) node).op() + "");
  }
}
