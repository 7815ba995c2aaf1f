package lossmith.dsl.sweep;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One row at a time, and of its gradient one entry at a time, a loss has the value and the gradient
 * that it has on all logits at once, whatever it reads besides.
 */
final class RowPassesTest {
  private static final int WIDTH = 4;
  private static final int[] LENGTHS = {2, 1, 3};
  private static final int COUNT = 6;
  private static final Map<String, Double> SETTINGS =
      HashMap.of(Columns.TEMPERATURE, 0.7, "beta", 0.3);

  private static Samples samples() {
    Random random = new Random(1);
    return new SamplesBuilder(LENGTHS, new int[] {0, 0, 1})
        .sampled(random.ints(COUNT, 0, WIDTH).toArray())
        .grid(BoundLoss.LOGITS, Grid.of(random.doubles(COUNT * WIDTH, -2, 2).toArray(), WIDTH))
        .grid(
            Columns.REFERENCE_LOG_PI,
            Grid.of(random.doubles(COUNT * WIDTH, -3, 0).toArray(), WIDTH))
        .column("a", Level.Name.TOKEN, random.doubles(COUNT, -1, 1).toArray())
        .column("value", Level.Name.TOKEN, random.doubles(COUNT, -1, 1).toArray())
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, random.doubles(COUNT, -2, -1).toArray())
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, -1, 0.5})
        .build();
  }

  /** One token alone, with what is known of it and some entries of its grids. */
  private static Samples row(
      Samples all, int t, Map<String, double[]> carried, int from, int width) {
    int sampled = Math.floorMod(all.sampled().get()[t] - from, width);
    SamplesBuilder row =
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .sampled(new int[] {sampled})
            .positions(new int[] {all.positions()[t]});
    for (String name : all.grids()) {
      Grid grid = all.grid(name).get();
      row.grid(name, new Grid(1, width, (r, v) -> grid.get(t, from + v)));
    }
    Map<String, double[]> columns =
        all.columns()
            .filter(name -> all.level(name).contains(Level.Name.TOKEN))
            .toMap(name -> name, name -> all.column(name).get());
    columns
        .merge(carried)
        .forEach((name, x) -> row.column(name, Level.Name.TOKEN, new double[] {x[t]}));
    return row.build();
  }

  private static double[] rowwise(Node node, Samples all, Map<String, double[]> carried) {
    return IntStream.range(0, COUNT)
        .mapToObj(t -> new Reference(row(all, t, carried, 0, WIDTH), SETTINGS).of(node))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private static Map<String, double[]> evaluated(Map<String, Node> nodes, Samples known) {
    Reference reference = new Reference(known, SETTINGS);
    return nodes.mapValues(reference::of);
  }

  @ParameterizedTest
  @MethodSource("lossmith.dsl.sweep.SweepCases#cases")
  void aRowAtATimeIsAllAtOnce(SweepCases.Case one) {
    Samples samples = samples();
    var columns = samples.columns().addAll(samples.grids());
    BoundLoss bound = BoundLoss.of(one.loss(), Surface.LOGITS, columns);
    RowPasses sweeps = RowPasses.of(one.loss(), columns);
    assertEquals(one.sweeps(), sweeps.count());

    Samples known = samples;
    Map<String, double[]> carried = LinkedHashMap.empty();
    for (RowPasses.Stage stage : sweeps.stages()) {
      var before = sweeps.oneSweep() ? sweeps.carried() : stage.carried();
      carried = evaluated(before, known);
      for (var statistic : stage.statistics()) {
        known = known.with(statistic._1, Level.Name.TOKEN, rowwise(statistic._2, samples, carried));
      }
    }
    Reference whole = new Reference(samples, SETTINGS);
    Reference rest = new Reference(known, SETTINGS);
    assertEquals(whole.number(bound.value()), rest.number(sweeps.rest().value()), 1e-12);
    if (!sweeps.oneSweep()) {
      carried = evaluated(sweeps.carried(), known);
      for (var gradient : sweeps.rest().gradients()) {
        carried = carried.put(RowPasses.COTANGENT + gradient._1, rest.of(gradient._2));
      }
    }
    double[] expected =
        bound.gradients().get(BoundLoss.LOGITS).map(whole::of).getOrElse(new double[COUNT * WIDTH]);
    assertArrayEquals(expected, rowwise(sweeps.gradient(), samples, carried), 1e-12);
    entryByEntry(one, sweeps.gradient(), samples, carried, expected);
  }

  /** From the numbers of a row, each entry of the gradient by itself, where it can be. */
  private static void entryByEntry(
      SweepCases.Case one,
      Node gradient,
      Samples samples,
      Map<String, double[]> carried,
      double[] expected) {
    EntryGradient entries = EntryGradient.of(gradient);
    assertEquals(one.whole(), entries.whole());
    Map<String, double[]> known =
        carried.merge(entries.numbers().mapValues(node -> rowwise(node, samples, carried)));
    int block = entries.whole() ? WIDTH : 1;
    Reference whole = new Reference(samples, SETTINGS);
    double[] logPi = whole.of(logPi().node());
    double[] sampled = whole.of(Terms.sampled().indicator().node());
    for (int at = 0; at < COUNT * WIDTH; at += block) {
      int end = at + block;
      int t = at / WIDTH;
      Samples part = row(samples, t, LinkedHashMap.empty(), at % WIDTH, block);
      Reference alone = new Reference(part, SETTINGS);
      for (Node node : Graph.below(List.of(entries.entries()), Node::children)) {
        if (node instanceof Node.Sampled) {
          alone.given(node, Arrays.copyOfRange(sampled, at, end));
        } else if (node instanceof Node.Input input && input.name().equals(Columns.LOG_PI)) {
          alone.given(node, Arrays.copyOfRange(logPi, at, end));
        } else if (node instanceof Node.Input input && known.containsKey(input.name())) {
          // given, not a column: 1/n of a row without members is infinite, and multiplies nothing
          alone.given(node, new double[] {known.get(input.name()).get()[t]});
        }
      }
      double[] found = alone.of(entries.entries());
      assertArrayEquals(Arrays.copyOfRange(expected, at, end), found, 1e-12);
    }
  }

  @Test
  void aLiveNumberOfOtherRowsIsRefusedInsideAStatistic() {
    var mean = logProb().mean(TOKENS).per(Axis.VOCABULARY_ENTRY);
    Loss loss = minimise(logPi().minus(mean).square().sum(VOCABULARY).mean(ALL_TOKENS));
    String message =
        String.valueOf(
            assertThrows(ProblemException.class, () -> RowPasses.of(loss, samples().columns()))
                .getMessage());
    assertTrue(message.contains("a statistic over the vocabulary of a live"), message);
  }
}
