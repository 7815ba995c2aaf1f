package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.dsl.ProblemException;
import lossmith.rollouts.Reading;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.CellColumn.Kind;
import lossmith.rollouts.table.Table;
import lossmith.rollouts.table.Tables;

/**
 * The texts of a file of rollouts, by row from 0.
 *
 * @param prompts the text of each row's prompt
 * @param responses the text of each row's response
 * @param tokens the text of each row's tokens, a list as long as its tokens
 */
public record RowTexts(
    Option<CellColumn> prompts, Option<CellColumn> responses, Option<CellColumn> tokens) {
  private static final Seq<String> PROMPTS = List.of("prompt", "input");
  private static final Seq<String> RESPONSES = List.of("response", "output", "completion");
  private static final Seq<String> TOKENS = List.of("token_text");

  /** {@return no texts} */
  public static RowTexts none() {
    return new RowTexts(Option.none(), Option.none(), Option.none());
  }

  /** {@return the texts of a file; none where it has none that can be read} */
  public static RowTexts read(Path file, Reading reading) {
    Seq<String> prompts = named(PROMPTS, reading.columns());
    Seq<String> responses = named(RESPONSES, reading.columns());
    Seq<String> tokens = named(TOKENS, reading.columns());
    try {
      Table table = Tables.read(file, prompts.appendAll(responses).appendAll(tokens)::contains);
      return new RowTexts(first(table, prompts), first(table, responses), first(table, tokens));
    } catch (ProblemException unreadable) {
      return none();
    }
  }

  private static Seq<String> named(Seq<String> names, Map<String, String> given) {
    return given.get(names.head()).map(List::of).getOrElse(List.ofAll(names));
  }

  private static Option<CellColumn> first(Table table, Seq<String> names) {
    return names.flatMap(table::column).headOption();
  }

  /** {@return the text of a row's prompt, if it has one} */
  Option<String> prompt(int row) {
    return text(prompts, row);
  }

  /** {@return the text of a row's response, if it has one} */
  Option<String> response(int row) {
    return text(responses, row);
  }

  private static Option<String> text(Option<CellColumn> column, int row) {
    return column.filter(cells -> cells.kind(row) == Kind.TEXT).map(cells -> cells.text(row));
  }

  /** {@return the text of an entry of a row's lists, if it has one} */
  Option<String> token(int row, int entry) {
    return tokens
        .filter(cells -> cells.kind(row) == Kind.LIST && entry >= 0 && entry < cells.length(row))
        .map(cells -> cells.text(row, entry));
  }
}
