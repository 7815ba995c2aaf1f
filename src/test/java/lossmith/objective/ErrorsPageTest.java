package lossmith.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.explain.Explainer;
import lossmith.explain.Explanation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of errors: none of its texts compiles, of each it says what is said, and every remedy
 * compiles. {@code -Dlossmith.write=true} writes it.
 */
final class ErrorsPageTest {
  private static final Path PAGE = Path.of("docs/errors.md");

  private static final String HEAD =
      """
      # Errors, and what to write instead

      A loss that does not mean anything does not compile. What to write then is said by `explain`, for an expression or a Java file, and
      by every command that is given one:

      ```bash
      mvn -q compile exec:java -Dexec.args="explain r.times(A)"
      ```

      Of what compiles it says formula, level and gradient, and what is missing to be a loss; of a word alone, such as `explain times`,
      what it means, and of the name of a recipe, where to read about it. In the shell these are `explain("...")`, which knows the variables
      that were declared there, and `help("times")`. In an expression `r` is the importance ratio and `A` the group-normalised advantage.

      Each remedy follows from the types on both sides, and the compiler has tried it. A text with several mistakes is mended one after the
      other. Below are the commonest; a test writes what is said of each, and compiles every remedy.
      """;

  /** What goes wrong, and a text in which it does. */
  private static final Seq<Tuple2<String, String>> MISTAKES =
      List.of(
          Tuple.of("A response's number in a product of tokens", "ratio().times(reward())"),
          Tuple.of("A token's number in a product of responses", "reward().times(ratio())"),
          Tuple.of(
              "A prompt's number in a difference of responses",
              "reward().minus(reward().mean(SEQUENCES))"),
          Tuple.of("Data of two levels", "reward().times(position())"),
          Tuple.of("Two levels in a minimum", "min(ratio(), reward())"),
          Tuple.of("Two levels in a comparison", "entropy().above(entropy().mean(ALL_TOKENS))"),
          Tuple.of("A token's number beside one per vocabulary entry", "logPi().times(A)"),
          Tuple.of("A live weight", "logProb().weightedBy(ratio())"),
          Tuple.of("A live bound", "ratio().clipBetween(ratio(), A)"),
          Tuple.of("A live key", "logProb().cumulativeSum(entropy(), ALL_TOKENS)"),
          Tuple.of("A live rank", "entropy().rank(TOKENS)"),
          Tuple.of("A live coefficient", "scanBackward(A, ratio())"),
          Tuple.of(
              "A live choice of tokens",
              "r.mean(ALL_TOKENS.where(entropy().topFraction(0.2, 1, ALL_TOKENS)))"),
          Tuple.of("A reduction that starts elsewhere", "ratio().mean(SEQUENCES)"),
          Tuple.of(
              "A reduction of what is reduced already",
              "maximise(r.times(A).mean(ALL_TOKENS).mean(SEQUENCES))"),
          Tuple.of("A reduction that is not named", "ratio().mean()"),
          Tuple.of("A level instead of a reduction", "ratio().mean(TOKEN)"),
          Tuple.of("A text instead of a reduction", "ratio().mean(\"TOKENS\")"),
          Tuple.of("A reduction instead of a level", "reward().per(TOKENS)"),
          Tuple.of("Up by per", "ratio().per(SEQUENCE)"),
          Tuple.of("An objective per token", "maximise(ratio().times(A))"),
          Tuple.of("A term beside a loss", "maximise(r.times(A).mean(ALL_TOKENS)).plus(entropy())"),
          Tuple.of(
              "A term taken from a loss",
              "maximise(r.times(A).mean(ALL_TOKENS)).minus(entropy().mean(ALL_TOKENS))"),
          Tuple.of("A loss times a number", "maximise(r.times(A).mean(ALL_TOKENS)).times(0.5)"),
          Tuple.of("A number in a product", "ratio().times(0.5)"),
          Tuple.of("A number in a difference", "ratio().minus(1)"),
          Tuple.of("A term where a number is taken", "ratio().scaledBy(A)"),
          Tuple.of("Numbers where bounds are taken", "ratio().clip(0.8, 1.2)"),
          Tuple.of("One number where bounds are taken", "ratio().clip(0.2)"),
          Tuple.of("One width where two are taken", "ratio().clip(Clip.around(0.2))"),
          Tuple.of("A number where a parameter is taken", "A.topFraction(0.2, 1, ALL_TOKENS)"),
          Tuple.of(
              "A parameter and a number",
              "r.clip(Clip.around(parameter(\"low\", 0.2, 0, 1), 0.28))"),
          Tuple.of("A parameter without a range", "ratio().scaledBy(parameter(\"beta\", 0.1))"),
          Tuple.of("A text where a term is taken", "ratio().times(\"advantage\")"),
          Tuple.of("A column as a word", "ratio().times(advantage())"),
          Tuple.of("A column without a level", "ratio().times(given(\"advantage\"))"),
          Tuple.of("A number where a condition is taken", "select(A, ratio(), entropy())"),
          Tuple.of("A mask that is a number", "ratio().mean(ALL_TOKENS.where(A))"),
          Tuple.of("A condition where a number is taken", "ratio().times(A.positive())"),
          Tuple.of("A standard deviation without ddof", "reward().std(SEQUENCES)"),
          Tuple.of("A choice of Java", "A > 0 ? ratio() : entropy()"),
          Tuple.of("Operators of Java", "1 - ratio() * A"),
          Tuple.of("A verb as a function", "exp(logProb())"),
          Tuple.of("A verb without brackets", "ratio().exp.mean(ALL_TOKENS)"),
          Tuple.of("A word of another library", "ratio().detach().mul(A)"),
          Tuple.of("A name mistyped", "ratoi().tmies(A).mean(ALL_TOKNES)"),
          Tuple.of("A dot too few", "ratio()times(A).mean(ALL_TOKENS)"),
          Tuple.of("A bracket too few", "maximise(ratio().times(A).mean(ALL_TOKENS)"));

  @TempDir private Path folder = Path.of("");

  @Test
  void thePageSaysWhatIsSaid() throws IOException {
    assertTrue(MISTAKES.size() >= 30);
    Seq<Told> told = MISTAKES.map(one -> told(one._1, one._2));
    String page = HEAD + told.map(Told::section).mkString() + file();
    if (Boolean.getBoolean("lossmith.write")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(Files.readString(PAGE), page);
    Seq<String> remedies = told.flatMap(Told::remedies);
    assertTrue(remedies.size() > MISTAKES.size());
    assertEquals(
        remedies.size(),
        ((Seq<?>) Sources.value("List.<Object>of(" + remedies.mkString(",\n") + ")", List.empty()))
            .size());
  }

  /** What is said of a mistake, and what is written instead, which must compile and run. */
  private record Told(String section, Seq<String> remedies) {}

  private static Told told(String title, String text) {
    Explanation explained = Explainer.of(Sources.framed(text, "Object"), SourceCompiler.narrow());
    assertEquals(Either.left(explained.text()), explained(text));
    assertTrue(explained.mended().isDefined(), "no remedy of " + text);
    boolean alone = !explained.text().contains("\nThen\n");
    return new Told(
        section(title, explained.text()),
        explained
            .mended()
            .toList()
            .appendAll(
                alone
                    ? explained.cures().map(line -> line.split("//", -1)[0].strip())
                    : List.empty()));
  }

  private static Either<String, String> explained(String text) {
    OtherWords none = new OtherWords(List.empty(), List.empty(), (command, name) -> name);
    return Explanations.of(text, List.empty(), none);
  }

  private static String section(String title, String text) {
    return "\n## " + title + "\n\n```text\n" + text + "\n```\n";
  }

  /** The same of a file, whose variables and methods say what they are. */
  private String file() throws IOException {
    String text =
        """
        import static lossmith.dsl.Over.*;
        import static lossmith.dsl.Terms.*;

        import lossmith.dsl.*;
        import lossmith.dsl.Level.*;

        class Mine {
          static Loss loss() {
            Detached<Token> weight = ratio().times(reward().per(Axis.TOKEN));
            return logProb().weightedBy(weight);
          }
        }
        """;
    String path = Files.writeString(folder.resolve("Mine.java"), text).toString();
    String told = explained(path).getLeft().replace(folder + "/", "");
    String mended =
        text.replace("TOKEN));", "TOKEN)).stopGradient();")
            .replace(
                "logProb().weightedBy(weight)",
                "maximise(logProb().weightedBy(weight).mean(ALL_TOKENS))");
    String cured = Files.writeString(folder.resolve("Mine.java"), mended).toString();
    assertTrue(explained(cured).isRight(), () -> explained(cured).getLeft());
    return section("In a file", told);
  }
}
