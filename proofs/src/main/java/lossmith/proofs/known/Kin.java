package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.print.Formula;

/**
 * A known objective from which a piece differs in one place, as if by mistake.
 *
 * @param known the objective
 * @param difference the place
 * @param mistake what may have happened there
 * @param common how many terms the piece has in common with it
 * @param size how many terms the piece has
 */
record Kin(
    KnownObjective known, OnlyDifference difference, MistakenFor mistake, int common, int size) {
  /** What has fewer terms is like many things. */
  private static final int FEWEST = 5;

  /** So much of the smaller of the two is another at most. */
  private static final double MOST = 0.5;

  private static final int LONGEST = 160;

  /** The known objectives that a piece differs from so, the nearest first. */
  static Seq<Kin> of(Fragment fragment, KnownObjectives all) {
    TermForm own = fragment.shape();
    return List.ofAll(all.of(fragment.kind()))
        .flatMap(known -> of(own, known))
        .sortBy(kin -> -kin.common);
  }

  private static Option<Kin> of(TermForm own, KnownObjective known) {
    TermForm other = known.fragment().shape();
    int smaller = Math.min(own.size(), other.size());
    return OnlyDifference.between(own, other)
        .flatMap(
            difference ->
                MistakenFor.of(difference)
                    .map(
                        mistake ->
                            new Kin(
                                known, difference, mistake, smaller - mistake.size(), own.size())))
        .filter(kin -> kin.common >= FEWEST && kin.mistake.size() <= MOST * smaller)
        .filter(kin -> !kin.isOfTheThreshold());
  }

  /** What is compared with a number may be scaled, as the number is. */
  private boolean isOfTheThreshold() {
    Tuple2<Boolean, TermForm> own = Shapes.split(difference.own());
    Tuple2<Boolean, TermForm> other = Shapes.split(difference.known());
    return difference.compared()
        && own._1.equals(other._1)
        && MistakenFor.same(Fragments.withoutNumbers(own._2), Fragments.withoutNumbers(other._2));
  }

  /** A known objective whose numbers a piece has, but for one. */
  static Kin ofNumbers(Fragment fragment, KnownObjective known, NumberPair pair) {
    return new Kin(
        known,
        OnlyDifference.of(pair.own(), pair.known(), false),
        new MistakenFor(
            NumbersTogether.turn(pair).getOrElse("a number does not go with the others"), 1),
        fragment.shape().size(),
        fragment.shape().size());
  }

  /** Whether the same stands there the other way round, or a number does. */
  boolean isTurned() {
    return mistake.turns() || difference.own().isNumber();
  }

  /** Whether the whole of a piece is turned, or of what a selection compares. */
  boolean turnsAll() {
    Fragment.Kind kind = known.fragment().kind();
    return mistake.turns()
        && (kind != Fragment.Kind.TERM || difference.outermost())
        && kind != Fragment.Kind.SELECTION;
  }

  /** What is said of it. */
  String text(Seq<String> others) {
    String name = known.name();
    Tuple2<String, String> shown = shown();
    return "this reads like "
        + name
        + " ("
        + known.source().paper()
        + ", "
        + known.source().where()
        + ") in every place but one, "
        + mistake.what()
        + where(name, shown._1, shown._2)
        + (others.isEmpty() ? "" : "; it is as near to " + others.mkString(", "))
        + ". If that is meant, say so: Deviates(\""
        + KnownLaws.NAME
        + "\", why)";
  }

  private String where(String name, String own, String other) {
    if (own.equals(other)) {
      return "";
    }
    return mistake.isSign()
        ? ": " + name + " has the negative of " + own
        : ": where " + name + " has " + other + ", this has " + own;
  }

  /** Both terms, or those around them where they read alike: a sign stands before a term. */
  private Tuple2<String, String> shown() {
    Tuple2<String, String> both = Tuple.of(line(difference.own()), line(difference.known()));
    return both._1.equals(both._2)
        ? difference.around().map(pair -> Tuple.of(line(pair._1), line(pair._2))).getOrElse(both)
        : both;
  }

  /** By how many terms the piece is larger or smaller. */
  int apart() {
    return Math.abs(known.fragment().shape().size() - size);
  }

  /** A sign and an inverse of a number have no node of their own. */
  private static String line(TermForm term) {
    if (term.isNumber() && (term.is(TermForm.NEGATED) || term.is(TermForm.INVERSE))) {
      return term.word() + line(term.first());
    }
    String line = Formula.line(term.node());
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
