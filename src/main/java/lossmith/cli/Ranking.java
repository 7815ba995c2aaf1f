package lossmith.cli;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.PrintWriter;
import java.util.function.Consumer;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.score.Score;
import lossmith.score.Scored;
import lossmith.score.Scorer;

/**
 * The scores of recipes on one set of rollouts.
 *
 * @param scores what could be scored
 * @param left why the others could not, a line for each
 */
record Ranking(Seq<Score> scores, Seq<String> left) {
  /**
   * Scores each recipe once; one that lacks a column is left out where all were asked for, and a
   * mistake where it was named.
   *
   * @param scorer the rollouts
   * @param losses by the recipe's name
   * @param lenient whether what cannot be scored is left out
   * @param each takes what was found of one recipe, before the next is scored
   */
  static Ranking of(
      Scorer scorer, Map<String, Loss> losses, boolean lenient, Consumer<Scored> each) {
    Scorer several = scorer.among(losses.values());
    Seq<Score> scores = Vector.empty();
    Seq<String> left = Vector.empty();
    for (var loss : losses) {
      try {
        Scored scored = several.scored(loss._1, loss._2);
        each.accept(scored);
        scores = scores.append(scored.score());
      } catch (ProblemException e) {
        if (!lenient) {
          throw e;
        }
        left =
            left.append(
                loss._1 + ": " + e.problems().map(Problem::expected).distinct().mkString(", "));
      }
    }
    if (scores.isEmpty()) {
      throw Problem.of(
              "recipe", "rollouts that no recipe can score", "more columns", left.mkString("; "))
          .exception();
    }
    return new Ranking(scores, left);
  }

  void print(PrintWriter out) {
    out.print(ScoreReport.table(scores));
    if (left.nonEmpty()) {
      out.println("Not scored, for want of:");
      left.forEach(line -> out.println("  - " + line));
    }
    out.flush();
  }
}
