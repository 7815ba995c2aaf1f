package lossmith.proofs.independent;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lossmith.dsl.print.Listing;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import lossmith.recipes.preference.PairLoss;

/**
 * An evaluation that shares no code with what it evaluates. Random terms, random compositions of
 * parts, recipes and sums of recipes are compared, in value and in gradient, with loops over plain
 * arrays that never see a term, wherever the policy may enter.
 *
 * @param seed what draws objectives and batches
 * @param terms how many random terms
 * @param compositions how many random compositions
 * @param pairs how many pairs of recipes at each place but the statistics
 * @param allPairs whether every pair of recipes is compared at the statistics, each recipe alone
 *     before
 */
public record IndependentEvaluation(
    long seed, int terms, int compositions, int pairs, boolean allPairs) {
  private static final String TERMS = "random terms";
  private static final String COMPOSITIONS = "compositions";
  private static final String ALONE = "recipes alone";
  private static final String PAIRS = "pairs of recipes";

  /** How often an objective is drawn again. */
  private static final int AGAIN = 3;

  /** The distance of the seeds of an objective and of its replacement. */
  private static final long SEED_STEP = 500_009;

  /**
   * What came of it.
   *
   * @param tallies by kind of objectives and place
   * @param differences what did not agree, each with formula, batch, both numbers and seed
   * @param uncovered what was not compared, in words
   */
  public record Report(Seq<Tally> tallies, Seq<String> differences, Seq<String> uncovered) {
    /** {@return whether everything agreed, and few batches had to be drawn again} */
    public boolean holds() {
      return tallies.forAll(Tally::holds) && differences.isEmpty();
    }
  }

  /** Receives the progress. */
  @FunctionalInterface
  public interface Progress {
    /**
     * So many are done.
     *
     * @param done how many objectives were compared
     * @param all of how many
     */
    void made(int done, int all);
  }

  /** One comparison that was made. */
  private record Made(
      String kind, Place place, FormsOutcome outcome, int redrawn, Option<String> difference) {
    boolean kink() {
      return outcome.kind() == FormsOutcome.Kind.KINK;
    }

    Made after(int more) {
      return new Made(kind, place, outcome, redrawn + more, difference);
    }
  }

  /** Something to compare. */
  private interface Task {
    Seq<Made> made();
  }

  /**
   * {@return what came of it}
   *
   * @param progress receives the progress
   */
  public Report run(Progress progress) {
    Seq<Task> tasks =
        List.range(0, terms)
            .map(i -> (Task) () -> everywhere(TERMS, seed(i), RandomSubjects::of))
            .appendAll(
                List.range(0, compositions)
                    .map(i -> () -> everywhere(COMPOSITIONS, seed(i), own -> composition(i, own))));
    if (pairs > 0 || allPairs) {
      tasks = tasks.appendAll(ofRecipes());
    }
    return report(done(tasks.toVector(), progress));
  }

  private long seed(int number) {
    return seed * 1_000_003 + number;
  }

  private static Seq<Made> done(Seq<Task> tasks, Progress progress) {
    ExecutorService workers =
        Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors()));
    try {
      java.util.List<Future<Seq<Made>>> futures = new ArrayList<>();
      for (Task task : tasks) {
        futures.add(workers.submit(task::made));
      }
      Seq<Made> all = List.empty();
      int made = 0;
      for (Future<Seq<Made>> future : futures) {
        all = all.prependAll(future.get());
        progress.made(++made, tasks.size());
      }
      return all.reverse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  /** Makes a subject from a seed. */
  private interface Making {
    TwoForms of(long seed);
  }

  /** An objective that is at a kink wherever it is tried is drawn again, its batches counted. */
  private static Seq<Made> everywhere(String kind, long seed, Making making) {
    Seq<Made> made = at(kind, seed, making.of(seed), List.of(Place.values()));
    Seq<Made> before = List.empty();
    for (int again = 1; again <= AGAIN && made.exists(Made::kink); again++) {
      long other = seed + again * SEED_STEP;
      before = made;
      made = at(kind, other, making.of(other), List.of(Place.values()));
      made = made.zipWith(before, (now, then) -> now.after(then.redrawn() + 1));
    }
    return made;
  }

  private static Seq<Made> at(String kind, long seed, TwoForms subject, Seq<Place> places) {
    try (Compiled compiled = new Compiled(subject.loss())) {
      return places.map(place -> made(kind, place, seed, subject, compiled)).toList();
    }
  }

  private static Made made(
      String kind, Place place, long seed, TwoForms subject, Compiled compiled) {
    Trying.Tried tried = Trying.at(place, subject, compiled, seed);
    Option<String> difference =
        Option.when(
            tried.outcome().kind() != FormsOutcome.Kind.AGREED,
            () ->
                subject.name()
                    + " at "
                    + place
                    + ", seed "
                    + seed
                    + "\n  "
                    + tried.outcome().kind()
                    + " "
                    + tried.outcome().text()
                    + "\n"
                    + Listing.of(subject.loss().value().node()).toString().indent(4)
                    + FormsCompared.words(tried.numbers()).indent(2));
    return new Made(kind, place, tried.outcome(), tried.redrawn(), difference);
  }

  /** One in ten is a preference loss of a score, which has a statement. */
  private static TwoForms composition(int number, long own) {
    if (number % 10 < 9) {
      return Compositions.of(number, own);
    }
    Seq<String> scores = Parts.all().filter(part -> part.kind() == Part.Kind.SCORE).map(Part::name);
    Seq<Recipe> losses = Recipes.all().filter(PairLoss.class::isInstance);
    String score = scores.get(number / 10 % scores.size());
    Recipe loss = losses.get(new Random(own).nextInt(losses.size()));
    String name = loss.name() + Composition.AND + score;
    Recipe composed = Composition.of(name);
    return Stated.of(
            composed, lossmith.proofs.stated.Statements.of(name).isDefined() ? name : loss.name())
        .alone();
  }

  private Seq<Task> ofRecipes() {
    Seq<Stated> recipes = AllPairs.stated();
    Seq<Task> tasks = List.empty();
    if (allPairs) {
      AllPairs all = AllPairs.of(recipes, seed);
      tasks =
          recipes
              .map(
                  recipe -> (Task) () -> at(ALONE, seed, recipe.alone(), List.of(Place.STATISTICS)))
              .appendAll(List.range(0, all.size()).map(i -> () -> List.of(pair(all, i))));
    }
    Random random = new Random(seed);
    for (int i = 0; i < pairs; i++) {
      Stated one = recipes.get(random.nextInt(recipes.size()));
      Stated other = recipes.get(random.nextInt(recipes.size()));
      boolean turned = random.nextBoolean();
      long own = seed(i);
      tasks =
          tasks.append(
              () ->
                  at(
                      PAIRS,
                      own,
                      new Sum(one, other).subject(turned),
                      List.of(Place.LOGITS, Place.WHOLE, Place.HIDDEN, Place.WINDOW)));
    }
    return tasks;
  }

  private Made pair(AllPairs all, int number) {
    FormsOutcome outcome = all.compared(number);
    Option<String> difference =
        Option.when(
            outcome.kind() != FormsOutcome.Kind.AGREED,
            () -> all.pair(number).name() + ", seed " + seed + "\n  " + outcome.text() + "\n");
    return new Made(PAIRS, Place.STATISTICS, outcome, 0, difference);
  }

  private static Report report(Seq<Made> made) {
    Map<String, Tally> tallies = LinkedHashMap.empty();
    for (Made one : made) {
      String key = one.kind() + one.place();
      Tally before = tallies.getOrElse(key, Tally.none(one.kind(), one.place()));
      tallies = tallies.put(key, before.with(one.outcome(), one.redrawn()));
    }
    return new Report(List.ofAll(tallies.values()), made.flatMap(Made::difference), uncovered());
  }

  private static Seq<String> uncovered() {
    Seq<String> parts = Compositions.uncovered();
    Seq<String> recipes =
        Recipes.all()
            .map(Recipe::name)
            .filter(name -> lossmith.proofs.stated.Statements.of(name).isEmpty());
    return List.of(
        "parts without loops of their own: " + words(parts),
        "recipes without a statement: " + words(recipes));
  }

  private static String words(Seq<String> names) {
    return names.isEmpty() ? "none" : names.size() + ": " + names.mkString(", ");
  }
}
