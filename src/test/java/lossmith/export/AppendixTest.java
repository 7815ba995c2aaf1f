package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import lossmith.dsl.Loss;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.report.RecipeFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The appendix of a paper says what is known of an objective, and LaTeX takes it. */
final class AppendixTest {
  private static Appendix of(String name) {
    Recipe recipe = Recipes.get(name);
    Loss loss = recipe.loss(Conventions.paper());
    try (Subject subject = Subject.of(recipe, Conventions.paper())) {
      List<Law> laws =
          List.ofAll(Laws.of(subject))
              .filter(law -> List.of("value", "finite", "sign").contains(law.name()));
      Proof proof = Prover.prove(subject, laws, 2, 1, done -> {});
      return new Appendix(recipe, loss, "", laws, proof, 1);
    }
  }

  @Test
  void markdownHasFormulaParametersAndLaws() {
    String text = of("grpo").markdown();
    assertTrue(text.contains("| clip_low | 0.2 in [0, 1] |"), text);
    assertTrue(text.contains("| old_log_prob | token, else sg(log π(y_t)) |"), text);
    assertTrue(text.contains("| $\\vert y_i\\vert $ |") || text.contains("\\vert y_i"), text);
    assertTrue(text.contains("\\frac{\\partial L}{\\partial z_v}"), text);
    assertTrue(text.contains("| value | TensorFlow's value is the reference's"), text);
    assertTrue(text.contains("| 2 | holds |"), text);
    assertFalse(text.contains("{{"), text);
    assertFalse(of("reinforce").markdown().contains("## Parameters"));
  }

  /** What texts of the catalogue and of the laws have in them is escaped or set as mathematics. */
  @Test
  void everySymbolOfTheCatalogueHasItsLatex() {
    Stream<String> texts =
        Recipes.all()
            .flatMap(
                r ->
                    RecipeFacts.read(r.loss(Conventions.paper()))
                        .appendAll(r.deviations())
                        .appendAll(List.of(r.title(), r.source().paper(), r.source().where())))
            .appendAll(Laws.all().appendAll(Laws.ofRoles()).map(Law::statement))
            .appendAll(Recipes.all().flatMap(Laws::of).map(Law::statement))
            .toJavaStream();
    texts.forEach(
        text ->
            LatexText.of(text)
                .codePoints()
                .forEach(
                    point ->
                        assertTrue(
                            point < 0x180 || "–—’‘“”…".indexOf(point) >= 0,
                            Character.toString(point) + " in " + text)));
    assertEquals("50\\% of a\\_b, \\ensuremath{\\pi}", LatexText.of("50% of a_b, π"));
  }

  @Test
  void latexCompilesIt(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "pdflatex"))),
        "no pdflatex");
    String inputs = "";
    for (String name : Recipes.all().map(Recipe::name)) {
      Path unused = Files.writeString(folder.resolve(name + ".tex"), of(name).latex());
      inputs += "\\input{" + name + "}\n";
    }
    Path main =
        Files.writeString(
            folder.resolve("main.tex"),
            "\\documentclass{article}\n\\usepackage{amsmath,amssymb,booktabs,longtable}\n"
                + "\\begin{document}\n"
                + inputs
                + "\\end{document}\n");
    Process process =
        new ProcessBuilder(
                "pdflatex", "-interaction=nonstopmode", "-halt-on-error", main.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> read(folder.resolve("out")));
    assertTrue(Files.size(folder.resolve("main.pdf")) > 0);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
