package lossmith.proofs.independent.loops;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.GROUP_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;

import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;

/**
 * Random terms of every level, each with its loops: every production makes both in one step, so
 * that no loop is ever read off a term.
 *
 * <p>Long because one case for each word that it draws.
 */
public final class Generator {
  private final Random random;
  private final DrawnParameters knobs;
  private final ElementwiseLoops elementwise;
  private final EntryLoops entries;
  private Set<String> trained = HashSet.empty();

  public Generator(Random random, boolean masked, Set<String> columns) {
    this.random = random;
    this.knobs = new DrawnParameters(random);
    this.elementwise = new ElementwiseLoops(random, knobs);
    this.entries = new EntryLoops(random, elementwise, masked, columns);
  }

  public DrawnParameters knobs() {
    return knobs;
  }

  /** The statistics of the policy that were met, by the name by which each is fed. */
  public Map<String, Loops> statistics() {
    return entries
        .statistics()
        .put(Columns.LOG_PROB, Leaves.logProbs().loops())
        .put(Columns.ENTROPY, Leaves.entropies().loops());
  }

  /** The columns that are trained beside the policy. */
  public Set<String> trained() {
    return trained;
  }

  public Made<Token> token(int depth) {
    if (depth <= 0) {
      return leaf();
    }
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> elementwise.one(token(depth - 1));
      case 3, 4, 5 -> elementwise.two(token(depth - 1), token(depth - 1));
      case 6 -> elementwise.either(ofToken(depth - 1), token(depth - 1), token(depth - 1));
      case 7 -> OrderLoops.after(token(depth - 1), 0.5);
      case 8 -> OrderLoops.before(token(depth - 1), -0.5);
      case 9 -> OrderLoops.back(token(depth - 1), coefficient());
      case 10 -> OrderLoops.on(token(depth - 1), coefficient());
      case 11 -> ordered(token(depth - 1));
      case 12 -> entries.statistic(inside());
      case 13 -> elementwise.two(token(depth - 1), fixedToken(1).made());
      case 14 -> perToken(group(depth - 1), GROUP);
      default -> perToken(sequence(depth - 1), SEQUENCE);
    };
  }

  private Made<Token> ordered(Made<Token> x) {
    Fixed<Token> key = random.nextBoolean() ? x.stopped() : fixedToken(0);
    return switch (random.nextInt(3)) {
      case 0 -> within(x, key);
      case 1 ->
          random.nextBoolean()
              ? OrderLoops.sumByKey(x, Leaves.data("state", TOKEN), Across.all(GROUP_TOKENS))
              : OrderLoops.sumByKey(x, Leaves.data("segment", TOKEN), Across.all(TOKENS));
      default ->
          random.nextBoolean()
              ? OrderLoops.cumulativeSum(x, key, Across.all(TOKENS))
              : OrderLoops.cumulativeSum(x, Leaves.positions(), Across.all(ALL_TOKENS));
    };
  }

  private Made<Token> within(Made<Token> x, Fixed<Token> key) {
    return switch (random.nextInt(3)) {
      case 0 -> OrderLoops.sorted(x, key, Across.all(TOKENS));
      case 1 -> OrderLoops.sorted(x, key, Across.all(GROUP_TOKENS));
      default -> OrderLoops.sorted(x, key, Across.all(ALL_TOKENS));
    };
  }

  private Made<Token> leaf() {
    return switch (random.nextInt(9)) {
      case 0, 1 -> Leaves.logProbs();
      case 2 -> Leaves.ratios();
      case 3 -> {
        Made<Token> x = Leaves.logProbs();
        Fixed<Token> old = random.nextBoolean() ? Leaves.olds() : Leaves.references();
        yield new Made<>(x.term().minus(old.term()), x.loops().zip(old.loops(), (a, b) -> a - b));
      }
      case 4 -> Leaves.entropies();
      case 5 -> {
        trained = trained.add(Columns.VALUE);
        yield Leaves.values();
      }
      case 6 -> elementwise.two(Leaves.logProbs(), fixedToken(0).made());
      default -> entries.statistic(Leaves.logProbs());
    };
  }

  /** A number of each token that may stand inside a statistic. */
  private Made<Token> inside() {
    return switch (random.nextInt(4)) {
      case 0 -> Leaves.ratios();
      case 1 -> fixedToken(1).made();
      case 2 -> perToken(Reducing.mean(Leaves.logProbs(), Across.all(TOKENS)), SEQUENCE);
      default -> elementwise.one(Leaves.logProbs());
    };
  }

  /** Numbers between −0.8 and 0.8, so that recurrences stay small. */
  private Fixed<Token> coefficient() {
    return fixedToken(1).then(x -> x.tanh().scaledBy(0.8), a -> 0.8 * Math.tanh(a));
  }

  public Made<Sequence> sequence(int depth) {
    if (depth <= 0) {
      return Reducing.mean(leaf(), Across.all(TOKENS));
    }
    return switch (random.nextInt(9)) {
      case 0 -> elementwise.one(sequence(depth - 1));
      case 1 -> elementwise.two(sequence(depth - 1), sequence(depth - 1));
      case 2 -> elementwise.two(sequence(depth - 1), fixedSequence(1).made());
      case 3 -> elementwise.either(ofSequence(depth - 1), sequence(depth - 1), sequence(0));
      case 4 -> {
        trained = trained.add("response_weight");
        yield elementwise.two(sequence(depth - 1), Leaves.trained("response_weight", SEQUENCE));
      }
      case 5 -> {
        Made<Group> x = group(depth - 1);
        yield new Made<>(
            x.term().per(SEQUENCE),
            Leaves.spread(x.loops(), Level.Name.SEQUENCE, Level.Name.GROUP));
      }
      case 6 -> orderedResponses(sequence(depth - 1));
      default -> Reducing.one(random, token(depth - 1), perhaps(Across.all(TOKENS), depth));
    };
  }

  private Made<Sequence> orderedResponses(Made<Sequence> x) {
    Fixed<Sequence> key = random.nextBoolean() ? Leaves.rewards() : x.stopped();
    return switch (random.nextInt(4)) {
      case 0 -> OrderLoops.sorted(x, key, Across.all(SEQUENCES));
      case 1 -> OrderLoops.sorted(x, key, Across.all(ALL_SEQUENCES));
      case 2 -> OrderLoops.cumulativeSum(x, key, Across.all(SEQUENCES));
      default ->
          OrderLoops.sumByKey(
              x, Leaves.data(Columns.FINISHED, SEQUENCE), Across.all(ALL_SEQUENCES));
    };
  }

  Made<Group> group(int depth) {
    return switch (random.nextInt(6)) {
      case 0 -> Reducing.one(random, token(depth - 1), perhaps(Across.all(GROUP_TOKENS), depth));
      case 1 -> elementwise.one(Reducing.mean(sequence(depth - 1), Across.all(SEQUENCES)));
      case 2 -> {
        trained = trained.add("log_z");
        Made<Group> mean = Reducing.mean(sequence(depth - 1), Across.all(SEQUENCES));
        yield elementwise.two(mean, Leaves.trained("log_z", GROUP));
      }
      case 3 ->
          elementwise.two(
              Reducing.mean(sequence(depth - 1), Across.all(SEQUENCES)), fixedGroup().made());
      default -> {
        Across<Sequence, Group> over = Across.all(SEQUENCES);
        yield Reducing.one(
            random,
            sequence(depth - 1),
            depth > 0 && random.nextInt(3) == 0 ? over.where(ofSequence(0)) : over);
      }
    };
  }

  public Made<Batch> batch(int depth) {
    return switch (random.nextInt(6)) {
      case 0 -> elementwise.one(Reducing.mean(token(depth - 1), Across.all(ALL_TOKENS)));
      case 1 -> Reducing.one(random, group(depth - 1), Across.all(GROUPS));
      case 2 -> Reducing.one(random, sequence(depth - 1), Across.all(ALL_SEQUENCES));
      case 3 -> {
        trained = trained.add("dual_temperature");
        yield elementwise.two(
            Reducing.mean(token(depth - 1), Across.all(ALL_TOKENS)),
            Leaves.trained("dual_temperature", BATCH));
      }
      case 4 ->
          elementwise.two(
              Reducing.mean(token(depth - 1), Across.all(ALL_TOKENS)),
              Leaves.ofBatch(random.nextInt(3)).made());
      default -> Reducing.one(random, token(depth - 1), perhaps(Across.all(ALL_TOKENS), depth));
    };
  }

  private <T extends Level> Across<Token, T> perhaps(Across<Token, T> over, int depth) {
    return random.nextInt(3) == 0 ? over.where(ofToken(Math.min(1, depth - 1))) : over;
  }

  private static <L extends Level> Made<Token> perToken(Made<L> x, Axis<L> from) {
    lossmith.dsl.Term<Token> term = spread(x.term(), from);
    return new Made<>(term, Leaves.spread(x.loops(), Level.Name.TOKEN, from.name()));
  }

  @SuppressWarnings("unchecked") // every level above refines to a token
  private static <L extends Level> lossmith.dsl.Term<Token> spread(
      lossmith.dsl.Term<L> x, Axis<L> from) {
    return switch (from.name()) {
      case SEQUENCE -> ((lossmith.dsl.Term<Sequence>) x).per(TOKEN);
      case GROUP -> ((lossmith.dsl.Term<Group>) x).per(TOKEN);
      default -> ((lossmith.dsl.Term<Batch>) x).per(TOKEN);
    };
  }

  /** A condition of tokens. */
  public Asked<Token> ofToken(int depth) {
    return switch (random.nextInt(9)) {
      case 0 -> ofToken(depth - 1 < 0 ? 0 : depth - 1).not();
      case 1 -> depth > 0 ? ofToken(0).and(ofToken(0)) : simple();
      case 2 -> depth > 0 ? ofToken(0).or(ofToken(0)) : simple();
      case 3 -> elementwise.compared(token(Math.min(depth, 1)), Leaves.number(0.1, TOKEN).made());
      case 4 -> elementwise.compared(leaf(), fixedToken(0).made());
      case 5 -> {
        Fixed<Sequence> two = Leaves.number(2, SEQUENCE);
        yield OrderLoops.top(leaf().stopped(), two, Across.all(TOKENS));
      }
      case 6 ->
          OrderLoops.topFraction(
              leaf().stopped(), knobs.fraction(), 1, Across.all(ALL_TOKENS).where(simple()));
      case 7 -> {
        Asked<Sequence> of = ofSequence(0);
        yield new Asked<>(
            of.term().per(TOKEN), Leaves.spread(of.loops(), Level.Name.TOKEN, Level.Name.SEQUENCE));
      }
      default -> simple();
    };
  }

  private Asked<Token> simple() {
    return elementwise.compared(
        Leaves.ofToken(random.nextInt(8)).made(), Leaves.number(0.3, TOKEN).made());
  }

  private Asked<Sequence> ofSequence(int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> elementwise.compared(sequence(depth), fixedSequence(0).made());
      case 1 -> OrderLoops.top(Leaves.rewards(), Leaves.number(1, GROUP), Across.all(SEQUENCES));
      case 2 -> elementwise.compared(Leaves.lengths().made(), Leaves.number(1, SEQUENCE).made());
      default -> elementwise.compared(Leaves.rewards().made(), Leaves.number(0.2, SEQUENCE).made());
    };
  }

  /** A detached number of each token. */
  Fixed<Token> fixedToken(int depth) {
    if (depth <= 0) {
      return random.nextInt(3) == 0 ? leaf().stopped() : Leaves.ofToken(random.nextInt(8));
    }
    Fixed<Token> x = fixedToken(depth - 1);
    return switch (random.nextInt(10)) {
      case 0 -> x.then(Detached::tanh, Math::tanh);
      case 1 -> x.then(Detached::sign, Math::signum);
      case 2 -> x.then(t -> t.scaledBy(1.7).floor(), a -> Math.floor(1.7 * a));
      case 3 -> OrderLoops.rank(x, Across.all(TOKENS));
      case 4 -> OrderLoops.rank(x, Across.all(ALL_TOKENS).where(simple()));
      case 5 -> OrderLoops.after(x, 0);
      case 6 -> OrderLoops.before(x, 1);
      case 7 -> OrderLoops.back(x, Leaves.number(0.9, TOKEN));
      case 8 -> {
        Fixed<Sequence> of = fixedSequence(1);
        yield new Fixed<>(
            of.term().per(TOKEN), Leaves.spread(of.loops(), Level.Name.TOKEN, Level.Name.SEQUENCE));
      }
      default -> {
        Fixed<Token> y = fixedToken(0);
        yield new Fixed<>(x.term().minus(y.term()), x.loops().zip(y.loops(), (a, b) -> a - b));
      }
    };
  }

  private Fixed<Sequence> fixedSequence(int depth) {
    if (depth <= 0) {
      return Leaves.ofResponse(random.nextInt(5));
    }
    return switch (random.nextInt(5)) {
      case 0 -> Reducing.one(random, fixedToken(0), Across.all(TOKENS).where(simple()));
      case 1 -> Reducing.one(random, fixedToken(0), Across.all(TOKENS));
      case 2 -> Reducing.quantile(fixedToken(0), Leaves.number(0.4, SEQUENCE), Across.all(TOKENS));
      case 3 -> OrderLoops.rank(Leaves.ofResponse(random.nextInt(5)), Across.all(SEQUENCES));
      default -> {
        Fixed<Group> of = fixedGroup();
        yield new Fixed<>(
            of.term().per(SEQUENCE),
            Leaves.spread(of.loops(), Level.Name.SEQUENCE, Level.Name.GROUP));
      }
    };
  }

  private Fixed<Group> fixedGroup() {
    return random.nextBoolean()
        ? Leaves.ofPrompt(random.nextInt(3))
        : Reducing.one(random, Leaves.ofResponse(random.nextInt(5)), Across.all(SEQUENCES));
  }
}
