package lossmith.score;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import lossmith.console.Output;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Rollouts;
import lossmith.storage.RowTable;

/**
 * A Parquet file with a row for each row of the rollouts, in their order: its number from 0, and
 * for every recipe the list of dL/dlog π of its tokens, as long as the lists of the rollouts, null
 * at tokens that are not the policy's. Where a gradient is not one of log π alone, the whole list
 * is null. Written through DuckDB.
 */
public final class GradientFile implements TokenOutput {
  private final RowTable table;
  private final Rollouts rollouts;
  private Seq<String> recipes = Vector.empty();

  /**
   * A file without rows.
   *
   * @param rollouts what the tokens are of
   */
  public GradientFile(Rollouts rollouts) {
    this.rollouts = rollouts;
    this.table =
        new RowTable("recipe INTEGER, sequence BIGINT, gradient DOUBLE[]", rollouts.budget());
  }

  @Override
  public void take(int index, Samples piece, String recipe, TokenScores tokens) {
    if (!recipes.contains(recipe)) {
      recipes = recipes.append(recipe);
    }
    int number = recipes.indexOf(recipe);
    int[] slots = rollouts.slots(index);
    int[] entries = rollouts.entries(index);
    int[] lengths = piece.lengths();
    long[] ids = piece.sequenceIds();
    table.add(
        rows -> {
          int token = 0;
          for (int s = 0; s < ids.length; s++) {
            rows.beginRow();
            rows.append(number);
            rows.append(ids[s]);
            if (tokens.weight().isEmpty()) {
              rows.appendNull();
            } else {
              List<Double> list = Arrays.asList(new Double[entries[s]]);
              for (int t = token; t < token + lengths[s]; t++) {
                Double unused = list.set(slots[t], tokens.weight().get()[t]);
              }
              rows.append(Collections.unmodifiableCollection(list));
            }
            token += lengths[s];
            rows.endRow();
          }
        });
  }

  @Override
  public void write(Path file) throws IOException {
    String columns =
        recipes
            .zipWithIndex()
            .map(
                one ->
                    ", any_value(gradient) FILTER (WHERE recipe = "
                        + one._2
                        + ") AS \""
                        + one._1.replace("\"", "\"\"")
                        + '"')
            .mkString();
    String query =
        "SELECT sequence" + columns + " FROM entries GROUP BY sequence ORDER BY sequence";
    Output.write(file, to -> table.write(query, to));
  }

  @Override
  public void close() {
    table.close();
  }
}
