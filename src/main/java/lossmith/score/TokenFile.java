package lossmith.score;

import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import lossmith.console.Output;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.RowTexts;
import lossmith.storage.RowTable;
import org.duckdb.DuckDBAppender;

/**
 * A Parquet file with a row per recipe and token, written through DuckDB. What a recipe does not
 * have is null in all of its rows.
 */
public final class TokenFile implements TokenOutput {
  private final RowTable table;
  private final Rollouts rollouts;
  private final RowTexts texts;

  /**
   * A file without rows.
   *
   * @param rollouts what the tokens are of
   * @param texts what they are as text
   */
  public TokenFile(Rollouts rollouts, RowTexts texts) {
    this.rollouts = rollouts;
    this.texts = texts;
    this.table =
        new RowTable(
            "recipe VARCHAR, sequence BIGINT, prompt INTEGER, position INTEGER, token INTEGER, text"
                + " VARCHAR, ratio DOUBLE, advantage DOUBLE, weight DOUBLE, bounds VARCHAR, entropy"
                + " DOUBLE, entropy_change_natural DOUBLE, entropy_change_logits DOUBLE",
            rollouts.budget());
  }

  @Override
  public void take(int index, Samples piece, String recipe, TokenScores tokens) {
    long[] ids = piece.sequenceIds();
    int[] slots = rollouts.slots(index);
    Option<int[]> sampled = piece.sampled();
    long[] prompts = rollouts.pieces().places(index, Level.Name.GROUP);
    table.add(
        rows -> {
          for (int t = 0; t < slots.length; t++) {
            rows.beginRow();
            rows.append(recipe);
            long row = ids[piece.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE)];
            rows.append(row);
            rows.append((int) prompts[piece.parent(Level.Name.TOKEN, t, Level.Name.GROUP)]);
            rows.append(slots[t]);
            token(rows, sampled, t);
            text(rows, texts.token((int) row, slots[t]));
            number(rows, tokens.ratio(), t);
            number(rows, tokens.advantage(), t);
            number(rows, tokens.weight(), t);
            bounds(rows, tokens, t);
            number(rows, tokens.entropy(), t);
            number(rows, tokens.natural(), t);
            number(rows, tokens.onLogits(), t);
            rows.endRow();
          }
        });
  }

  @Override
  public void write(Path file) throws IOException {
    Output.write(file, to -> table.write("SELECT * FROM entries", to));
  }

  private static void bounds(DuckDBAppender rows, TokenScores tokens, int t) throws SQLException {
    if (tokens.below().isEmpty() && tokens.above().isEmpty()) {
      rows.appendNull();
      return;
    }
    boolean below = tokens.below().exists(x -> x[t] != 0);
    boolean above = tokens.above().exists(x -> x[t] != 0);
    rows.append(below && above ? "both" : below ? "below" : above ? "above" : "inside");
  }

  private static void token(DuckDBAppender rows, Option<int[]> sampled, int t) throws SQLException {
    if (sampled.isDefined()) {
      rows.append(sampled.get()[t]);
    } else {
      rows.appendNull();
    }
  }

  private static void text(DuckDBAppender rows, Option<String> text) throws SQLException {
    if (text.isDefined()) {
      rows.append(text.get());
    } else {
      rows.appendNull();
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

  @Override
  public void close() {
    table.close();
  }
}
