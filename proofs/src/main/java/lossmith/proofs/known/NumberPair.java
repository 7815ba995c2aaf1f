package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Nodes;

/**
 * A number of a term and the one that stands in its place in a known term. Where one of them has
 * none it is what changes nothing there: 1 as a factor, 0 as a summand.
 *
 * @param own the number
 * @param known the known term's, of which at least one parameter is a part, or a constant where an
 *     own parameter stands
 */
record NumberPair(TermForm own, TermForm known) {
  /** Only so many operands are tried in every order. */
  private static final int MOST = 4;

  /** The pairs of two terms that are alike but for their numbers; nothing of others. */
  static Option<Seq<NumberPair>> between(TermForm own, TermForm known) {
    if (known.isNumber()) {
      return own.isNumber() ? ofNumbers(own, known) : Option.none();
    }
    if (own.isNumber()) {
      return Option.none();
    }
    if (own.is(TermForm.SUM) || known.is(TermForm.SUM)) {
      return inAnyOrder(TermForm.SUM, own, known);
    }
    if (own.is(TermForm.PRODUCT) || known.is(TermForm.PRODUCT)) {
      return inAnyOrder(TermForm.PRODUCT, own, known);
    }
    if (!own.is(known.word()) || own.of().size() != known.of().size()) {
      return Option.none();
    }
    return own.isInAnyOrder()
        ? matched(own.of(), known.of())
        : all(own.of().zip(known.of()))
            .orElse(() -> Shapes.turned(own).flatMap(it -> all(it.of().zip(known.of()))));
  }

  private static Option<Seq<NumberPair>> ofNumbers(TermForm own, TermForm known) {
    if (known.amount().parameters().nonEmpty()) {
      return Option.some(List.of(new NumberPair(own, known)));
    }
    boolean choice = own.agrees(known) && own.amount().parameters().nonEmpty();
    return choice
        ? Option.some(List.of(new NumberPair(own, known)))
        : Option.when(own.agrees(known), List.empty());
  }

  private static Option<Seq<NumberPair>> inAnyOrder(String word, TermForm own, TermForm known) {
    Seq<TermForm> mine = own.is(word) ? own.of() : List.of(own);
    Seq<TermForm> theirs = known.is(word) ? known.of() : List.of(known);
    Option<Seq<NumberPair>> rest =
        matched(mine.reject(TermForm::isNumber), theirs.reject(TermForm::isNumber));
    return rest.flatMap(
        pairs ->
            numbers(word, mine.filter(TermForm::isNumber), theirs.filter(TermForm::isNumber))
                .map(pairs::appendAll));
  }

  private static Option<Seq<NumberPair>> numbers(
      String word, Seq<TermForm> own, Seq<TermForm> known) {
    if (own.isEmpty() && known.isEmpty()) {
      return Option.some(List.empty());
    }
    boolean coefficient = known.isEmpty() && word.equals(TermForm.PRODUCT);
    if (coefficient) {
      return Option.when(
          own.exists(TermForm::isAnyNumber),
          () -> List.of(new NumberPair(one(word, own), one(word, known))));
    }
    return known.isEmpty() ? Option.none() : ofNumbers(one(word, own), one(word, known));
  }

  /** What some numbers are together. */
  private static TermForm one(String word, Seq<TermForm> numbers) {
    if (numbers.isEmpty()) {
      double neutral = word.equals(TermForm.SUM) ? 0 : 1;
      return TermForm.constant(neutral, Nodes.constant(neutral, Level.Name.BATCH));
    }
    return numbers.size() == 1
        ? numbers.head()
        : TermForm.inAnyOrder(word, numbers.head().node(), numbers);
  }

  private static Option<Seq<NumberPair>> all(Seq<Tuple2<TermForm, TermForm>> both) {
    Seq<NumberPair> pairs = List.empty();
    for (Tuple2<TermForm, TermForm> one : both) {
      Option<Seq<NumberPair>> some = between(one._1, one._2);
      if (some.isEmpty()) {
        return Option.none();
      }
      pairs = pairs.appendAll(some.get());
    }
    return Option.some(pairs);
  }

  /** Each of some terms beside one of others, the equal ones first. */
  private static Option<Seq<NumberPair>> matched(Seq<TermForm> own, Seq<TermForm> known) {
    if (own.size() != known.size()) {
      return Option.none();
    }
    Seq<Tuple2<TermForm, TermForm>> equal = List.empty();
    Seq<TermForm> mine = own;
    Seq<TermForm> theirs = List.empty();
    for (TermForm one : known) {
      int namesake = mine.indexWhere(other -> other.named() == one.named());
      int twin = namesake < 0 ? mine.indexWhere(other -> other.print() == one.print()) : namesake;
      equal = twin < 0 ? equal : equal.append(Tuple.of(mine.get(twin), one));
      mine = twin < 0 ? mine : mine.removeAt(twin);
      theirs = twin < 0 ? theirs.append(one) : theirs;
    }
    if (mine.size() > MOST) {
      return Option.none();
    }
    Seq<Tuple2<TermForm, TermForm>> same = equal;
    Seq<TermForm> left = mine;
    return mine.isEmpty()
        ? all(same)
        : theirs
            .permutations()
            .iterator()
            .flatMap(order -> all(same.appendAll(left.zip(order))))
            .headOption();
  }
}
