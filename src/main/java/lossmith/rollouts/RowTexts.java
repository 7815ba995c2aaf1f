package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.CellColumn.Kind;
import lossmith.vocabulary.Vocabulary;

/**
 * The texts of a file of rollouts, by row from 0.
 *
 * @param prompts the text of each row's prompt
 * @param responses the text of each row's response
 * @param tokens the text of each row's tokens, a list as long as its tokens
 * @param ids the ids of each row's tokens
 * @param vocabulary the text of an id, for rows that do not have that of their tokens
 */
public record RowTexts(
    Option<CellColumn> prompts,
    Option<CellColumn> responses,
    Option<CellColumn> tokens,
    Option<CellColumn> ids,
    Vocabulary vocabulary) {
  private static final Seq<String> PROMPTS = List.of("prompt", "input");
  private static final Seq<String> RESPONSES = List.of("response", "output", "completion");
  private static final Seq<String> TOKENS = List.of("token_text");

  /** Tokens before one that are shown with it. */
  private static final int BEFORE = 3;

  /** Characters to both sides that are shown where only the text of the response is there. */
  private static final int ABOUT = 12;

  /** {@return no texts} */
  public static RowTexts none() {
    return new RowTexts(
        Option.none(), Option.none(), Option.none(), Option.none(), Vocabulary.unknown());
  }

  /** {@return the columns of a file that may be texts} */
  public static Seq<String> names(Reading reading) {
    return List.of(PROMPTS, RESPONSES, TOKENS).flatMap(names -> named(names, reading.columns()));
  }

  /** {@return the texts of rollouts, as far as they were read} */
  public static RowTexts of(Rollouts rollouts, Reading reading, Vocabulary vocabulary) {
    return new RowTexts(
        first(rollouts, named(PROMPTS, reading.columns())),
        first(rollouts, named(RESPONSES, reading.columns())),
        first(rollouts, named(TOKENS, reading.columns())),
        rollouts.ids(),
        vocabulary);
  }

  private static Seq<String> named(Seq<String> names, Map<String, String> given) {
    return given.get(names.head()).map(List::of).getOrElse(List.ofAll(names));
  }

  private static Option<CellColumn> first(Rollouts rollouts, Seq<String> names) {
    return names.flatMap(rollouts.texts()::get).headOption();
  }

  /** {@return the text of a row's prompt, if it has one} */
  public Option<String> prompt(int row) {
    return text(prompts, row).orElse(() -> messages(row));
  }

  /** {@return the text of a row's response, if it has one} */
  public Option<String> response(int row) {
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
  public Option<String> token(int row, int entry) {
    return entry(tokens, row, entry)
        .map(cells -> cells.text(row, entry))
        .orElse(
            () ->
                entry(ids, row, entry)
                    .map(cells -> cells.number(row, entry))
                    .flatMap(id -> vocabulary.text((int) (double) id)));
  }

  /**
   * {@return a token for a table: its text and what stands before it, what stands about there, or
   * its id, whatever is known}
   *
   * @param row the row, from 0
   * @param entry the entry, from 0
   * @param entries how many entries the response has
   */
  public String told(int row, int entry, int entries) {
    return inContext(row, entry, entries)
        .orElse(() -> entry(ids, row, entry).map(cells -> "id " + (int) cells.number(row, entry)))
        .getOrElse("-");
  }

  private static Option<CellColumn> entry(Option<CellColumn> column, int row, int entry) {
    return column.filter(
        cells -> cells.kind(row) == Kind.LIST && entry >= 0 && entry < cells.length(row));
  }

  /**
   * {@return an entry of a row's lists in quotes, and what stands before it; else what stands about
   * there in the text of the response; else nothing}
   *
   * @param row the row, from 0
   * @param entry the entry, from 0
   * @param entries how many entries the response has
   */
  public Option<String> inContext(int row, int entry, int entries) {
    String before =
        List.range(Math.max(0, entry - BEFORE), entry).flatMap(i -> token(row, i)).mkString();
    return token(row, entry)
        .map(one -> quoted(one) + (before.isEmpty() ? "" : " after " + quoted(before)))
        .orElse(() -> response(row).map(text -> "about " + quoted(about(text, entry, entries))));
  }

  /** As far into the text as the entry is into the response. */
  private static String about(String text, int entry, int entries) {
    int at = (int) ((long) text.length() * entry / entries);
    return text.substring(Math.max(0, at - ABOUT), Math.min(text.length(), at + ABOUT));
  }

  private static String quoted(String text) {
    StringBuilder shown = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                shown.append("\\n");
              } else if (Character.isISOControl(c)) {
                shown.append('\uFFFD');
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.append('"').toString();
  }
}
