package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.DoubleUnaryOperator;

/**
 * Whether the numbers of a term can be those of a known one: its parameters are whatever the term's
 * numbers say, but each is one number wherever it stands. Where a known term has w and 1 − w, the
 * term may have v and 1 − v, and not v and v.
 */
final class NumbersTogether {
  /** How many values of the parameters are tried, as equations in them hold for all or for few. */
  private static final int DRAWS = 3;

  private static final double NEAR = 1e-9;
  private static final int STEPS = 60;
  private static final Seq<Double> STARTS = List.of(0.1, 0.5, 2.0);

  /** Two numbers of which one is the other's inverse or what it lacks to 1 are told at these. */
  private static final double ONE_PLACE = 0.2;

  private static final double OTHER_PLACE = 0.7;
  private static final double OTHERS = 0.4;

  private final Seq<NumberPair> pairs;
  private final Seq<Map<String, Double>> draws;

  private NumbersTogether(Seq<NumberPair> pairs) {
    this.pairs = pairs;
    Seq<String> names = pairs.flatMap(pair -> pair.own().amount().parameters()).distinct().sorted();
    this.draws =
        List.range(0, DRAWS)
            .map(
                draw ->
                    HashMap.ofEntries(
                        names.zipWithIndex().map(name -> Tuple.of(name._1, drawn(name._2, draw)))));
  }

  /** Between 0.15 and 0.85, all different. */
  private static double drawn(int name, int draw) {
    double turn = (name * DRAWS + draw + 1) * 0.6180339887;
    return 0.15 + 0.7 * (turn - Math.floor(turn));
  }

  /**
   * What is said of a term's numbers beside a known one's.
   *
   * @param together whether the known term has them, whatever its parameters are
   * @param named whether it has them where its parameters are those of their names
   * @param mistaken the one of which that is not so while it is of all others
   */
  record Verdict(boolean together, boolean named, Option<NumberPair> mistaken) {}

  static Verdict of(Seq<NumberPair> pairs) {
    return new NumbersTogether(pairs).verdict();
  }

  private Verdict verdict() {
    Map<String, Seq<Double>> names = byName();
    Seq<NumberPair> apart = apart(names);
    boolean own = names.keySet().containsAll(pairs.flatMap(pair -> parameters(pair.own())));
    if (own && apart.isEmpty()) {
      return new Verdict(true, true, Option.none());
    }
    Option<NumberPair> odd =
        apart.size() == 1
            ? apart.filter(pair -> isElsewhere(pair, names)).headOption()
            : isTurnedEverywhere(apart)
                ? apart.headOption()
                : apart.find(
                    pair -> isExtra(pair) && names.keySet().containsAll(parameters(pair.own())));
    if (odd.isDefined()) {
      return new Verdict(false, true, odd);
    }
    Seq<NumberPair> others = apart(bound());
    return new Verdict(
        others.isEmpty(),
        false,
        others.size() == 1 ? others.filter(this::isMistaken).headOption() : Option.none());
  }

  private static Set<String> parameters(TermForm number) {
    return number.amount().parameters();
  }

  /** The known term's parameters as those of the same names. */
  private Map<String, Seq<Double>> byName() {
    Set<String> known = pairs.flatMap(pair -> parameters(pair.known())).toSet();
    return HashMap.ofEntries(
        known
            .filter(name -> draws.head().containsKey(name))
            .toList()
            .map(name -> Tuple.of(name, draws.map(draw -> draw.getOrElse(name, Double.NaN)))));
  }

  /** The known term's parameters as most of the numbers say that they are. */
  private Map<String, Seq<Double>> bound() {
    Map<String, Seq<Double>> bound = HashMap.empty();
    for (String name : pairs.flatMap(pair -> parameters(pair.known())).distinct()) {
      Seq<NumberPair> alone =
          pairs.filter(pair -> parameters(pair.known()).equals(HashSet.of(name)));
      Option<Seq<Double>> best =
          alone
              .sortBy(pair -> parameters(pair.own()).isEmpty() ? 1 : 0)
              .flatMap(pair -> solved(pair, name))
              .maxBy(values -> alone.count(pair -> agrees(pair, HashMap.of(name, values))));
      Seq<Double> none = List.fill(DRAWS, Double.POSITIVE_INFINITY);
      if (alone.nonEmpty()) {
        bound = bound.put(name, best.getOrElse(none));
      }
    }
    return bound;
  }

  /** The pairs that do not agree, each once however often it stands in the term. */
  private Seq<NumberPair> apart(Map<String, Seq<Double>> bound) {
    return pairs
        .reject(pair -> agrees(pair, bound))
        .distinctBy(
            pair -> Tuple.of(draws.map(pair.own().amount()::at), values(pair.known(), bound)));
  }

  private boolean agrees(NumberPair pair, Map<String, Seq<Double>> bound) {
    if (isExtra(pair)) {
      // A parameter of one's own for a constant is a choice; one of the known term's is elsewhere.
      Set<String> known = pairs.flatMap(other -> parameters(other.known())).toSet();
      return parameters(pair.own()).isEmpty() || !known.containsAll(parameters(pair.own()));
    }
    return !bound.keySet().containsAll(parameters(pair.known()))
        || draws
            .map(pair.own().amount()::at)
            .zip(values(pair.known(), bound))
            .forAll(both -> isNear(both._1, both._2) || (isUndefined(both) && isOpen(pair)));
  }

  private static boolean isUndefined(Tuple2<Double, Double> both) {
    return both._1.isNaN() || both._2.isNaN();
  }

  /** Whether one of two numbers is made of something whose value is not known. */
  private static boolean isOpen(NumberPair pair) {
    return parameters(pair.own()).isEmpty() || parameters(pair.known()).isEmpty();
  }

  private static boolean isNear(double one, double other) {
    return (Double.isNaN(one) && Double.isNaN(other))
        || one == other
        || Math.abs(one - other) <= NEAR * (1 + Math.abs(one));
  }

  private static Seq<Double> values(TermForm known, Map<String, Seq<Double>> bound) {
    return List.range(0, DRAWS)
        .map(draw -> known.amount().at(bound.mapValues(all -> all.get(draw))));
  }

  /** What a parameter of the known term has to be, draw by draw, for a pair to agree. */
  private Option<Seq<Double>> solved(NumberPair pair, String name) {
    Seq<Double> values =
        draws.map(
            draw -> {
              double own = pair.own().amount().at(draw);
              return root(x -> pair.known().amount().at(HashMap.of(name, x)) - own);
            });
    return Option.when(values.forAll(Double::isFinite), values);
  }

  private static boolean isAlone(TermForm number) {
    Set<String> names = parameters(number);
    return names.size() == 1
        && at(number, names.head(), ONE_PLACE) == ONE_PLACE
        && at(number, names.head(), OTHER_PLACE) == OTHER_PLACE;
  }

  /** By the secant method from several places; not a number where it finds none. */
  private static double root(DoubleUnaryOperator of) {
    return STARTS
        .map(start -> root(of, start))
        .find(x -> Math.abs(of.applyAsDouble(x)) <= NEAR)
        .getOrElse(Double.NaN);
  }

  private static double root(DoubleUnaryOperator of, double start) {
    double last = start;
    double x = start * 1.1;
    for (int step = 0; step < STEPS; step++) {
      double before = of.applyAsDouble(last);
      double here = of.applyAsDouble(x);
      if (here == 0 || here == before) {
        break;
      }
      double next = x - here * (x - last) / (here - before);
      last = x;
      x = next;
    }
    return x;
  }

  private Seq<NumberPair> besides(NumberPair odd) {
    return pairs.filter(
        pair ->
            !pair.equals(odd)
                && !parameters(pair.known()).intersect(parameters(odd.known())).isEmpty());
  }

  /**
   * Whether a number that does not go with the others is a mistake and no choice: it has one of
   * their parameters, or is fixed where at least two others, or one that is the same, are not.
   */
  private boolean isMistaken(NumberPair odd) {
    Seq<NumberPair> others = besides(odd);
    Set<String> own = others.flatMap(pair -> parameters(pair.own())).toSet();
    boolean shared = !parameters(odd.own()).intersect(own).isEmpty();
    boolean same =
        others.exists(
            pair ->
                isAlone(odd.known()) && isAlone(pair.known()) && !parameters(pair.own()).isEmpty());
    boolean fixed = parameters(odd.own()).isEmpty();
    return shared || (fixed && (others.size() >= 2 || same));
  }

  /**
   * Whether the parameters of the same names are the known term's in another number too, or this
   * one has been turned upside down, taken from 1 or given the other sign.
   */
  private boolean isElsewhere(NumberPair odd, Map<String, Seq<Double>> names) {
    boolean made = names.keySet().containsAll(parameters(odd.own()));
    boolean elsewhere =
        besides(odd).exists(pair -> names.keySet().containsAll(parameters(pair.known())));
    return made && (elsewhere || isExtra(odd) || isTurned(odd));
  }

  /** Whether it is a parameter where the known term has a constant, or no coefficient. */
  private static boolean isExtra(NumberPair pair) {
    return parameters(pair.known()).isEmpty();
  }

  /** Whether one parameter is turned wherever a number is another. */
  private static boolean isTurnedEverywhere(Seq<NumberPair> apart) {
    return apart.nonEmpty()
        && apart.forAll(NumbersTogether::isTurned)
        && apart.map(pair -> parameters(pair.own())).reduce(Set::intersect).nonEmpty();
  }

  private static boolean isTurned(NumberPair pair) {
    return turn(pair).isDefined();
  }

  /** How a number is made of the parameters that the known one is made of, where it is turned. */
  static Option<String> turn(NumberPair pair) {
    Set<String> names = parameters(pair.own());
    return names.equals(parameters(pair.known()))
        ? names
            .toList()
            .flatMap(name -> turn(pair, name, names.size() == 1).map(how -> name + " " + how))
            .headOption()
        : Option.none();
  }

  private static Option<String> turn(NumberPair pair, String name, boolean alone) {
    double own = at(pair.own(), name, ONE_PLACE);
    double known = at(pair.known(), name, ONE_PLACE);
    double ownThere = at(pair.own(), name, OTHER_PLACE);
    double knownThere = at(pair.known(), name, OTHER_PLACE);
    double step = OTHER_PLACE / ONE_PLACE;
    if (isNear(ownThere * step, own) && isNear(knownThere, known * step)) {
      return Option.some("divides where it should multiply");
    }
    if (isNear(ownThere, own * step) && isNear(knownThere * step, known)) {
      return Option.some("multiplies where it should divide");
    }
    if (alone && isNear(own + known, 1) && isNear(ownThere + knownThere, 1)) {
      return Option.some("stands for 1 - " + name + ", or the other way round");
    }
    return isNear(own, -known) && isNear(ownThere, -knownThere)
        ? Option.some("has the other sign")
        : Option.none();
  }

  /** A number where one of its parameters is as given and any other is in between. */
  private static double at(TermForm number, String name, double value) {
    Map<String, Double> all =
        HashMap.ofEntries(
            parameters(number)
                .toList()
                .map(one -> Tuple.of(one, one.equals(name) ? value : OTHERS)));
    return number.amount().at(all);
  }
}
