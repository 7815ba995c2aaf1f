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
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/**
 * The catalogue as one HTML page that loads nothing else: every objective, its formula beside its
 * gradient.
 */
public final class CataloguePage {
  private final StringBuilder html = new StringBuilder();

  private CataloguePage() {}

  public static String of(Seq<Recipe> recipes) {
    CataloguePage page = new CataloguePage();
    page.html
        .append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n<title>")
        .append("Lossmith: the catalogue</title>\n<style>\n")
        .append(CatalogueStyle.TEXT)
        .append("</style></head><body>\n<h1>The catalogue</h1>\n");
    page.contents(recipes);
    page.systems();
    page.mistakes(recipes);
    page.html.append("<h2 id=\"objectives\">Objectives</h2>\n");
    recipes.forEach(page::recipe);
    page.parts();
    return page.html.append("</body></html>\n").toString();
  }

  private void contents(Seq<Recipe> recipes) {
    html.append("<nav><p><a href=\"#systems\">One loss in four systems</a> ")
        .append("<a href=\"#mistakes\">Where a system is wrong</a> ")
        .append("<a href=\"#objectives\">Objectives</a> <a href=\"#parts\">Parts</a></p><p>");
    recipes.map(Recipe::name).forEach(n -> html.append(link(n)).append(" "));
    html.append("</p></nav>\n<p class=\"note\">r = π/π_old; y_t is the token that was sampled, z_v")
        .append(" the logit of entry v; sg holds its argument fixed; |y| counts tokens, G the")
        .append(" responses to a prompt, N prompts, each Σ before a size the whole batch;")
        .append(" 1[…] is 1 where the condition holds and 0 elsewhere; rank counts from 0, the")
        .append(" largest first; sign is +1 for the preferred response of a pair and −1 for the")
        .append(
            " other; next(x, 0) is x at the next token, 0 behind the last; sorted_by(x, k) is x")
        .append(
            " in descending order of k, which unsorted_by undoes; sum_by_key(x, k) adds x where")
        .append(" k is the same, cumulative_sum(x, k) where k is no larger.")
        .append(" What is long and used twice is called X, Y, …, a condition C, J, …. A gradient")
        .append(" does not define again a symbol that the loss beside it defines.")
        .append(" Every formula is read off the graph that runs, under the papers' conventions;")
        .append(" another system's are named where they differ.</p>\n");
  }

  private static String link(String name) {
    return "<a href=\"#%s\">%s</a>".formatted(escaped(name), escaped(name));
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
            "<table class=\"counterparts\"><tr><th>Objective</th><th>System</th><th>Its name</th>")
        .append("<th>What is wrong there</th></tr>\n");
    recipes.forEach(recipe -> mistakes(recipe.name(), recipe.counterparts()));
    Parts.all().forEach(part -> mistakes(part.name(), part.counterparts()));
    html.append("</table>\n");
  }

  private void mistakes(String name, Seq<Counterpart> counterparts) {
    counterparts
        .reject(counterpart -> counterpart.wrong().isEmpty())
        .forEach(
            counterpart ->
                row(
                    link(name),
                    project(counterpart),
                    escaped(counterpart.name()),
                    counterpart.wrong()));
  }

  private void recipe(Recipe recipe) {
    Loss loss = recipe.loss(Conventions.paper());
    heading(recipe.name(), recipe.title());
    source(recipe.source());
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
  }

  private void counterparts(Seq<Counterpart> counterparts) {
    if (counterparts.isEmpty()) {
      return;
    }
    html.append("<table class=\"counterparts\"><tr><th>System</th><th>Its name</th>")
        .append("<th>Where it differs</th><th>What is wrong there</th></tr>\n");
    counterparts.forEach(
        counterpart ->
            row(
                project(counterpart),
                escaped(counterpart.name()),
                counterpart.differs().isEmpty() ? "the same" : escaped(counterpart.differs()),
                escaped(counterpart.wrong())));
    html.append("</table>\n");
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
    for (Part<?> part : Parts.all()) {
      heading(part.name(), part.title() + " (" + part.kind() + ")");
      source(part.source());
      formula("Loss", MathMl.of(Composition.of(part.name()).loss(Conventions.paper())));
      counterparts(part.counterparts());
    }
  }

  private void heading(String name, String title) {
    html.append("<h3 id=\"%s\"><code>%s</code> ".formatted(escaped(name), escaped(name)))
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
    html.append("<div class=\"formula\"><h4>")
        .append(head)
        .append("</h4>\n")
        .append(paragraphs)
        .append("\n</div>\n");
  }

  private void details(String head, String body) {
    html.append("<details><summary>")
        .append(head)
        .append("</summary>")
        .append(body)
        .append("</details>\n");
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

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
