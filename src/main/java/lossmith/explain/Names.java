package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Level;
import lossmith.dsl.Over;

/**
 * What the constants of the algebra are called in a text, by its imports.
 *
 * @param statics the classes whose static members are imported
 */
record Names(Seq<String> statics) {
  private static final Seq<Over<?, ?>> REDUCTIONS =
      List.of(
          Over.VOCABULARY,
          Over.TOKENS,
          Over.SEQUENCES,
          Over.GROUPS,
          Over.ALL_TOKENS,
          Over.GROUP_TOKENS,
          Over.ALL_SEQUENCES);

  String over(Over<?, ?> over) {
    return (statics.contains("lossmith.dsl.Over") ? "" : "Over.") + over.word();
  }

  String axis(Level.Name level) {
    return "Axis." + (level == Level.Name.VOCABULARY ? "VOCABULARY_ENTRY" : level.name());
  }

  String word(String word) {
    return (statics.contains("lossmith.dsl.Terms") ? "" : "Terms.") + word;
  }

  /** The reductions that start at a level, those that go less far first. */
  static Seq<Over<?, ?>> from(Level.Name level) {
    return REDUCTIONS.filter(over -> over.from() == level).sortBy(over -> over.to());
  }

  /**
   * The reductions, one after the other, that lead from one level to another; the shortest first.
   */
  static Seq<Seq<Over<?, ?>>> chains(Level.Name from, Level.Name to) {
    return from == to
        ? List.of(List.empty())
        : from(from)
            .filter(over -> over.to().compareTo(to) <= 0)
            .flatMap(over -> chains(over.to(), to).map(rest -> rest.prepend(over)))
            .sortBy(Seq::size);
  }
}
