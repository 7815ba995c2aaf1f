package lossmith.report;

import io.vavr.collection.Seq;
import java.util.function.Function;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Family;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/** What is on the page of the catalogue, and where. */
final class CatalogueIndex {
  private CatalogueIndex() {}

  /** {@return the index, by family and by kind of part, and what the formulas' signs mean} */
  static String of(Seq<Family> families) {
    StringBuilder html = new StringBuilder();
    html.append("<nav><p><a href=\"#systems\">One loss in four systems</a> ")
        .append("<a href=\"#mistakes\">Where a system is wrong</a> ")
        .append("<a href=\"#objectives\">Objectives</a> <a href=\"#parts\">Parts</a></p>\n")
        .append("<p><input id=\"find\" type=\"search\" placeholder=\"words of a name, title, ")
        .append("paper or system\" aria-label=\"Search\"/> <span id=\"found\"></span></p>\n");
    families.forEach(
        f -> html.append(names(f.name() + ": " + f.title(), sorted(f.recipes(), Recipe::name))));
    for (Part.Kind kind : Part.Kind.values()) {
      html.append(names("part, " + kind, sorted(parts(kind), Part::name)));
    }
    html.append("</nav>\n<p class=\"note\">r = π/π_old; y_t is the token that was sampled, z_v")
        .append(" the logit of entry v; sg holds its argument fixed; |y| counts tokens, G the")
        .append(" responses to a prompt, N prompts, each Σ before a size the whole batch;")
        .append(" 1[…] is 1 where the condition holds and 0 elsewhere; rank counts from 0, the")
        .append(" largest first; sign is +1 for the preferred response of a pair and −1 for the")
        .append(
            " other; next(x, 0) is x at the next token, 0 behind the last; sorted_by(x, k) is x")
        .append(
            " in descending order of k, which unsorted_by undoes; sum_by_key(x, k) adds x where")
        .append(
            " k is the same, cumulative_sum(x, k) where k is no larger; ulp_i(x) is the spacing of")
        .append(
            " the numbers that x is written in, so that equal ones are told from nearly equal"
                + " ones.")
        .append(" What is long and used twice is called X, Y, …, a condition C, J, …. A gradient")
        .append(" does not define again a symbol that the loss beside it defines.")
        .append(" Every formula is read off the graph that runs, under the papers' conventions;")
        .append(" another system's are named where they differ. A curve is the weight dL/dlog π")
        .append(" of one token, in a batch of its own, against its importance ratio.</p>\n");
    return html.toString();
  }

  /** A line of the index. */
  private static String names(String head, Seq<String> names) {
    return "<div class=\"group\"><h4>%s</h4><p>%s</p></div>\n"
        .formatted(CataloguePage.escaped(head), names.map(CatalogueIndex::link).mkString(" "));
  }

  private static <T> Seq<String> sorted(Seq<T> all, Function<T, String> name) {
    return all.map(name).sorted();
  }

  /** {@return the parts of a kind} */
  static Seq<? extends Part<?>> parts(Part.Kind kind) {
    return Parts.all().filter(part -> part.kind() == kind);
  }

  /** {@return a link to an entry} */
  static String link(String name) {
    return "<a href=\"#%s\">%s</a>"
        .formatted(CataloguePage.escaped(name), CataloguePage.escaped(name));
  }
}
