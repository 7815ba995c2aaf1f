package lossmith.recipes.part;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Counterparts;
import lossmith.recipes.Source;

/**
 * A named piece of an objective, to be put together with others ({@link Composition}).
 *
 * @param <F> what makes its term
 * @param kind where it goes
 * @param card its metadata; its claims are those of the objective of this part alone
 * @param make makes its term under some conventions
 */
public record Part<F>(Kind kind, Card card, F make) {
  /**
   * A part of the library.
   *
   * @param kind where it goes
   * @param name the name to type, under which its card is written
   * @param make makes its term under some conventions
   */
  static <F> Part<F> of(Kind kind, String name, F make) {
    return new Part<>(kind, Card.of(name), make);
  }

  /** {@return the same, with claims of the objective of this part alone} */
  public Part<F> claiming(Claim... those) {
    return claiming(List.of(those));
  }

  /** {@return the same, with claims of the objective of this part alone} */
  public Part<F> claiming(Seq<Claim> those) {
    return new Part<>(kind, card.claiming(those), make);
  }

  /** {@return the name to type, such as {@code leave-one-out}} */
  public String name() {
    return card.name();
  }

  /** {@return what it is, in one line} */
  public String title() {
    return card.title();
  }

  /** {@return where it comes from} */
  public Source source() {
    return card.source();
  }

  /** {@return the claims of the objective of this part alone} */
  public Seq<Claim> claims() {
    return card.claims();
  }

  /** {@return the systems that have it, and where theirs differs} */
  public Seq<Counterpart> counterparts() {
    return Counterparts.of(name());
  }

  /** Where a part goes in an objective, in the order in which they are read. */
  public enum Kind {
    /** A number per response: what it earned. */
    REWARD("reward"),
    /** From rewards, how much better than expected each token was. */
    ADVANTAGE("advantage"),
    /** From advantages, the number per token that is maximised. */
    SURROGATE("surrogate"),
    /** A detached factor of each token's term. */
    WEIGHT("weight"),
    /** Which tokens count; the others are in no sum and in no denominator. */
    SELECTION("selection"),
    /** From a number per token to one number. */
    REDUCTION("reduction"),
    /** A penalty per token, added to the loss. */
    REGULARISER("regulariser"),
    /** What a preference loss compares of two responses; goes with such a loss alone. */
    SCORE("score");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** {@return whether an objective has exactly one part of this kind} */
    public boolean single() {
      return this != WEIGHT && this != SELECTION && this != REGULARISER;
    }

    @Override
    public String toString() {
      return word;
    }
  }
}
