package lossmith.report;

import static java.util.stream.Collectors.joining;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.print.Formula;
import lossmith.dsl.schedule.Schedule;
import lossmith.recipes.Conventions;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.catalogue.Family;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/**
 * The catalogue as one HTML page that loads nothing else: every objective, its formula beside its
 * gradient.
 */
public final class CataloguePage {
  /** So many that 0.8, 1.2 and 1.28 are among them. */
  private static final int CURVE_POINTS = 200;

  private final StringBuilder html = new StringBuilder();

  private CataloguePage() {}

  /**
   * {@return the page}
   *
   * @param families the objectives, by what they do
   */
  public static String of(Seq<Family> families) {
    Seq<Recipe> recipes = families.flatMap(Family::recipes);
    CataloguePage page = new CataloguePage();
    page.html
        .append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .append("<title>Lossmith: the catalogue</title>\n<style>\n")
        .append(ResourceText.read("/lossmith/report/catalogue.css"))
        .append("</style></head><body>\n<h1>The catalogue</h1>\n");
    page.html.append(CatalogueIndex.of(families));
    page.html.append("<div class=\"beside\">\n");
    page.systems();
    page.mistakes(recipes);
    page.html.append("</div>\n<h2 id=\"objectives\">Objectives</h2>\n");
    families.forEach(page::family);
    page.parts();
    return page.html
        .append("<script>")
        .append(ResourceText.read("/lossmith/report/catalogue.js"))
        .append("</script>\n</body></html>\n")
        .toString();
  }

  private void systems() {
    html.append("<h2 id=\"systems\">One loss in four systems</h2>\n")
        .append("<p class=\"note\">GRPO's clipped surrogate. A is the advantage; where a system")
        .append(" computes it elsewhere it is given.</p>\n<div class=\"systems\">\n");
    GrpoInSystems.grpo()
        .forEach(
            (system, loss) -> {
              html.append("<section><h3>").append(escaped(system)).append("</h3>\n");
              pair(loss);
              html.append("</section>\n");
            });
    html.append("</div>\n");
  }

  /** Known bugs of other systems, from the counterparts of recipes and parts. */
  private void mistakes(Seq<Recipe> recipes) {
    html.append("<h2 id=\"mistakes\">Where a system is wrong</h2>\n<p class=\"note\">Read in the")
        .append(" source at the commit that is named, most of it run. The default here is right;")
        .append(" conform reproduces verl, TRL, OpenRLHF and Liger as they are.</p>\n")
        .append(
            "<div class=\"wide\"><table"
                + " class=\"counterparts\"><tr><th>Objective</th><th>System</th><th>Its name</th>")
        .append("<th>What is wrong there</th></tr>\n");
    recipes.forEach(recipe -> mistakes(recipe.name(), recipe.counterparts()));
    Parts.all().forEach(part -> mistakes(part.name(), part.counterparts()));
    html.append("</table></div>\n");
  }

  private void mistakes(String name, Seq<Counterpart> counterparts) {
    counterparts
        .reject(counterpart -> counterpart.wrong().isEmpty())
        .forEach(
            counterpart ->
                row(
                    CatalogueIndex.link(name),
                    project(counterpart),
                    escaped(counterpart.name()),
                    counterpart.wrong()));
  }

  private void family(Family family) {
    html.append("<section class=\"group\"><h2>")
        .append(escaped(family.name() + ": " + family.title()))
        .append("</h2>\n");
    family.recipes().sortBy(Recipe::name).forEach(recipe -> recipe(family.name(), recipe));
    html.append("</section>\n");
  }

  private void article(String name, String group) {
    html.append("<article id=\"%s\" data-group=\"%s\">".formatted(escaped(name), escaped(group)));
  }

  private void recipe(String family, Recipe recipe) {
    Loss loss = recipe.loss(Conventions.paper());
    article(recipe.name(), family);
    heading(recipe.name(), recipe.title());
    source(recipe.source());
    curve(recipe.name(), loss);
    html.append("<div class=\"pair\">\n");
    pair(loss);
    html.append("</div>\n");
    details("As text", pre(Formula.unicode(loss)));
    Conventions.all()
        .mapValues(recipe::loss)
        .filterValues(other -> !Formula.unicode(other).equals(Formula.unicode(loss)))
        .forEach((name, other) -> details("Under the conventions of " + name, MathMl.of(other)));
    note("Parameters", RecipeFacts.parameters(loss).mkString("; "));
    note("Where this differs", recipe.deviations().mkString(" "));
    note("Declared, and checked by a law", RecipeFacts.claims(recipe).mkString("; "));
    note(
        "Schedule", Schedule.of(loss).toString().lines().map(String::strip).collect(joining("; ")));
    counterparts(recipe.counterparts());
    html.append("</article>\n");
  }

  /** Its curve, of an objective that has one. */
  private void curve(String name, Loss loss) {
    for (Seq<RatioCurve> curves : RatioCurve.of(loss, CURVE_POINTS)) {
      html.append("<div class=\"curve\">\n")
          .append(Chart.svg(List.of(CurvePicture.weight(name, curves))))
          .append("</div>\n");
    }
  }

  private void counterparts(Seq<Counterpart> counterparts) {
    if (counterparts.isEmpty()) {
      return;
    }
    html.append(
            "<div class=\"wide systems-of\"><table"
                + " class=\"counterparts\"><tr><th>System</th><th>Its name</th>")
        .append("<th>Where it differs</th><th>What is wrong there</th></tr>\n");
    counterparts.forEach(
        counterpart ->
            row(
                project(counterpart),
                escaped(counterpart.name()),
                counterpart.differs().isEmpty() ? "the same" : escaped(counterpart.differs()),
                escaped(counterpart.wrong())));
    html.append("</table></div>\n");
  }

  private static String project(Counterpart counterpart) {
    return "<a href=\"%s\">%s</a> <small>%s</small>"
        .formatted(counterpart.system().url(), counterpart.system(), counterpart.system().commit());
  }

  private void row(String... cells) {
    html.append(
        List.of(cells).map(cell -> "<td>" + cell + "</td>").mkString("<tr>", "", "</tr>\n"));
  }

  private void parts() {
    html.append("<h2 id=\"parts\">Parts</h2>\n<p class=\"note\">Put together with ")
        .append(Composition.AND)
        .append(", such as <code>leave-one-out+clip-higher+rollout-tis+k3</code>.")
        .append(" Each is shown in the objective that it makes with the first of every other")
        .append(" kind.</p>\n");
    for (Part.Kind kind : Part.Kind.values()) {
      html.append("<section class=\"group\"><h2>part, ").append(kind).append("</h2>\n");
      CatalogueIndex.parts(kind).sortBy(Part::name).forEach(this::part);
      html.append("</section>\n");
    }
  }

  private void part(Part<?> part) {
    article(part.name(), "part, " + part.kind());
    heading(part.name(), part.title());
    source(part.source());
    formula("Loss", MathMl.of(Composition.of(part.name()).loss(Conventions.paper())));
    counterparts(part.counterparts());
    html.append("</article>\n");
  }

  private void heading(String name, String title) {
    html.append("<h3><code>%s</code> ".formatted(escaped(name)))
        .append(escaped(title))
        .append("</h3>\n");
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

  /** A loss and its gradient; symbols that the loss defines are not defined again. */
  private void pair(Loss loss) {
    String shown = MathMl.of(loss);
    formula("Loss", shown);
    List<String> known = List.of(shown.split("\n", -1)).filter(CataloguePage::definition);
    formula(
        "Gradient",
        List.of(gradient(loss).split("\n", -1)).reject(known::contains).distinct().mkString("\n"));
  }

  private static boolean definition(String paragraph) {
    return paragraph.startsWith("<p class=\"where\">");
  }

  /** By the statistics of a token where all that it reads have names, otherwise by the logits. */
  private static String gradient(Loss loss) {
    String named = gradient(loss, Surface.STATISTICS);
    return named.contains(StatisticsSplit.UNNAMED) ? gradient(loss, Surface.LOGITS) : named;
  }

  private static String gradient(Loss loss, Surface surface) {
    BoundLoss bound = BoundLoss.of(loss, surface, RecipeFacts.columns(loss));
    return bound.gradients().toList().map(g -> MathMl.of(g._1, g._2)).mkString("\n");
  }

  private void formula(String head, String paragraphs) {
    html.append("<div class=\"formula wide\"><h4>")
        .append(head)
        .append("</h4>\n")
        .append(paragraphs)
        .append("\n</div>\n");
  }

  private void details(String head, String body) {
    html.append("<details><summary>")
        .append(head)
        .append("</summary><div class=\"formula wide\">")
        .append(body)
        .append("</div></details>\n");
  }

  private void note(String head, String text) {
    if (!text.isEmpty()) {
      html.append("<p class=\"note\"><b>")
          .append(head)
          .append(":</b> ")
          .append(escaped(text))
          .append("</p>\n");
    }
  }

  private static String pre(String text) {
    return "<pre>" + escaped(text) + "</pre>\n";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
