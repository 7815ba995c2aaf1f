package lossmith.proofs.subject;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Level;
import lossmith.proofs.trial.Trial;

/**
 * The cases of a proof: how many could be drawn, of what size, and what was turned down.
 *
 * @param asked how many cases were asked for
 * @param tokens how many tokens each case has that was drawn, in the order of the cases
 * @param sequences how many responses each of them has
 * @param moving in how many of them some gradient is not 0
 * @param again why draws were turned down, and how many for each reason
 * @param turnedDown how many tokens each of those draws had
 * @param missing how many cases could not be drawn, by their kind
 * @param tied the sorting operations that had ties, and in how many cases
 * @param own the columns that are drawn for this objective alone, with the domain of each
 * @param taken the columns that the cases have from recorded data
 */
public record Draws(
    int asked,
    Seq<Integer> tokens,
    Seq<Integer> sequences,
    int moving,
    Map<String, Integer> again,
    Seq<Integer> turnedDown,
    Map<Trial.Kind, Integer> missing,
    Map<String, Integer> tied,
    Map<String, String> own,
    Set<String> taken) {
  /** Cases of one kind, one after the other, after whose failure no more of it are drawn. */
  public static final int GIVE_UP = 3;

  /** Cases from which on a proof in which no gradient moved is none. */
  private static final int TELLING = 10;

  private static final String REMEDY =
      "; numbers that are equal but for rounding have no order: rank them as they are given, or"
          + " compute them per response or prompt, and then per(TOKEN)";

  /** The number of reasons that are listed; the others are counted. */
  private static final int LISTED = 4;

  /** Nothing drawn yet. */
  public static Draws none(Subject subject) {
    return new Draws(
        0,
        List.empty(),
        List.empty(),
        0,
        LinkedHashMap.empty(),
        List.empty(),
        LinkedHashMap.empty(),
        LinkedHashMap.empty(),
        subject.own(),
        subject.taken());
  }

  /** These and a case that was drawn. */
  public Draws with(Attempt attempt, Trial trial, Seq<String> ties, boolean moves) {
    return new Draws(
        asked + 1,
        tokens.append(trial.samples().tokens()),
        sequences.append(trial.samples().size(Level.Name.SEQUENCE)),
        moving + (moves ? 1 : 0),
        again.merge(attempt.again(), Integer::sum),
        turnedDown.appendAll(attempt.tokens()),
        missing,
        ties.foldLeft(tied, (all, tie) -> all.put(tie, 1, Integer::sum)),
        own,
        taken);
  }

  /** These and a case that could not be drawn. */
  public Draws without(Trial.Kind kind, Attempt attempt) {
    return new Draws(
        asked + 1,
        tokens,
        sequences,
        moving,
        again.merge(attempt.again(), Integer::sum),
        turnedDown.appendAll(attempt.tokens()),
        missing.put(kind, 1, Integer::sum),
        tied,
        own,
        taken);
  }

  /** {@return how many cases were drawn} */
  public int drawn() {
    return tokens.size();
  }

  /**
   * {@return why the cases say too little to prove anything, if so: more than half of those asked
   * for could not be drawn; those that could are less than half as long as those that rounding or
   * an infinite statistic left out; or no gradient moved in ten or more}
   */
  public Seq<String> shortfall() {
    Seq<String> found = List.empty();
    String most =
        again.maxBy(reason -> reason._2).map(reason -> ", as " + reason._1).getOrElse("") + REMEDY;
    if (2 * drawn() < asked) {
      found = found.append("only " + drawn() + " of " + asked + " cases could be drawn" + most);
    } else if (turnedDown.size() > drawn() && 2 * median(tokens) < median(turnedDown)) {
      found =
          found.append(
              "only short cases could be drawn, half of them of no more than "
                  + median(tokens)
                  + " tokens where the draws that were turned down had "
                  + median(turnedDown)
                  + most);
    }
    if (drawn() >= TELLING && moving == 0) {
      found =
          found.append(
              "the gradient is 0 in each of the "
                  + drawn()
                  + " cases that were drawn, and of nothing every law holds; look at what its masks"
                  + " and selections leave");
    }
    return found;
  }

  /** {@return the smallest, the median and the largest of some sizes, 0 of none} */
  public static Seq<Integer> spread(Seq<Integer> sizes) {
    Seq<Integer> sorted = sizes.sorted();
    return sorted.isEmpty()
        ? List.of(0, 0, 0)
        : List.of(sorted.head(), sorted.get(sorted.size() / 2), sorted.last());
  }

  private static int median(Seq<Integer> sizes) {
    return spread(sizes).get(1);
  }

  private static String words(Seq<Integer> sizes) {
    Seq<Integer> spread = spread(sizes);
    return spread.get(0) + " to " + spread.get(2) + " (median " + spread.get(1) + ")";
  }

  /** {@return what was drawn, and what was not, in sentences} */
  public Seq<String> lines() {
    Seq<String> lines =
        List.of(
            drawn()
                + " cases of "
                + words(tokens)
                + " tokens in "
                + words(sequences)
                + " responses");
    lines =
        lines.appendAll(
            own.map(column -> "column " + column._1 + " was drawn " + column._2).toList());
    lines =
        taken.isEmpty()
            ? lines
            : lines.append("from the data that was given: " + taken.mkString(", "));
    lines =
        lines.appendAll(
            tied.map(
                order ->
                    "in "
                        + order._2
                        + " cases "
                        + order._1
                        + " met equal numbers: ties keep their own order"));
    if (again.nonEmpty()) {
      int draws = again.values().sum().intValue();
      Seq<String> reasons = again.toList().map(reason -> reason._1 + " (" + reason._2 + ")");
      int more = reasons.size() - LISTED;
      lines =
          lines.append(
              draws
                  + (draws == 1 ? " draw was" : " draws were")
                  + " turned down and drawn again: "
                  + reasons.take(LISTED).mkString(", ")
                  + (more > 0 ? " and " + more + " other reasons" : ""));
    }
    return lines.appendAll(
        missing.map(
            kind ->
                kind._2
                    + " cases of kind "
                    + kind._1
                    + " could not be drawn, "
                    + Attempt.LIMIT
                    + " draws each for the first "
                    + GIVE_UP));
  }
}
