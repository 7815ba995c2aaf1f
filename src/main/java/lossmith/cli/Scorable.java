package lossmith.cli;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.console.Words;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.score.Scorer;

/**
 * Which objectives rollouts have the columns for.
 *
 * @param ready those, by name
 * @param lacking what the others lack, by name
 */
record Scorable(Map<String, Scorer.Ready> ready, Map<String, String> lacking) {
  /**
   * {@return what can be scored}
   *
   * @param scorer the rollouts
   * @param losses by the recipe's name
   * @throws ProblemException where nothing can be
   */
  static Scorable among(Scorer scorer, Map<String, Loss> losses) {
    Map<String, Scorer.Ready> ready = LinkedHashMap.empty();
    Map<String, String> lacking = LinkedHashMap.empty();
    for (var loss : losses) {
      try {
        ready = ready.put(loss._1, scorer.ready(loss._1, loss._2));
      } catch (ProblemException e) {
        lacking =
            lacking.put(loss._1, e.problems().map(Scorable::missing).distinct().mkString(", "));
      }
    }
    if (ready.isEmpty()) {
      throw Problem.of(
              "recipe",
              "rollouts that no recipe can score",
              "more columns",
              lacking.map(one -> one._1 + ": " + one._2).mkString("; "))
          .exception();
    }
    return new Scorable(ready, lacking);
  }

  /**
   * {@return all of some objectives}
   *
   * @throws ProblemException where one lacks a column
   */
  static Scorable all(Scorer scorer, Map<String, Loss> losses) {
    return new Scorable(
        losses.map((name, loss) -> Tuple.of(name, scorer.ready(name, loss))),
        LinkedHashMap.empty());
  }

  /** What nobody records by its name is computed from the logits. */
  private static String missing(Problem problem) {
    return problem.expected().contains(StatisticsSplit.UNNAMED)
        ? "statistics of the whole vocabulary, which --logits gives"
        : problem.expected();
  }

  /** {@return what is lacking, each with the objectives that lack it; the commonest first} */
  String told() {
    return lacking
        .groupBy(one -> one._2)
        .toList()
        .sortBy(same -> -same._2.size())
        .map(same -> same._1 + " (" + same._2.size() + "):\n" + names(same._2.map(one -> one._1)))
        .mkString();
  }

  private static String names(Seq<String> names) {
    return Words.wrapped("  ", names, ", ");
  }
}
