package lossmith.dsl.print;

import io.vavr.collection.List;
import lossmith.dsl.Level;

/** How the pieces of a formula are written. */
public interface Notation {
  /** What a definition of a display begins with. */
  String WHERE = "\\text{where } ";

  /** A symbol that the author chose, or the name of a column or parameter. */
  String symbol(String name);

  /** A number, not negative. */
  String number(double x);

  /** π of a policy ({@code ""} for the one that is trained) at an entry. */
  String pi(String policy, String at);

  /** The logarithm of what needs no brackets. */
  String log(String of);

  String call(String function, List<String> arguments);

  /** A function of everything that an index runs over. */
  String over(String function, String index, List<String> arguments);

  /** A product, without its sign. */
  String product(Summand summand);

  String indicator(String condition);

  String cases(CaseRows cases);

  /** Words in a formula. */
  String words(String text);

  String bigSum(String index);

  /** A number over a count. */
  String over(String number, String count);

  /** One over a count, in front of something. */
  String oneOver(String count);

  /** The comparison or connective, spelled. */
  String relation(String word);

  /** The partial derivative of the loss by an input. */
  String slope(String input);

  /** The lines of a display: formulas, what their symbols stand for, remarks. */
  String display(List<String> formulas, List<String> definitions, List<String> remarks);

  /** A part of the loss. */
  String part(String name);

  /** {@code left = right}. */
  default String equation(String left, String right) {
    return left + " = " + right;
  }

  /** {@code left ⇔ right}. */
  String equivalence(String left, String right);

  /** A sum, a positive summand first where there is one, a bare number last. */
  default String sum(Piece given) {
    Piece piece = given.shown(this);
    List<Summand> summands = piece.summands();
    if (piece.shares()) {
      return sum(Piece.of(piece.product(this)));
    }
    boolean bounds = piece.bounds();
    var numbers = summands.partition(s -> s.only(Factor.Rank.NUMBER));
    List<Summand> ordered =
        bounds ? numbers._1.appendAll(numbers._2) : numbers._2.appendAll(numbers._1);
    var signs = ordered.span(Summand::negative);
    List<Summand> positiveFirst =
        signs._2.isEmpty()
            ? ordered
            : List.of(signs._2.head()).appendAll(signs._1).appendAll(signs._2.tail());
    StringBuilder text = new StringBuilder(positiveFirst.head().negative() ? "-" : "");
    text.append(open(positiveFirst.head()));
    for (Summand summand : positiveFirst.tail()) {
      text.append(summand.negative() ? " - " : " + ").append(open(summand));
    }
    return text.toString();
  }

  /** A summand; a sum that is added needs no brackets. */
  private String open(Summand summand) {
    boolean sum = !summand.negative() && summand.only() && summand.over().head().brackets();
    return sum && !summand.over().head().text().startsWith("-")
        ? summand.over().head().text()
        : product(summand);
  }

  default String size(Level.Name from, Level.Name to) {
    return switch (from) {
      case VOCABULARY -> "|V|";
      case TOKEN ->
          switch (to) {
            case SEQUENCE -> "|y_i|";
            case GROUP -> bigSum("i") + "|y_i|";
            default -> bigSum("") + "|y|";
          };
      case SEQUENCE -> to == Level.Name.GROUP ? "G" : bigSum("") + "G";
      case GROUP, BATCH -> "N";
    };
  }

  static String index(Level.Name from, Level.Name to) {
    return switch (from) {
      case VOCABULARY -> to == Level.Name.TOKEN ? "v" : index(Level.Name.TOKEN, to) + ",v";
      case TOKEN -> to == Level.Name.SEQUENCE ? "t" : "i,t";
      case SEQUENCE -> to == Level.Name.GROUP ? "i" : "g,i";
      case GROUP, BATCH -> "g";
    };
  }
}
