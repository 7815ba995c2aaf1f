package lossmith.dsl;

/** The words for reductions, the same in Java, listings and messages. */
final class Reduction {
  private Reduction() {}

  static String word(Level.Name from, Level.Name to) {
    return switch (from) {
      case VOCABULARY -> "VOCABULARY";
      case TOKEN ->
          switch (to) {
            case SEQUENCE -> "TOKENS";
            case GROUP -> "GROUP_TOKENS";
            default -> "ALL_TOKENS";
          };
      case SEQUENCE -> to == Level.Name.GROUP ? "SEQUENCES" : "ALL_SEQUENCES";
      case GROUP, BATCH -> "GROUPS";
    };
  }
}
