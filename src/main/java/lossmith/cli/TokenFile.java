package lossmith.cli;

import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.score.Scorer;
import lossmith.score.Scoring;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** A Parquet file with a row per recipe and token, written through DuckDB. */
final class TokenFile {
  private TokenFile() {}

  static void write(Path file, Samples samples, Map<String, Loss> losses, Scorer scorer)
      throws IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      boolean unused =
          statement.execute(
              "CREATE TABLE tokens (recipe VARCHAR, sequence BIGINT, prompt INTEGER, position INTEGER, ratio DOUBLE,"
                  + " advantage DOUBLE, weight DOUBLE, clip VARCHAR, entropy DOUBLE,"
                  + " entropy_change_natural DOUBLE, entropy_change_logits DOUBLE)");
      try (DuckDBAppender rows =
          connection.unwrap(DuckDBConnection.class).createAppender("main", "tokens")) {
        for (var loss : losses) {
          append(rows, samples, loss._1, loss._2, scorer);
        }
      }
      unused =
          statement.execute(
              "COPY tokens TO '" + file.toString().replace("'", "''") + "' (FORMAT parquet)");
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static void append(
      DuckDBAppender rows, Samples samples, String recipe, Loss loss, Scorer scorer)
      throws SQLException {
    Scoring scoring = scorer.scoring(loss);
    Option<double[]> entropy = samples.column(Columns.ENTROPY);
    Option<double[]> natural = scorer.natural(scoring);
    Option<double[]> onLogits = scorer.onLogits(loss);
    double[] logProb = samples.column(Columns.LOG_PROB).get();
    double[] old = samples.column(Columns.OLD_LOG_PROB).getOrElse(logProb);
    double[] advantage = advantage(samples);
    Option<double[]> weight = scoring.gradient(Columns.LOG_PROB);
    Option<double[]> below = scoring.below();
    Option<double[]> above = scoring.above();
    long[] ids = samples.sequenceIds();
    int[] positions = samples.positions();
    for (int t = 0; t < logProb.length; t++) {
      int row = t;
      int sequence = samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE);
      rows.beginRow();
      rows.append(recipe);
      rows.append(ids[sequence]);
      rows.append(samples.parent(Level.Name.TOKEN, t, Level.Name.GROUP));
      rows.append(positions[t]);
      rows.append(Math.exp(logProb[t] - old[t]));
      rows.append(advantage[t]);
      number(rows, weight, t);
      boolean low = below.exists(x -> x[row] != 0);
      boolean high = above.exists(x -> x[row] != 0);
      rows.append(low ? "low" : high ? "high" : "inside");
      number(rows, entropy, t);
      number(rows, natural, t);
      number(rows, onLogits, t);
      rows.endRow();
    }
  }

  private static void number(DuckDBAppender rows, Option<double[]> values, int t)
      throws SQLException {
    if (values.isDefined()) {
      rows.append(values.get()[t]);
    } else {
      rows.appendNull();
    }
  }

  /** The column advantage, or (reward − group mean) / (group deviation + 1e-6). */
  private static double[] advantage(Samples samples) {
    return samples
        .column("advantage")
        .getOrElse(
            () -> {
              var reward = Terms.reward();
              var spread = reward.deviation(Over.SEQUENCES, 1).per(Axis.SEQUENCE).shiftedBy(1e-6);
              var advantage =
                  reward.minus(reward.mean(Over.SEQUENCES).per(Axis.SEQUENCE)).dividedBy(spread);
              return new Reference(samples, io.vavr.collection.LinkedHashMap.empty())
                  .of(advantage.per(Axis.TOKEN).node());
            });
  }
}
