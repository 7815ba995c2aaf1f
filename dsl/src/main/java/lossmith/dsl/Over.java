package lossmith.dsl;

import io.vavr.control.Option;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;

/**
 * What a reduction runs over: the existing members of level {@code F} inside each element of level
 * {@code T}. The name carries the denominator: a plural goes to the parent, {@code ALL_} goes to
 * the batch.
 *
 * @param <F> the level that is reduced
 * @param <T> the level of the result
 * @param from the level that is reduced, as data
 * @param to the level of the result, as data
 * @param where the members that count, in numerator and denominator; all that exist if none is
 *     given
 */
@SuppressWarnings("UnusedTypeParameter") // phantom
public record Over<F extends Level, T extends Level>(
    Level.Name from, Level.Name to, Option<Node> where) {
  /** The vocabulary entries of each token. */
  public static final Over<Vocabulary, Token> VOCABULARY =
      over(Level.Name.VOCABULARY, Level.Name.TOKEN);

  /** The tokens of each response. */
  public static final Over<Token, Sequence> TOKENS = over(Level.Name.TOKEN, Level.Name.SEQUENCE);

  /** The responses of each prompt. */
  public static final Over<Sequence, Group> SEQUENCES = over(Level.Name.SEQUENCE, Level.Name.GROUP);

  /** The prompts of the batch. */
  public static final Over<Group, Batch> GROUPS = over(Level.Name.GROUP, Level.Name.BATCH);

  /** All tokens of the batch, whichever response they belong to. */
  public static final Over<Token, Batch> ALL_TOKENS = over(Level.Name.TOKEN, Level.Name.BATCH);

  /** All tokens of each prompt, whichever response they belong to. */
  public static final Over<Token, Group> GROUP_TOKENS = over(Level.Name.TOKEN, Level.Name.GROUP);

  /** All responses of the batch, whichever prompt they belong to. */
  public static final Over<Sequence, Batch> ALL_SEQUENCES =
      over(Level.Name.SEQUENCE, Level.Name.BATCH);

  private static <F extends Level, T extends Level> Over<F, T> over(
      Level.Name from, Level.Name to) {
    return new Over<>(from, to, Option.none());
  }

  /**
   * Narrows numerator and denominator together; to narrow only the numerator, {@code select(kept,
   * x, constant(0, …))}.
   *
   * @param kept the members that count
   * @return the narrowed reduction
   */
  public Over<F, T> where(Condition<F> kept) {
    Checks.where(kept.node(), from);
    Node both = where.map(w -> Nodes.and(w, kept.node())).getOrElse(kept.node());
    return new Over<>(from, to, Option.some(both));
  }

  /** The level of the result, having checked that the node lives where this reduces. */
  Level.Name toFrom(Node node) {
    Checks.over(this, node);
    return to;
  }

  /** {@return the plural that names this reduction, as a recipe writes it} */
  public String word() {
    return word(from, to);
  }

  /** {@return its word, and the formula of which members count} */
  @Override
  public String toString() {
    return word() + where.map(kept -> ".where(" + Printed.formula(kept) + ")").getOrElse("");
  }

  /** The same in Java, listings and messages. */
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
