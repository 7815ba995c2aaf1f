package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.console.TextTable;
import lossmith.rollouts.RowTexts;
import lossmith.score.InfluentialTokens;

/** The tokens on which objectives pull hardest, as tables for readers. */
final class TokenTable {
  private static final Seq<String> HEAD =
      List.of("token", "row", "entry", "dL/dlog pi", "ratio", "advantage");

  private TokenTable() {}

  static String of(InfluentialTokens tokens, RowTexts texts) {
    return tokens
        .found()
        .map(
            of ->
                System.lineSeparator()
                    + (of._2.isEmpty()
                        ? of._1 + " has no gradient of log pi alone." + System.lineSeparator()
                        : "Where "
                            + of._1
                            + " pulls hardest (largest |dL/dlog pi|; negative raises log pi):"
                            + System.lineSeparator()
                            + TextTable.of(of._2.map(token -> row(token, texts)).prepend(HEAD))))
        .mkString();
  }

  private static Seq<String> row(InfluentialTokens.Token token, RowTexts texts) {
    return List.of(
        texts.told((int) token.row(), token.entry(), token.entries()),
        String.valueOf(token.row() + 1),
        String.valueOf(token.entry() + 1),
        TextTable.number(token.weight()),
        number(token.ratio()),
        number(token.advantage()));
  }

  private static String number(double x) {
    return Double.isNaN(x) ? "-" : TextTable.number(x);
  }
}
