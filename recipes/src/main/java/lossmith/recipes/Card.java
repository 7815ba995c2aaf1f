package lossmith.recipes;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * The metadata of a recipe or a part.
 *
 * @param name the name to type, such as {@code grpo}
 * @param title what it is, in one line
 * @param source where it comes from
 * @param claims properties it declares under the papers' conventions, each checked by a law
 * @param deviations where it differs from its source, one sentence each; empty if nowhere
 */
public record Card(
    String name, String title, Source source, Seq<Claim> claims, Seq<String> deviations) {
  /**
   * {@return the card of a recipe or part of the library, whose title, source and deviations stand
   * under its name in the files {@code cards} of the resources}
   *
   * @throws lossmith.dsl.ProblemException if there is none
   */
  public static Card of(String name) {
    return Cards.of(name);
  }

  /** {@return a card without claims and without deviations from its source} */
  public static Card of(String name, String title, Source source) {
    return new Card(name, title, source, List.empty(), List.empty());
  }

  /** {@return the same, with claims} */
  public Card claiming(Claim... those) {
    return claiming(List.of(those));
  }

  /** {@return the same, with claims beside the laws that it deviates from} */
  public Card claiming(Seq<Claim> those) {
    Seq<Claim> all = claims.filter(Claim.Deviates.class::isInstance).appendAll(those);
    return new Card(name, title, source, all, deviations);
  }

  /** {@return the same, with where it differs from its source} */
  public Card deviating(String... sentences) {
    return deviating(List.of(sentences));
  }

  /** {@return the same, with where it differs from its source} */
  public Card deviating(Seq<String> sentences) {
    return new Card(name, title, source, claims, sentences);
  }
}
