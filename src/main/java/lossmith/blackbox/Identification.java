package lossmith.blackbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Comparator;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import lossmith.blackbox.SameNumbers.Agreement;
import lossmith.dsl.Problem;
import lossmith.recipes.Recipe;

/**
 * Which objective a loss is.
 *
 * <p>Long because what is sought, in which order, and how each outcome is told stand together.
 *
 * @param seen what it is seen to do
 * @param equal the objectives with the same value and gradient
 * @param slopes those with the same gradient and another value, where none has both
 * @param agreement how nearly these are the same
 * @param nearest where none has, the objective that does most of what is seen, and what it does
 *     otherwise
 */
public record Identification(
    Profile seen,
    Seq<String> equal,
    Seq<String> slopes,
    Agreement agreement,
    Option<Nearest> nearest) {
  /**
   * An objective that is not the loss.
   *
   * @param name its name
   * @param differences what the loss does, and the objective does not
   * @param others objectives that are about as near, the plainest first
   * @param agreement how nearly it is the loss once these are exchanged; none where it is not
   */
  public record Nearest(
      String name, Seq<String> differences, Seq<String> others, Option<Agreement> agreement) {
    /** {@return whether it is the loss once these are exchanged} */
    public boolean settled() {
      return agreement.isDefined();
    }
  }

  /**
   * {@return which objective a loss is}
   *
   * @param box the loss
   * @param recipes what it may be
   * @param progress receives the number of objectives that were compared
   */
  public static Identification of(BlackBox box, Seq<Recipe> recipes, IntConsumer progress) {
    Profile seen = Profile.of(box);
    Seq<TensorBatch> batches =
        List.of(1.2, 0.15, 0.4, 3.0)
            .flatMap(Probes::offPolicy)
            .appendAll(Probes.offPolicy(0.4).take(2).map(Probes::scored))
            .toVector();
    SameNumbers same = SameNumbers.of(box, batches);
    refuse(box, same.own());
    Candidates candidates = new Candidates(box, seen);
    Seq<Candidate> found = List.empty();
    int done = 0;
    for (Recipe recipe : recipes) {
      progress.accept(done++);
      found = found.appendAll(candidates.of(recipe));
    }
    Seq<Candidate> all = found.sorted(Candidate.PLAINEST).toVector();
    Agreement loosest = seen.rounded() ? Agreement.SINGLE : Agreement.GUARDED;
    DirectMatches direct = DirectMatches.of(all, same, loosest);
    Seq<Candidate> equal = direct.equal();
    int choices =
        direct
            .best()
            .map(one -> one.choices() + (equal.isEmpty() ? 1 : 0))
            .getOrElse(Integer.MAX_VALUE);
    Option<Nearest> nearest =
        choices <= 1
            ? Option.none()
            : exchanged(
                    box,
                    seen,
                    recipes,
                    candidates,
                    (one, value) -> same.with(one, value, loosest),
                    one -> same.with(one, false, Agreement.EXACT) ? Agreement.EXACT : loosest)
                .filter(one -> one.differences.size() < choices)
                .orElse(() -> direct.best().isEmpty() ? nearest(box, seen, all) : Option.none());
    return new Identification(
        seen,
        names(equal),
        equal.isEmpty() ? names(direct.slopes()) : List.empty(),
        direct.agreement(),
        nearest);
  }

  /** Objectives with the fewest parts exchanged, the best known first. */
  private static Option<Nearest> exchanged(
      BlackBox box,
      Profile seen,
      Seq<Recipe> recipes,
      Candidates candidates,
      BiPredicate<BlackBox, Boolean> met,
      Function<BlackBox, Agreement> agreement) {
    ExchangeSearch search = new ExchangeSearch(box, seen, candidates, met, agreement);
    Seq<Exchanged> found =
        recipes
            .flatMap(search::of)
            .filter(one -> one.count() <= Exchanged.MOST)
            .sorted(Exchanged.NEAREST);
    return found
        .headOption()
        .map(
            one ->
                new Nearest(
                    one.name(),
                    one.differences(),
                    found
                        .tail()
                        .filter(other -> other.count() == one.count())
                        .filter(Exchanged::known)
                        .map(Exchanged::name),
                    Option.some(one.agreement())));
  }

  /**
   * Of each recipe the plainest way to say it, and of recipes that differ in their advantages
   * alone, where these are given, the plainest.
   */
  private static Seq<String> names(Seq<Candidate> all) {
    return all.distinctBy(Candidate::recipe).distinctBy(Candidate::meaning).map(Candidate::name);
  }

  /** Refuses a loss that is no number on any of some batches. */
  private static void refuse(BlackBox box, Seq<Answer> own) {
    if (own.exists(one -> one instanceof Answer.Numbers numbers && numbers.finite())) {
      return;
    }
    String why =
        own.head() instanceof Answer.Failure failure
            ? failure.text()
            : "NaN or an infinite number in its value or gradient";
    throw Problem.of(
            "identify",
            box.name() + ", which gives no number on any ordinary batch: " + why,
            "a loss with a finite value and gradient",
            "prove --python, which tells on which batches it fails")
        .exception();
  }

  /**
   * The one that is most alike token by token, and of these the one that does most alike; of those
   * that are about as near the plainest. Terms that are more alike alone, as seen, than with an
   * objective are not added to it: they would name any.
   */
  private static Option<Nearest> nearest(BlackBox box, Profile seen, Seq<Candidate> all) {
    Seq<TensorBatch> batches =
        List.of(0.15, 1.2, 3.0).flatMap(width -> Probes.offPolicy(width).take(3)).toVector();
    Seq<Answer> own = batches.map(box::of).toVector();
    ToDoubleFunction<BlackBox> distance =
        one -> Likeness.of(own, batches.map(one::of).toVector(), batches).distance();
    double alone =
        all.map(Candidate::box)
            .filter(AddedTerms.class::isInstance)
            .headOption()
            .map(one -> distance.applyAsDouble(((AddedTerms) one).alone()))
            .getOrElse(Double.POSITIVE_INFINITY);
    Seq<Near> near =
        all.map(one -> new Tuple2<>(one, distance.applyAsDouble(one.box())))
            .filter(one -> !(one._1.box() instanceof AddedTerms) || one._2 < alone)
            .sortBy(one -> one._2)
            .take(NEAREST)
            .map(one -> Near.of(one._1, one._2, seen))
            .toVector();
    double least = near.map(Near::distance).min().getOrElse(0.0);
    Seq<Near> about =
        near.filter(one -> one.distance <= least + ABOUT)
            .sorted(Comparator.comparing(Near::candidate, Candidate.PLAINEST));
    return about
        .headOption()
        .map(
            one ->
                new Nearest(
                    one.candidate.name(),
                    one.differences,
                    names(about.map(Near::candidate)).drop(1),
                    Option.none()));
  }

  /** A candidate, what the loss does otherwise, and how far apart both make it. */
  private record Near(Candidate candidate, Seq<String> differences, double distance) {
    static Near of(Candidate candidate, double apart, Profile seen) {
      Profile does = Profile.of(candidate.box());
      Seq<String> differences = Identification.differences(seen, does);
      return new Near(
          candidate,
          differences,
          apart
              + DIFFERENCE * differences.size()
              + CHOICE * candidate.choices()
              + SHAPE * apart(marks(seen), marks(does)));
    }
  }

  /** Objectives whose distances differ by less are about as near. */
  private static final double ABOUT = 0.1;

  /** How many of the nearest by their numbers are asked what they do. */
  private static final int NEAREST = 12;

  /** What a difference that is told counts beside the numbers. */
  private static final double DIFFERENCE = 0.2;

  /** What a choice beside the paper's own counts: of conventions, a mean, a parameter, a term. */
  private static final double CHOICE = 0.05;

  /** What it counts that the ratio is bounded elsewhere and by other factors. */
  private static final double SHAPE = 2;

  private static Set<String> marks(Profile profile) {
    return profile.rising().marks().addAll(profile.falling().marks());
  }

  /** The share of all marks that only one has. */
  private static double apart(Set<String> left, Set<String> right) {
    return 1 - (double) left.intersect(right).size() / left.union(right).size();
  }

  private static Seq<String> differences(Profile seen, Profile other) {
    Map<String, String> expected = other.words();
    return seen.words()
        .toList()
        .filter(word -> !expected.get(word._1).contains(word._2))
        .filter(word -> expected.containsKey(word._1))
        .map(word -> word._1 + " is " + word._2 + " instead of " + expected.get(word._1).get());
  }

  /** {@return the same for a program to read} */
  public ObjectNode json(ObjectMapper mapper) {
    ObjectNode root = mapper.createObjectNode();
    ObjectNode does = root.putObject("seen");
    seen.words().forEach(does::put);
    equal.forEach(root.putArray("equal")::add);
    slopes.forEach(root.putArray("equal_gradient")::add);
    root.put("agreement", agreement.toString());
    for (Nearest one : nearest) {
      ObjectNode near =
          root.putObject("nearest")
              .put("name", one.name)
              .put("equal_once_exchanged", one.settled());
      one.differences.forEach(near.putArray("differences")::add);
      one.others.forEach(near.putArray("as_near")::add);
    }
    return root;
  }

  @Override
  public String toString() {
    for (Nearest one : nearest.filter(Nearest::settled)) {
      Seq<String> rest = equal.reject(name -> name.startsWith(one.name + AddedTerms.AND));
      return settled(one) + others("also equal to", rest);
    }
    if (equal.nonEmpty()) {
      return "equal " + agreement + ": " + equal.head() + others("also equal to", equal.tail());
    }
    if (slopes.nonEmpty()) {
      return "the gradient of "
          + slopes.head()
          + (agreement == Agreement.EXACT ? "" : ", " + agreement)
          + ", with another value"
          + others("also that of", slopes.tail());
    }
    return nearest
        .map(Identification::told)
        .getOrElse("no objective of the catalogue reads these columns alone");
  }

  private static String settled(Nearest one) {
    String equal =
        (one.differences.contains(Exchanged.OTHER_VALUE) ? "the gradient is equal " : "equal ")
            + one.agreement.get();
    String but =
        one.differences.size() == 1
            ? " " + one.differences.head() + "\n  with this exchanged " + equal
            : one.differences.map(text -> "\n  " + text).mkString()
                + "\n  with these exchanged "
                + equal;
    return one.differences.isEmpty()
        ? "equal " + one.agreement.get() + ": " + one.name
        : "as " + one.name + ", but" + but + others("as near", one.others);
  }

  private static String told(Nearest one) {
    String differences =
        one.differences.isEmpty()
            ? ", which does all that was asked for alike, and is not equal"
            : ", but" + one.differences.map(text -> "\n  " + text).mkString();
    return "nearest: " + one.name + differences + others("about as near", one.others);
  }

  private static String others(String how, Seq<String> names) {
    String more = names.size() > MOST ? " and " + (names.size() - MOST) + " more" : "";
    return names.isEmpty() ? "" : "\n  " + how + ": " + names.take(MOST).mkString("; ") + more;
  }

  /** So many others are listed. */
  private static final int MOST = 5;
}
