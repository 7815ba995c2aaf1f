package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import lossmith.dsl.Level;
import lossmith.dsl.Nearest;
import lossmith.dsl.Over;
import lossmith.explain.Shape.Sort;

/**
 * How an expression of one type becomes one of another: a finer level by {@code per}, a coarser one
 * by reductions, detached by {@code stopGradient}, a number by a constant of the level.
 */
final class Ways {
  private final Names names;

  Ways(Names names) {
    this.names = names;
  }

  /**
   * The ways from one type to another, the likeliest first; none if there is no way.
   *
   * @param x the expression, in brackets if it needs them
   * @param name what the parameter is called that asks for it
   */
  Seq<Way> of(String x, Shape from, Shape to, String name) {
    return switch (to.sort()) {
      case TERM, DETACHED -> term(x, from, to);
      case PARAMETER -> parameter(x, from, name);
      case CONDITION -> condition(x, from, to);
      case OVER -> over(x, from, to);
      case AXIS -> axis(x, from);
      case LOSS -> loss(x, from);
      case CLIP -> clip(x, from);
      case NUMBER -> number(x, from, to);
      default -> List.empty();
    };
  }

  private Seq<Way> term(String x, Shape from, Shape to) {
    return switch (from.sort()) {
      case TERM, DETACHED, PARAMETER ->
          levels(x, from, to.level())
              .map(
                  way ->
                      to.sort() == Sort.DETACHED && from.sort() == Sort.TERM
                          ? new Way(
                              way.text() + ".stopGradient()",
                              joined(way.meaning(), "its value alone, without gradient"))
                          : way);
      case CONDITION ->
          levels(x + ".indicator()", from.as(Sort.DETACHED), to.level())
              .map(way -> new Way(way.text(), "1 where it holds, 0 elsewhere"));
      case NUMBER ->
          to.level()
              .toList()
              .map(
                  at ->
                      new Way(
                          constant(x, at),
                          at == Level.Name.BATCH
                              ? "a number of the whole batch"
                              : "the same number at every " + element(at)));
      case TEXT ->
          KnownColumn.of(x)
              .map(
                  word ->
                      levels(names.word(word.word() + "()"), Shape.at(word.level()), to.level()))
              .getOrElse(
                  () ->
                      to.level()
                          .toList()
                          .map(
                              at ->
                                  new Way(
                                      names.word("given(") + x + ", " + names.axis(at) + ")",
                                      "the column of that name, a number per "
                                          + Shape.element(at))));
      case LOSS ->
          levels(x + ".value()", Shape.at(Level.Name.BATCH), to.level())
              .map(way -> new Way(way.text(), "the number that is minimised"));
      default -> List.empty();
    };
  }

  String constant(String x, Level.Name at) {
    return names.word("constant(") + x + ", " + names.axis(at) + ")";
  }

  private static String joined(String one, String other) {
    return one.isEmpty() || other.isEmpty() ? one + other : one + ", " + other;
  }

  private static String element(Level.Name level) {
    return Shape.element(level);
  }

  private static String its(Level.Name level) {
    return (level == Level.Name.BATCH ? "the " : "its ") + element(level);
  }

  /** The same term at another level. */
  private Seq<Way> levels(String x, Shape from, Option<Level.Name> wanted) {
    if (wanted.isEmpty() || from.level().isEmpty() || wanted.equals(from.level())) {
      return List.of(new Way(x, ""));
    }
    Level.Name at = from.level().get();
    Level.Name to = wanted.get();
    if (to.finerThan(at)) {
      return List.of(
          new Way(
              x + ".per(" + names.axis(to) + ")",
              "the number of " + its(at) + " at every " + element(to)));
    }
    if (at == Level.Name.VOCABULARY) {
      return levels(names.word("ofSampled(") + x + ")", Shape.at(Level.Name.TOKEN), wanted)
          .map(way -> new Way(way.text(), joined("the entry of the sampled token", way.meaning())));
    }
    return Names.chains(at, to)
        .map(
            chain ->
                new Way(
                    chain.foldLeft(x, (all, over) -> all + ".mean(" + names.over(over) + ")"),
                    alike(chain.last())
                        + (chain.size() == 1
                            ? ""
                            : ", within it every " + element(chain.init().last().from()))));
  }

  /** What a mean counts alike. */
  private static String alike(Over<?, ?> last) {
    return "every "
        + element(last.from())
        + (last.to() == Level.Name.BATCH ? "" : " of a " + element(last.to()))
        + " counts alike";
  }

  private Seq<Way> parameter(String x, Shape from, String name) {
    if (from.sort() == Sort.NUMBER) {
      return List.of(
          new Way(
              names.word("parameter(\"") + name + "\", " + x + ", " + range(x) + ")",
              "a number with a name, a default and a range, fed at run time"));
    }
    return from.sort() == Sort.TEXT
        ? List.of(
            new Way(
                names.word("parameter(") + x + ", 0.5, 0, 1)", "with its default and its range"))
        : List.empty();
  }

  private static String range(String x) {
    try {
      double value = Double.parseDouble(x);
      return value >= 0 && value <= 1
          ? "0, 1"
          : value > 0 ? "0, " + (int) Math.ceil(10 * value) : (int) Math.floor(10 * value) + ", 0";
    } catch (NumberFormatException e) {
      return "0, 1";
    }
  }

  private Seq<Way> condition(String x, Shape from, Shape to) {
    if (from.sort() == Sort.CONDITION) {
      return levels(x, from, to.level()).filter(way -> !way.text().contains("mean("));
    }
    return from.sort().isTerm()
        ? levels(x + ".positive()", from, to.level())
            .filter(way -> !way.text().contains("mean("))
            .map(way -> new Way(way.text(), joined("where it is above 0", way.meaning())))
        : List.empty();
  }

  private Seq<Way> over(String x, Shape from, Shape to) {
    return to.level()
        .toList()
        .flatMap(Names::from)
        .filter(over -> to.to().isEmpty() || to.to().contains(over.to()))
        .sortBy(over -> !from.to().contains(over.to()))
        .map(
            over ->
                new Way(
                    names.over(over),
                    "over every "
                        + element(over.from())
                        + (over.to() == Level.Name.BATCH ? "" : " of a " + element(over.to()))))
        .sortBy(way -> from.sort() == Sort.TEXT && !x.contains(way.text()));
  }

  private Seq<Way> axis(String x, Shape from) {
    Seq<Level.Name> all = List.of(Level.Name.values()).tail().append(Level.Name.VOCABULARY);
    Seq<Level.Name> meant =
        from.sort() == Sort.OVER || from.sort() == Sort.AXIS
            ? from.level().toList()
            : Nearest.near(x.replace("\"", "").toUpperCase(Locale.ROOT), all.map(Enum::name))
                .map(Level.Name::valueOf)
                .appendAll(all)
                .distinct();
    return meant.map(at -> new Way(names.axis(at), "a number per " + element(at)));
  }

  /** Of a number of the batch both senses, of any other the way to one. */
  private Seq<Way> loss(String x, Shape from) {
    if (from.sort().isTerm() && from.level().contains(Level.Name.BATCH)) {
      return List.of(
          new Way(names.word("maximise(") + x + ")", "to make it large"),
          new Way(names.word("minimise(") + x + ")", "to make it small"));
    }
    return term(x, from, Shape.at(Level.Name.BATCH))
        .map(way -> new Way(names.word("maximise(") + way.text() + ")", way.meaning()))
        .filter(way -> from.sort().isTerm());
  }

  /** Two bounds by one number: as far from 1, or as far from 0. */
  private static Seq<Way> clip(String x, Shape from) {
    boolean number = from.sort() == Sort.NUMBER;
    Seq<Way> around =
        number || from.sort() == Sort.PARAMETER
            ? List.of(
                new Way(
                    "Clip.around(" + x + ", " + x + ")",
                    "[1 − " + x + ", 1 + " + x + "], the trust region of an importance ratio"))
            : List.empty();
    return number && !x.startsWith("-")
        ? around.append(
            new Way("Clip.between(-" + x + ", " + x + ")", "[−" + x + ", " + x + "], as they are"))
        : around;
  }

  private static Seq<Way> number(String x, Shape from, Shape to) {
    String plain = x.replace("\"", "");
    boolean isNumber = plain.matches("-?\\d+(\\.\\d+)?");
    if (!isNumber || (from.sort() != Sort.TEXT && from.sort() != Sort.NUMBER)) {
      return List.empty();
    }
    return List.of(new Way(to.name().equals("int") ? plain.replaceAll("\\..*", "") : plain, ""));
  }
}
