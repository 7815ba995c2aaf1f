package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.print.Formula;
import lossmith.dsl.schedule.Schedule;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/** Every objective on one page that needs nothing else: formula and gradient side by side. */
final class CataloguePage {
  private static final String STYLE =
      """
      body { font: 16px/1.45 system-ui, sans-serif; max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
      pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap;
            overflow-wrap: anywhere; background: #f6f6f3; padding: .6rem .8rem; margin: 0; }
      .pair { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem; }
      .pair h4 { margin: .4rem 0 .2rem; font-size: .85rem; color: #555; }
      @media (max-width: 60rem) { .pair { grid-template-columns: 1fr; } }
      h2 { border-bottom: 1px solid #ccc; margin-top: 3rem; }
      h3 { margin: 2rem 0 .2rem; }
      code { font-size: .9em; }
      .source, .note { color: #444; font-size: .9rem; margin: .2rem 0 .6rem; }
      nav a { margin-right: .7rem; white-space: nowrap; }
      """;

  private final StringBuilder html = new StringBuilder();

  private CataloguePage() {}

  static String of(Seq<Recipe> recipes) {
    CataloguePage page = new CataloguePage();
    page.html
        .append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n<title>")
        .append("Lossmith: the catalogue</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>The catalogue</h1>\n");
    page.contents(recipes);
    page.systems();
    page.html.append("<h2 id=\"objectives\">Objectives</h2>\n");
    recipes.forEach(page::recipe);
    page.parts();
    return page.html.append("</body></html>\n").toString();
  }

  private void contents(Seq<Recipe> recipes) {
    html.append("<nav><a href=\"#systems\">One loss in four systems</a> ")
        .append("<a href=\"#objectives\">Objectives</a> <a href=\"#parts\">Parts</a><p>");
    recipes
        .map(Recipe::name)
        .forEach(n -> html.append("<a href=\"#%s\">%s</a> ".formatted(escaped(n), escaped(n))));
    html.append("</p></nav>\n");
  }

  private void systems() {
    html.append("<h2 id=\"systems\">One loss in four systems</h2>\n")
        .append("<p class=\"note\">GRPO's clipped surrogate. A is the advantage; where a system")
        .append(" computes it elsewhere it is given.</p>\n");
    Systems.grpo()
        .forEach(
            (system, loss) -> {
              html.append("<h3>").append(escaped(system)).append("</h3>\n");
              pair(loss);
            });
  }

  private void recipe(Recipe recipe) {
    Loss loss = recipe.loss(Conventions.paper());
    html.append(
            "<h3 id=\"%s\"><code>%s</code> "
                .formatted(escaped(recipe.name()), escaped(recipe.name())))
        .append(escaped(recipe.title()))
        .append("</h3>\n");
    source(recipe.source());
    pair(loss);
    String other = Formula.unicode(recipe.loss(Conventions.verl()));
    if (!other.equals(Formula.unicode(loss))) {
      html.append("<details><summary>Under verl's conventions</summary>")
          .append(pre(other))
          .append("</details>\n");
    }
    note("Parameters", recipe.parameters().map(p -> p.name() + " = " + p.range()));
    note("Where this differs", recipe.deviations());
    note("Declared, and held by a law", recipe.claims().map(CataloguePage::claim));
    note("Schedule", List.of(Schedule.of(loss).toString().lines().toArray(String[]::new)));
  }

  private static String claim(Claim claim) {
    String words = claim.getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1 $2");
    return words.toLowerCase(java.util.Locale.ROOT);
  }

  private void parts() {
    html.append("<h2 id=\"parts\">Parts</h2>\n<p class=\"note\">Put together with ")
        .append(Composition.AND)
        .append(", such as <code>leave-one-out+clip-higher+rollout-tis+k3</code>.")
        .append(" Each is shown in the objective that it makes with the first of every other")
        .append(" kind.</p>\n");
    for (Part<?> part : Parts.all()) {
      html.append(
              "<h3 id=\"%s\"><code>%s</code> "
                  .formatted(escaped(part.name()), escaped(part.name())))
          .append(escaped(part.title()))
          .append(" <small>(")
          .append(part.kind())
          .append(")</small></h3>\n");
      source(part.source());
      html.append(pre(Formula.unicode(Composition.of(part.name()).loss(Conventions.paper()))));
    }
  }

  private void source(Source source) {
    html.append("<p class=\"source\"><a href=\"")
        .append(escaped(source.url()))
        .append("\">")
        .append(escaped(source.paper()))
        .append("</a>, ")
        .append(escaped(source.where()))
        .append("</p>\n");
  }

  private void pair(Loss loss) {
    Bound bound = Bound.of(loss, Surface.STATISTICS, ShowCommand.columns(loss));
    String gradient =
        bound.gradients().toList().map(g -> Formula.unicode(g._1, g._2)).mkString("\n\n");
    html.append("<div class=\"pair\"><div><h4>Loss</h4>")
        .append(pre(Formula.unicode(loss)))
        .append("</div><div><h4>Gradient</h4>")
        .append(pre(gradient))
        .append("</div></div>\n");
  }

  private void note(String head, Seq<String> lines) {
    if (!lines.isEmpty()) {
      html.append("<p class=\"note\"><b>")
          .append(head)
          .append(":</b> ")
          .append(escaped(lines.map(String::strip).mkString("; ")))
          .append("</p>\n");
    }
  }

  private static String pre(String text) {
    return "<pre>" + escaped(text) + "</pre>\n";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
