package lossmith.blackbox;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.blackbox.SameNumbers.Agreement;
import lossmith.dsl.Fingerprint;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.Conventions;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/** Which part of the catalogue makes the advantages that something makes. */
final class SameAdvantages {
  private SameAdvantages() {}

  /** With several distinct rewards, small ones, tied and equal ones, and a response alone. */
  private static Seq<TensorBatch> batches() {
    TensorBatch alone = Probes.onPolicy(new int[] {2, 3, 1}, new int[] {0, 1, 1}, 1, 60);
    return Rewarded.ordinary()
        .append(Rewarded.prompt(0.001, 0.003, 0.002))
        .append(Rewarded.prompt(1, 0, 1, 0))
        .append(Rewarded.prompt(0.5, 0.5, 0.5))
        .append(Rewarded.of(alone));
  }

  /** The first part, under the first conventions, that makes them to the last digit. */
  static Option<String> of(AdvantageBox box) {
    Seq<Tuple2<TensorBatch, double[]>> own =
        batches().map(batch -> Tuple.of(batch, AdvantageProfile.numbers(box, batch))).toVector();
    return Parts.all()
        .filter(part -> part.kind() == Part.Kind.ADVANTAGE)
        .map(Part::name)
        .iterator()
        .flatMap(
            part ->
                Conventions.all()
                    .toList()
                    .flatMap(c -> node(part, c._2).map(node -> Tuple.of(c._1, node)))
                    .distinctBy(one -> Fingerprint.of(one._2))
                    .find(
                        one ->
                            own.forAll(
                                pair -> same(one._2, pair._1, pair._2, Agreement.EXACT.most())))
                    .map(
                        one ->
                            part
                                + (one._1.equals("paper")
                                    ? ""
                                    : " under " + one._1 + "'s conventions")))
        .headOption();
  }

  /** Those of some that are what something makes, as nearly as a guard of a std leaves them. */
  static Seq<Estimates> among(Seq<Estimates> all, AdvantageBox box) {
    Seq<Tuple2<TensorBatch, double[]>> own =
        List.of(Rewarded.prompt(0.001, 0.003, 0.002), Rewarded.prompt(1, 0, 1, 0))
            .prependAll(Rewarded.ordinary())
            .map(batch -> Tuple.of(batch, AdvantageProfile.numbers(box, batch)))
            .toVector();
    return all.filter(one -> own.forAll(pair -> same(one.node(), pair._1, pair._2, NEARLY)));
  }

  /** As near as an exchange is compared. */
  private static final double NEARLY = 1e-6;

  private static Option<Node> node(String part, Conventions c) {
    try {
      return Option.some(Estimates.node(part, c));
    } catch (ProblemException e) {
      return Option.none(); // it goes with other parts alone
    }
  }

  private static boolean same(Node node, TensorBatch batch, double[] own, double tolerance) {
    Samples samples = batch.samples();
    try {
      Node bound = BoundLoss.node(node, Surface.STATISTICS, samples.columns());
      double[] made = new Reference(samples, HashMap.empty()).of(bound);
      int[] kept =
          IntStream.range(0, batch.size()).filter(slot -> batch.mask()[slot] == 1).toArray();
      return IntStream.range(0, kept.length)
          .allMatch(t -> Math.abs(made[t] - own[kept[t]]) <= tolerance * (1 + Math.abs(made[t])));
    } catch (ProblemException e) {
      return false; // it reads what there is not
    }
  }
}
