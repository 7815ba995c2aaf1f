package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.PrintWriter;
import java.util.Locale;
import lossmith.console.Words;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.catalogue.Family;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/** The catalogue as text: all names on a screen, or some entries with what they are. */
final class RecipeList {
  private static final String EXAMPLE = "leave-one-out+clip-higher+rollout-tis+k3";

  private final Seq<Family> families;

  RecipeList(Seq<Family> families) {
    this.families = families;
  }

  /** Prints every name, by family, and the parts by kind. */
  void overview(PrintWriter out) {
    out.println(
        families.map(family -> family.recipes().size()).sum()
            + " recipes; 'recipes WORD...' says more of some, 'show NAME' all of one.");
    for (Family family : families) {
      out.println();
      out.println(family.name() + ": " + family.title());
      out.print(Words.wrapped("  ", family.recipes().map(Recipe::name), ", "));
    }
    out.println();
    out.println(
        Parts.all().size()
            + " parts, joined into an objective with "
            + Composition.AND
            + ", such as "
            + EXAMPLE);
    for (Part.Kind kind : Part.Kind.values()) {
      out.println();
      out.println(kind + (kind.single() ? ": exactly one, by default the first" : ": any number"));
      out.print(Words.wrapped("  ", of(kind).map(Part::name), ", "));
    }
  }

  private static Seq<? extends Part<?>> of(Part.Kind kind) {
    return Parts.all().filter(part -> part.kind() == kind);
  }

  /**
   * Prints recipes and parts with title, source and the systems that have them.
   *
   * @param words all of which occur in what is printed of an entry, however they are written
   * @param parts whether parts are looked at too
   * @return whether there are any
   */
  boolean found(PrintWriter out, Seq<String> words, boolean parts) {
    Seq<Entry> entries =
        families
            .flatMap(
                family ->
                    family
                        .recipes()
                        .map(
                            r ->
                                new Entry(
                                    family.name(),
                                    r.name(),
                                    r.title(),
                                    origin(r.source(), r.counterparts()))))
            .appendAll(
                Parts.all()
                    .filter(p -> parts)
                    .map(
                        p ->
                            new Entry(
                                "part, " + p.kind(),
                                p.name(),
                                p.title(),
                                origin(p.source(), p.counterparts()))))
            .filter(entry -> words.forAll(entry::has));
    entries.forEach(
        entry -> {
          out.println(entry.name + " (" + entry.family + "): " + entry.title);
          out.print(Words.wrapped("    ", List.of(entry.origin.split(" ", -1)), " "));
        });
    if (entries.nonEmpty()) {
      out.println("In brackets: systems that have it; * = theirs differs, see show NAME.");
    }
    return entries.nonEmpty();
  }

  /** One entry, as it is printed. */
  private record Entry(String family, String name, String title, String origin) {
    boolean has(String word) {
      return String.join(" ", family, name, title, origin)
          .toLowerCase(Locale.ROOT)
          .contains(word.toLowerCase(Locale.ROOT));
    }
  }

  /** The paper, the place in it, and the systems that have it, * where theirs differs. */
  private static String origin(Source source, Seq<Counterpart> counterparts) {
    Seq<String> systems =
        counterparts
            .map(p -> p.system() + (p.differs().isEmpty() && p.wrong().isEmpty() ? "" : "*"))
            .distinct();
    return source.paper()
        + ", "
        + source.where()
        + (systems.isEmpty() ? "" : systems.mkString(" [", ", ", "]"));
  }
}
