package lossmith.export;

import com.samskivert.mustache.Mustache;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.function.UnaryOperator;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.print.Formula;
import lossmith.proofs.Proof;
import lossmith.proofs.subject.Law;
import lossmith.recipes.Recipe;
import lossmith.report.RecipeFacts;
import lossmith.report.ResourceText;

/**
 * What the appendix of a paper says of an objective: formula, gradients, symbols, columns,
 * parameters, and which laws it was held to.
 *
 * @param recipe the objective
 * @param loss the same under its conventions
 * @param conventions which these are, empty if they are the paper's
 * @param laws that it was held to
 * @param proof what came of them
 * @param seed of the first case of the proof
 */
public record Appendix(
    Recipe recipe, Loss loss, String conventions, Seq<Law> laws, Proof proof, long seed) {
  /** What symbols mean, by how they begin in a formula. */
  private static final Map<String, Symbol> SYMBOLS =
      LinkedHashMap.<String, Symbol>empty()
          .put("\\pi(y_t)", new Symbol("\\pi(y_t)", "the policy's probability of token t"))
          .put("\\pi(v)", new Symbol("\\pi(v)", "the policy's probability of vocabulary entry v"))
          .put(
              "\\pi_{\\text{old}}",
              new Symbol("\\pi_{\\text{old}}", "the policy before the updates of this batch"))
          .put("\\pi_{\\text{ref}}", new Symbol("\\pi_{\\text{ref}}", "the reference policy"))
          .put("H(\\pi)", new Symbol("H(\\pi)", "the entropy of the policy at a token, in nats"))
          .put("z_v", new Symbol("z_v", "the logit of vocabulary entry v"))
          .put("{N", new Symbol("N", "the number of prompts"))
          .put("{G}", new Symbol("G", "the number of responses to a prompt"))
          .put("|y_i|", new Symbol("|y_i|", "the number of tokens of response i"))
          .put("|y|", new Symbol("\\sum |y|", "the number of all tokens"))
          .put("\\mathbf{1}[", new Symbol("\\mathbf{1}[c]", "1 where c holds, else 0"))
          .put(
              "\\operatorname{clip}",
              new Symbol("\\operatorname{clip}(x, l, h)", "x, at least l and at most h"))
          .put(
              "\\operatorname{std}",
              new Symbol("\\operatorname{std}", "the standard deviation, with ddof 0"))
          .put("\\operatorname{sg}", new Symbol("\\operatorname{sg}(x)", "x, held constant"))
          .put(
              "\\operatorname{ulp}",
              new Symbol(
                  "\\operatorname{ulp}(x)",
                  "the spacing of floating-point numbers at the largest x: smaller differences are"
                      + " rounding"))
          .put("\\sigma\\left(", new Symbol("\\sigma(x)", "1 / (1 + exp(-x))"));

  private record Symbol(String latex, String meaning) {}

  /** {@return the text as Markdown, with formulas as GitHub and Jupyter show them} */
  public String markdown() {
    return filled("appendix.md.mustache", text -> text.replace("|", "\\|"));
  }

  /** {@return the text as LaTeX, to be input by a paper; its head says which packages it needs} */
  public String latex() {
    return filled("appendix.tex.mustache", LatexText::of);
  }

  private String filled(String template, UnaryOperator<String> text) {
    java.util.Map<String, Object> fields = new java.util.HashMap<>();
    Seq<String> gradients = List.of(Surface.values()).flatMap(this::gradients);
    String formula = Formula.latex(loss).strip();
    fields.put("name", text.apply(recipe.name()));
    fields.put("title", text.apply(recipe.title()));
    fields.put("paper", text.apply(recipe.source().paper()));
    fields.put("where", text.apply(recipe.source().where()));
    fields.put("url", recipe.source().url());
    fields.put("conventions", text.apply(conventions));
    fields.put("formula", formula);
    fields.put("gradients", gradients.asJava());
    fields.put("symbols", symbols(formula + gradients.mkString(), text));
    fields.put("columns", rows(RecipeFacts.read(loss).map(line -> line.split(": ", 2)), text));
    fields.put(
        "parameters",
        rows(loss.parameters().map(p -> new String[] {p.name(), String.valueOf(p.range())}), text));
    fields.put("deviations", recipe.deviations().map(text).asJava());
    fields.put("laws", laws(text));
    fields.put("holds", proof.holds());
    fields.put("seed", seed);
    fields.put("fingerprint", loss.fingerprint());
    return Mustache.compiler()
        .escapeHTML(false)
        .emptyStringIsFalse(true)
        .compile(ResourceText.read("/export/" + template))
        .execute(fields);
  }

  private Seq<String> gradients(Surface surface) {
    return BoundLoss.of(loss, surface, RecipeFacts.columns(loss))
        .gradients()
        .toList()
        .map(one -> Formula.latex(one._1, one._2).strip());
  }

  private static java.util.List<?> symbols(String formulas, UnaryOperator<String> text) {
    return SYMBOLS
        .filterKeys(formulas::contains)
        .values()
        .map(
            symbol ->
                java.util.Map.of(
                    "latex",
                    symbol.latex.replace("|", "\\vert "),
                    "meaning",
                    text.apply(symbol.meaning)))
        .asJava();
  }

  private static java.util.List<?> rows(Seq<String[]> rows, UnaryOperator<String> text) {
    return rows.map(
            row ->
                java.util.Map.of(
                    "name", text.apply(row[0]), "what", text.apply(row.length > 1 ? row[1] : "")))
        .asJava();
  }

  private java.util.List<?> laws(UnaryOperator<String> text) {
    Map<String, Law> known = laws.toMap(Law::name, law -> law);
    return proof
        .cases()
        .filterValues(cases -> cases > 0)
        .toList()
        .map(
            law ->
                java.util.Map.of(
                    "name",
                    text.apply(law._1),
                    "statement",
                    text.apply(known.get(law._1).map(Law::statement).getOrElse("")),
                    "cases",
                    law._2,
                    "verdict",
                    proof.verdict(law._1)))
        .asJava();
  }
}
