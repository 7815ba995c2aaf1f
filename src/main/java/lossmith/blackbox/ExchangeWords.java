package lossmith.blackbox;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** What is exchanged in an objective, in words. */
final class ExchangeWords {
  private ExchangeWords() {}

  static Seq<String> added(BlackBox box) {
    return box instanceof AddedTerms added ? added.words() : List.empty();
  }

  static Option<String> factor(double k) {
    return Option.when(
        k != 1,
        () ->
            k == -1
                ? "its sign is the other: what is to be raised is lowered"
                : "all of it is " + RatioShape.digits(k) + " times as large");
  }

  static Option<String> bounds(ExchangedParts parts, Option<RecipeBox> own) {
    Map<String, Double> before = own.map(RecipeBox::parameters).getOrElse(LinkedHashMap.empty());
    Map<String, Double> after =
        parts.bounds().filter((name, x) -> before.get(name).exists(y -> Math.abs(x - y) > 1e-9));
    return Option.when(
        after.nonEmpty(),
        () ->
            after
                .toList()
                .map(
                    to ->
                        to._1
                            + " is "
                            + RatioShape.digits(to._2)
                            + " instead of "
                            + RatioShape.digits(before.get(to._1).get()))
                .mkString(" and "));
  }

  static String denominator(TokenWeight weight, Option<RecipeBox> own) {
    Option<TokenWeight> before = own.flatMap(Weighing::of).map(Weighing::weight);
    return "the denominator is "
        + weight
        + before
            .filter(other -> other != weight)
            .map(other -> " instead of " + other)
            .getOrElse(" instead of its own, which leaves some out");
  }
}
