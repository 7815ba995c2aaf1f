package lossmith.proofs.independent;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.referenceLogPi;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.proofs.independent.loops.Drawing;
import lossmith.proofs.independent.loops.Leaves;
import lossmith.proofs.independent.loops.Loops;
import lossmith.proofs.independent.loops.PlainBatch;
import lossmith.proofs.independent.parts.CompositionLoops;
import lossmith.proofs.independent.parts.RegulariserLoops;
import lossmith.recipes.Conventions;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/** Random compositions of named parts, in two forms. */
final class Compositions {
  private Compositions() {}

  /** The parts that loops are written for, scores left out. */
  static Seq<Part<?>> parts() {
    Seq<String> known = CompositionLoops.known();
    return Parts.all().filter(part -> known.contains(part.name()));
  }

  /** The parts that no loops are written for; scores have statements with their losses. */
  static Seq<String> uncovered() {
    Seq<String> known = CompositionLoops.known();
    return Parts.all()
        .filter(part -> part.kind() != Part.Kind.SCORE)
        .map(Part::name)
        .removeAll(known);
  }

  /** The composition of a number and a seed: each part is in one of as many as there are parts. */
  static TwoForms of(int number, long seed) {
    Random random = new Random(seed);
    Part<?> forced = parts().get(number % parts().size());
    Seq<String> names = List.of(forced.name());
    for (Part.Kind kind : Part.Kind.values()) {
      Seq<String> all = parts().filter(part -> part.kind() == kind).map(Part::name);
      int count = all.isEmpty() ? 0 : many(random, kind, forced.kind());
      for (int i = 0; i < count; i++) {
        names = names.append(all.get(random.nextInt(all.size())));
      }
    }
    return of(names.distinct(), random);
  }

  private static int many(Random random, Part.Kind kind, Part.Kind forced) {
    if (kind.single()) {
      return kind != forced && random.nextInt(10) < 7 ? 1 : 0;
    }
    return random.nextInt(kind == Part.Kind.REGULARISER ? 3 : 2);
  }

  /** The composition of some parts. */
  static TwoForms of(Seq<String> names, Random random) {
    String name = names.mkString(Composition.AND);
    Loss loss = Composition.of(name).loss(Conventions.paper());
    String divergence = divergence();
    CompositionLoops loops = new CompositionLoops(names, divergence);
    boolean masked = random.nextInt(4) == 0;
    boolean onPolicy = random.nextInt(8) == 0;
    Map<String, Double> parameters = parameters(random, loss);
    Map<String, Loops> statistics =
        LinkedHashMap.of(
            Columns.LOG_PROB,
            Leaves.logProbs().loops(),
            Columns.ENTROPY,
            Leaves.entropies().loops(),
            divergence,
            RegulariserLoops.DIVERGENCE);
    Set<String> trained = loops.criticised() ? HashSet.of(Columns.VALUE) : HashSet.empty();
    return new TwoForms(
        name,
        loss,
        loops,
        statistics,
        loss.parameters().map(Parameter::name).toSet(),
        trained,
        false,
        draw -> batch(draw, masked, onPolicy, parameters));
  }

  private static PlainBatch batch(
      Random random, boolean masked, boolean onPolicy, Map<String, Double> parameters) {
    PlainBatch drawn = Drawing.batch(random, false, masked, parameters);
    return onPolicy ? drawn.without(Columns.OLD_LOG_PROB) : drawn;
  }

  /** The name by which KL(π‖π_ref) is fed. */
  private static String divergence() {
    Set<String> columns =
        Drawing.batch(new Random(1), false, false, LinkedHashMap.empty()).levels().keySet();
    var kl = expected(logPi(), logPi().minus(referenceLogPi()));
    Loss both = minimise(logProb().mean(ALL_TOKENS).plus(kl.mean(ALL_TOKENS)));
    return StatisticsSplit.of(both, columns).statistics().keySet().last();
  }

  /** Parameters, a third of them at their defaults, in ranges where small batches feel them. */
  static Map<String, Double> parameters(Random random, Loss loss) {
    Map<String, Double> parameters = LinkedHashMap.empty();
    for (Parameter parameter : loss.parameters()) {
      if (random.nextInt(3) > 0) {
        parameters = parameters.put(parameter.name(), drawn(random, parameter));
      }
    }
    return random.nextInt(4) == 0
        ? parameters.put(Columns.TEMPERATURE, 0.5 + random.nextDouble())
        : parameters;
  }

  private static double drawn(Random random, Parameter parameter) {
    double initial = parameter.range().initial();
    double x;
    if (parameter.name().endsWith("length") || parameter.name().endsWith("length_cache")) {
      x = 1 + random.nextInt(4);
    } else if (initial == 0 || Math.abs(initial) < 0.02 || initial > 8) {
      x = 0.1 + 0.6 * random.nextDouble();
    } else {
      x = initial * (0.4 + 1.2 * random.nextDouble());
    }
    return Math.max(parameter.range().low(), Math.min(parameter.range().high(), x));
  }
}
