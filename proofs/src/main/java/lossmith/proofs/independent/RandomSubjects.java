package lossmith.proofs.independent;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.sweep.RowPasses;
import lossmith.proofs.independent.loops.Across;
import lossmith.proofs.independent.loops.Drawing;
import lossmith.proofs.independent.loops.Generator;
import lossmith.proofs.independent.loops.Loops;
import lossmith.proofs.independent.loops.Made;
import lossmith.proofs.independent.loops.Oracle;
import lossmith.proofs.independent.loops.PlainBatch;
import lossmith.proofs.independent.loops.Reducing;

/** Random objectives in two forms. */
final class RandomSubjects {
  private RandomSubjects() {}

  /** A summand of a loss, its numbers before they are summed. */
  private record Summed(Term<Batch> term, Oracle oracle) {}

  /** The objective of a seed. */
  static TwoForms of(long seed) {
    Random random = new Random(seed);
    boolean masked = random.nextInt(4) == 0;
    boolean onPolicy = random.nextInt(8) == 0;
    Set<String> columns = columns(onPolicy);
    while (true) {
      Generator generator = new Generator(random, masked, columns);
      Summed first = summed(random, generator);
      if (!first.term().node().live()) {
        continue;
      }
      TwoForms drawn = subject(seed, random, generator, first, masked, onPolicy);
      if (hasPasses(drawn.loss(), columns)) {
        return drawn;
      }
    }
  }

  /**
   * Whether a few rows at a time can compute a loss: one with a statistic over the vocabulary of a
   * live number per token is refused there, with a message, and another is drawn.
   */
  private static boolean hasPasses(Loss loss, Set<String> columns) {
    try {
      return RowPasses.of(loss, columns).count() > 0;
    } catch (ProblemException refused) {
      return false;
    }
  }

  private static TwoForms subject(
      long seed,
      Random random,
      Generator generator,
      Summed first,
      boolean masked,
      boolean onPolicy) {
    boolean turned = random.nextBoolean();
    Loss loss = turned ? maximise(first.term()) : minimise(first.term());
    Oracle oracle = turned ? scaled(first.oracle(), -1) : first.oracle();
    if (random.nextInt(3) == 0) {
      Summed second = summed(random, generator);
      if (second.term().node().live()) {
        loss = loss.plus(minimise(second.term()).scaledBy(0.5).as("second"));
        oracle = both(oracle, scaled(second.oracle(), 0.5));
      }
    }
    String[] trained = generator.trained().add(Loss.POLICY).toJavaArray(String[]::new);
    Map<String, Double> parameters =
        random.nextInt(3) == 0
            ? generator.knobs().parameters().put(Columns.TEMPERATURE, 0.5 + random.nextDouble())
            : generator.knobs().parameters();
    return new TwoForms(
        "term " + seed,
        loss.training(trained),
        oracle,
        generator.statistics(),
        generator.knobs().names(),
        generator.trained(),
        false,
        draw -> batch(draw, masked, onPolicy, parameters));
  }

  private static PlainBatch batch(
      Random random, boolean masked, boolean onPolicy, Map<String, Double> parameters) {
    PlainBatch drawn = Drawing.batch(random, false, masked, parameters);
    return onPolicy ? drawn.without(Columns.OLD_LOG_PROB) : drawn;
  }

  private static Set<String> columns(boolean onPolicy) {
    PlainBatch any = batch(new Random(1), false, onPolicy, LinkedHashMap.empty());
    return any.levels().keySet();
  }

  private static Oracle scaled(Oracle oracle, double factor) {
    return (live, detached) ->
        Arrays.stream(oracle.summands(live, detached)).map(x -> factor * x).toArray();
  }

  private static Oracle both(Oracle one, Oracle other) {
    return (live, detached) -> {
      double[] a = one.summands(live, detached);
      double[] b = other.summands(live, detached);
      double[] all = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, all, a.length, b.length);
      return all;
    };
  }

  private static Summed summed(Random random, Generator generator) {
    int depth = 1 + random.nextInt(3);
    return switch (random.nextInt(6)) {
      case 0 -> {
        Across<Token, Batch> over = Across.all(ALL_TOKENS).where(generator.ofToken(1));
        Made<Token> x = generator.token(depth);
        yield new Summed(x.term().mean(over.over()), means(x.loops(), over));
      }
      case 1 -> {
        Made<Token> x = generator.token(depth);
        Made<Sequence> each = Reducing.mean(x, Across.all(TOKENS));
        Made<lossmith.dsl.Level.Group> prompts = Reducing.mean(each, Across.all(SEQUENCES));
        yield new Summed(prompts.term().mean(GROUPS), means(prompts.loops(), Across.all(GROUPS)));
      }
      case 2 -> {
        Made<Sequence> x = generator.sequence(depth);
        yield new Summed(x.term().mean(ALL_SEQUENCES), means(x.loops(), Across.all(ALL_SEQUENCES)));
      }
      case 3 -> {
        Made<Token> x = generator.token(depth);
        Oracle sum = (live, detached) -> x.loops().of(live, detached);
        yield new Summed(x.term().sum(ALL_TOKENS).scaledBy(0.1), scaled(sum, 0.1));
      }
      case 4 -> {
        Made<Batch> x = generator.batch(depth);
        yield new Summed(x.term(), x.loops()::of);
      }
      default -> {
        Made<Token> x = generator.token(depth);
        yield new Summed(x.term().mean(ALL_TOKENS), means(x.loops(), Across.all(ALL_TOKENS)));
      }
    };
  }

  /** x_i / n of the members of the batch that count. */
  private static <F extends lossmith.dsl.Level> Oracle means(Loops x, Across<F, Batch> over) {
    return (live, detached) -> {
      double[] numbers = x.of(live, detached);
      int[] members = over.members(live, detached)[0];
      return Arrays.stream(members).mapToDouble(i -> numbers[i] / members.length).toArray();
    };
  }
}
