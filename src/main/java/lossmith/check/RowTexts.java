package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.rollouts.Reading;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.CellColumn.Kind;

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

  /** {@return the columns of a file that may be texts} */
  public static Seq<String> names(Reading reading) {
    return List.of(PROMPTS, RESPONSES, TOKENS).flatMap(names -> named(names, reading.columns()));
  }

  /** {@return the texts of rollouts, as far as they were read} */
  public static RowTexts of(Rollouts rollouts, Reading reading) {
    return new RowTexts(
        first(rollouts, named(PROMPTS, reading.columns())),
        first(rollouts, named(RESPONSES, reading.columns())),
        first(rollouts, named(TOKENS, reading.columns())));
  }

  private static Seq<String> named(Seq<String> names, Map<String, String> given) {
    return given.get(names.head()).map(List::of).getOrElse(List.ofAll(names));
  }

  private static Option<CellColumn> first(Rollouts rollouts, Seq<String> names) {
    return names.flatMap(rollouts.texts()::get).headOption();
  }

  /** {@return the text of a row's prompt, if it has one} */
  Option<String> prompt(int row) {
    return text(prompts, row).orElse(() -> messages(row));
  }

  /** {@return the text of a row's response, if it has one} */
  Option<String> response(int row) {
    return text(responses, row);
  }

  /** The messages of a chat, each with its role; nothing where one is no text. */
  private Option<String> messages(int row) {
    return prompts
        .filter(cells -> cells.kind(row) == Kind.LIST && cells.length(row) > 0)
        .map(cells -> List.range(0, cells.length(row)).map(entry -> cells.text(row, entry)))
        .filter(texts -> !texts.contains(""))
        .map(texts -> texts.mkString("\n"));
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
