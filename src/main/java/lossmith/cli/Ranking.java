package lossmith.cli;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.PrintWriter;
import lossmith.cli.table.ScoreReport;
import lossmith.dsl.Loss;
import lossmith.pieces.Watch;
import lossmith.score.Score;
import lossmith.score.Scorer;
import lossmith.score.TokenSink;
import lossmith.storage.MemoryBudget;

/**
 * The scores of recipes on one set of rollouts.
 *
 * @param scores what could be scored
 * @param found what could be, and what the others lack
 */
record Ranking(Seq<Score> scores, Scorable found) {
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
    Scorable found = lenient ? Scorable.among(several, losses) : Scorable.all(several, losses);
    return new Ranking(several.scores(found.ready(), sink, budget, watch), found);
  }

  Map<String, Scorer.Ready> ready() {
    return found.ready();
  }

  void print(PrintWriter out, String more) {
    out.print(ScoreReport.table(scores));
    if (found.lacking().nonEmpty()) {
      out.println("Not scored: " + found.lacking().size() + " that lack a column; " + more);
    }
    out.flush();
  }
}
