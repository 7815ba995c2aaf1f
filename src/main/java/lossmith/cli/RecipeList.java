package lossmith.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.PrintWriter;
import java.util.Locale;
import lossmith.console.Words;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.catalogue.Family;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import lossmith.report.RecipeFacts;

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
   */
  void found(PrintWriter out, Seq<String> words, boolean parts) {
    entries(words, parts)
        .forEach(
            entry -> {
              out.println(entry.name + " (" + entry.family + "): " + entry.title);
              out.print(Words.wrapped("    ", List.of(entry.origin.split(" ", -1)), " "));
            });
    out.println("In brackets: systems that have it; * = theirs differs, see show NAME.");
  }

  /** {@return whether there is an entry with all these words} */
  boolean has(Seq<String> words, boolean parts) {
    return entries(words, parts).nonEmpty();
  }

  /** {@return the recipes with all these words: family, title, source, columns, parameters} */
  ArrayNode json(Seq<String> words) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Family family : families) {
      for (Recipe recipe : family.recipes().filter(r -> words.forAll(entry(family, r)::has))) {
        Loss loss = recipe.loss(Conventions.paper());
        ObjectNode node = all.addObject();
        node.put("recipe", recipe.name());
        node.put("family", family.name());
        node.put("title", recipe.title());
        node.put("paper", recipe.source().paper());
        node.put("where", recipe.source().where());
        node.put("url", recipe.source().url());
        RecipeFacts.columns(loss).toList().sorted().forEach(node.putArray("columns")::add);
        RecipeFacts.parameters(loss).forEach(node.putArray("parameters")::add);
        recipe
            .counterparts()
            .map(c -> c.system().toString())
            .distinct()
            .forEach(node.putArray("systems")::add);
      }
    }
    return all;
  }

  private Seq<Entry> entries(Seq<String> words, boolean parts) {
    return families
        .flatMap(family -> family.recipes().map(recipe -> entry(family, recipe)))
        .appendAll(Parts.all().filter(p -> parts).map(RecipeList::entry))
        .filter(entry -> words.forAll(entry::has));
  }

  private static Entry entry(Family family, Recipe recipe) {
    return new Entry(
        family.name(),
        recipe.name(),
        recipe.title(),
        origin(recipe.source(), recipe.counterparts()));
  }

  private static Entry entry(Part<?> part) {
    return new Entry(
        "part, " + part.kind(),
        part.name(),
        part.title(),
        origin(part.source(), part.counterparts()));
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
