package lossmith.rollouts;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.CellColumn.Kind;

/**
 * Tokens of the prompt before those of the response, as slime writes them: {@value #LENGTH} says
 * how many tokens a response has, the other lists of a row are so long, and its tokens are more.
 * Those in front are not read.
 */
final class PromptTokens {
  static final String LENGTH = "response_length";

  private PromptTokens() {}

  /** {@return what is told where tokens of prompts were left out} */
  static Option<String> hidden(FileColumns columns) {
    Option<CellColumn> tokens = columns.get(ColumnNames.TOKENS);
    Option<CellColumn> lengths = columns.written(LENGTH);
    if (tokens.isEmpty() || lengths.isEmpty()) {
      return Option.none();
    }
    int[] before =
        IntStream.range(0, columns.rows())
            .map(row -> tokens.get().length(row) - length(lengths.get(), row))
            .toArray();
    Seq<CellColumn> beside =
        columns
            .levels()
            .filter(column -> column._2 == Level.Name.TOKEN)
            .keySet()
            .toList()
            .append(ColumnNames.MASK)
            .flatMap(columns::get);
    boolean isPrompt =
        IntStream.of(before).allMatch(more -> more >= 0)
            && IntStream.of(before).anyMatch(more -> more > 0)
            && beside.exists(
                list ->
                    IntStream.range(0, columns.rows())
                        .allMatch(
                            row ->
                                list.kind(row) == Kind.LIST
                                    && list.length(row) == length(lengths.get(), row)));
    if (!isPrompt) {
      return Option.none();
    }
    tokens.get().hideFirst(before);
    return Option.some(
        tokens.get().name()
            + " has the prompt's tokens in front: the last "
            + LENGTH
            + " of each row are read.");
  }

  /** So large where it is no number that no list is as long. */
  private static int length(CellColumn lengths, int row) {
    double number = Scalars.number(lengths, row);
    return number >= 0 && number == (int) number ? (int) number : Integer.MAX_VALUE;
  }
}
