package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.PrintWriter;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.pieces.Watch;
import lossmith.score.Score;
import lossmith.score.Scorer;
import lossmith.score.TokenSink;
import lossmith.storage.MemoryBudget;

/**
 * The scores of recipes on one set of rollouts.
 *
 * @param scores what could be scored
 * @param left why the others could not, a line for each
 * @param ready what was scored, by name
 */
record Ranking(Seq<Score> scores, Seq<String> left, Map<String, Scorer.Ready> ready) {
  /**
   * Scores recipes, all of them in the same passes over the rollouts; one that lacks a column is
   * left out where all were asked for, and a mistake where it was named.
   *
   * @param scorer the rollouts
   * @param losses by the recipe's name
   * @param lenient whether what cannot be scored is left out
   * @param sink takes the numbers per token
   * @param budget what may be in memory of columns that all rollouts together determine
   * @param watch is told of progress
   */
  static Ranking of(
      Scorer scorer,
      Map<String, Loss> losses,
      boolean lenient,
      TokenSink sink,
      MemoryBudget budget,
      Watch watch) {
    Scorer several = scorer.among(losses.values());
    Map<String, Scorer.Ready> ready = LinkedHashMap.empty();
    Seq<String> left = Vector.empty();
    for (var loss : losses) {
      try {
        ready = ready.put(loss._1, several.ready(loss._1, loss._2));
      } catch (ProblemException e) {
        if (!lenient) {
          throw e;
        }
        left =
            left.append(
                loss._1 + ": " + e.problems().map(Problem::expected).distinct().mkString(", "));
      }
    }
    if (ready.isEmpty()) {
      throw Problem.of(
              "recipe", "rollouts that no recipe can score", "more columns", left.mkString("; "))
          .exception();
    }
    return new Ranking(several.scores(ready, sink, budget, watch), left, ready);
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
