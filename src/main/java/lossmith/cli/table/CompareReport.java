package lossmith.cli.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Locale;
import java.util.function.IntFunction;
import lossmith.console.TextTable;
import lossmith.report.PageTable;
import lossmith.rollouts.RowTexts;
import lossmith.score.DifferingTokens;
import lossmith.score.SubTermChange;

/**
 * Where two objectives differ, and by what: as text, for a page and for scripts.
 *
 * @param first the name of one
 * @param second the name of the other
 * @param changes the sub-terms of the second that are put into the first
 * @param label what the first is called with one of the changes, by its index
 * @param differing the tokens
 * @param texts what these are as text
 */
public record CompareReport(
    String first,
    String second,
    Seq<SubTermChange> changes,
    IntFunction<String> label,
    DifferingTokens differing,
    RowTexts texts) {
  private static final double PERCENT = 100;

  /** {@return at how many tokens they differ} */
  public String facts() {
    return String.format(
        Locale.ROOT,
        "%s and %s differ at %d of %d tokens.",
        first,
        second,
        differing.differing(),
        differing.tokens());
  }

  /** {@return both tables for readers} */
  public String text() {
    PageTable tokens = tokens();
    return terms().rows().map(row -> told(terms().head(), row)).mkString("", "\n", "\n\n")
        + TextTable.of(tokens.rows().prepend(tokens.head()));
  }

  /** {@return the tokens as rows, and beside them the sub-terms and how many tokens there are} */
  public FoundRows rows() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("first", first)
        .put("second", second)
        .put("tokens", differing.tokens())
        .put("differing", differing.differing());
    ArrayNode terms = root.putArray("sub_terms");
    changes.forEachWithIndex(
        (change, i) ->
            terms
                .addObject()
                .put("change", i + 1)
                .put("share", differing.shares().get(label.apply(i)).getOrNull())
                .put("name", change.name())
                .put("first", change.from())
                .put("second", change.to()));
    ArrayNode tokens = root.putArray("differing_most");
    for (DifferingTokens.Token token : differing.found()) {
      tokens
          .addObject()
          .put("token", texts.told((int) token.row(), token.entry(), token.entries()))
          .put("row", token.row() + 1)
          .put("entry", token.entry() + 1)
          .put("first", token.first())
          .put("second", token.second())
          .put("most_by", cause(token));
    }
    return FoundRows.of(root, tokens);
  }

  /** A sub-term on three lines, as formulas may be long. */
  private static String told(Seq<String> head, Seq<String> row) {
    return String.format(
        "%n%s of the difference by change %s, %s%n  %s: %s%n  %s: %s",
        row.get(1), row.get(0), row.get(2), head.get(3), row.get(3), head.get(4), row.get(4));
  }

  /** {@return what makes the difference, for a page} */
  public PageTable terms() {
    Map<String, Double> shares = differing.shares();
    return new PageTable(
        "What differs",
        List.of("change", "share of the difference", "sub-term", first, second),
        changes
            .zipWithIndex()
            .sortBy(one -> -shares.getOrElse(label.apply(one._2), 0.0))
            .map(
                one ->
                    List.of(
                        String.valueOf(one._2 + 1),
                        shares.get(label.apply(one._2)).map(CompareReport::percent).getOrElse("-"),
                        one._1.name(),
                        one._1.from(),
                        one._1.to())),
        "Each sub-term of "
            + second
            + " is put into "
            + first
            + " alone; its share is how far that goes from one to the other, summed over the"
            + " tokens.");
  }

  /** {@return where it is largest, for a page} */
  public PageTable tokens() {
    return new PageTable(
        "Where it differs most",
        List.of("token", "row", "entry", first, second, "most of it by"),
        differing
            .found()
            .map(
                token ->
                    List.of(
                        texts.told((int) token.row(), token.entry(), token.entries()),
                        String.valueOf(token.row() + 1),
                        String.valueOf(token.entry() + 1),
                        TextTable.number(token.first()),
                        TextTable.number(token.second()),
                        cause(token))),
        "dL/dlog π by each; where it is negative, descent makes the token more likely.");
  }

  /** The change that goes furthest towards the second objective at a token. */
  private String cause(DifferingTokens.Token token) {
    return Vector.range(0, changes.size())
        .flatMap(i -> token.share(label.apply(i)).map(share -> io.vavr.Tuple.of(i, share)))
        .maxBy(one -> -Math.abs(1 - one._2))
        .map(one -> changes.get(one._1).name() + " (" + percent(one._2) + ")")
        .getOrElse("-");
  }

  private static String percent(double share) {
    return Math.round(PERCENT * share) + "%";
  }
}
