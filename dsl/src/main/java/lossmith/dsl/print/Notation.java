package lossmith.dsl.print;

import io.vavr.collection.List;
import lossmith.dsl.Level;

/** How the pieces of a formula are written. */
interface Notation {
  /** A symbol that the author chose, or the name of a column or parameter. */
  String symbol(String name);

  /** log π of a policy ({@code ""} for the one that is trained) at an entry. */
  String logPi(String policy, String at);

  String call(String function, List<String> arguments);

  String times(String left, String right);

  Piece fraction(Piece left, Piece right);

  String indicator(String condition);

  String cases(String when, String left, String right);

  String bigSum(String index);

  String oneOver(String count);

  /** The comparison or connective, spelled. */
  String relation(String word);

  default String size(Level.Name from, Level.Name to) {
    return switch (from) {
      case VOCABULARY -> "|V|";
      case TOKEN ->
          switch (to) {
            case SEQUENCE -> "|y_i|";
            case GROUP -> bigSum("i") + "|y_i|";
            default -> bigSum("") + "|y|";
          };
      case SEQUENCE -> to == Level.Name.GROUP ? "G" : bigSum("g") + " G";
      case GROUP, BATCH -> "N";
    };
  }

  static String index(Level.Name from, Level.Name to) {
    return switch (from) {
      case VOCABULARY -> "v";
      case TOKEN -> to == Level.Name.SEQUENCE ? "t" : "i,t";
      case SEQUENCE -> "i";
      case GROUP, BATCH -> "g";
    };
  }
}
