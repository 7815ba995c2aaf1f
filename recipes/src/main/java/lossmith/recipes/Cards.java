package lossmith.recipes;

import io.vavr.Lazy;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;

/**
 * Title, source and deviations of every recipe and part here, by its name. Each family of recipes
 * and each kind of part is a file in the folder {@code cards} of the resources, which {@code
 * index.txt} lists:
 *
 * <pre>{@code
 * grpo: Group relative policy optimisation
 *   paper: DeepSeekMath
 *   where: eq 3 without its divergence term
 *   url: https://arxiv.org/abs/2402.03300
 *   differs: where this differs from its source, one sentence a line; left out if nowhere
 *   deviates: law-name: why that law of its kind does not hold; left out if all do
 * }</pre>
 */
final class Cards {
  private static final Seq<String> SOURCE = List.of("paper", "where", "url");
  private static final EntryFormat FORMAT =
      new EntryFormat("card", SOURCE, List.of("differs", "deviates"));

  private static final String WHY = ": ";

  private static final Lazy<Map<String, Card>> ALL =
      Lazy.of(
          () ->
              byName(
                  EntryFormat.index("cards")
                      .flatMap(file -> read(file, EntryFormat.lines("cards/" + file)))));

  private Cards() {}

  /**
   * {@return the card written under a name}
   *
   * @throws lossmith.dsl.ProblemException if there is none
   */
  static Card of(String name) {
    return ALL.get()
        .get(name)
        .getOrElseThrow(
            () ->
                Problem.of(
                        "card",
                        "\"" + name + "\"",
                        "a name in one of the files of cards",
                        "Card.of(name, title, source) for an objective of your own")
                    .exception());
  }

  /** {@return all cards, by their names} */
  static Map<String, Card> all() {
    return ALL.get();
  }

  /**
   * {@return the cards of one file}
   *
   * @param file its name, for problems
   * @param lines what is in it
   * @throws lossmith.dsl.ProblemException with every line that is none of the format, and every
   *     card without a whole source
   */
  static Seq<Card> read(String file, Seq<String> lines) {
    EntryFormat.Read read = FORMAT.read(file, lines);
    Problem.throwAll(
        read.problems()
            .appendAll(
                read.entries()
                    .flatMap(
                        e ->
                            SOURCE
                                .filter(field -> e.first(field).isEmpty())
                                .map(
                                    field ->
                                        FORMAT.problem(
                                            file,
                                            e.line(),
                                            "\"" + e.name() + "\" without " + field,
                                            field + ": … below it"))))
            .appendAll(
                read.entries()
                    .flatMap(
                        e ->
                            e.all("deviates")
                                .filter(text -> !text.contains(WHY))
                                .map(
                                    text ->
                                        FORMAT.problem(
                                            file,
                                            e.line(),
                                            "\"" + e.name() + "\" with deviates: " + text,
                                            "the name of a law, a colon and why")))));
    return read.entries()
        .map(
            e -> {
              Source source = new Source(e.first("paper"), e.first("where"), e.first("url"));
              return Card.of(e.name(), e.text(), source)
                  .deviating(e.all("differs"))
                  .claiming(e.all("deviates").map(text -> deviates(text, source)));
            });
  }

  /** The name of a law, a colon and the reason. */
  private static Claim deviates(String text, Source source) {
    String[] both = text.split(WHY, 2);
    return new Claim.Deviates(both[0], both[1], source);
  }

  private static Map<String, Card> byName(Seq<Card> cards) {
    return cards.groupBy(Card::name).mapValues(Seq::single);
  }
}
