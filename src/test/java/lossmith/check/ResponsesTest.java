package lossmith.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Findings about whole responses: how they end, how long they are, what was asked. */
class ResponsesTest {
  private static final int END = 9;

  @TempDir Path folder = Path.of("");

  private static RowsFile row(RowsFile file, boolean finished, int... tokens) {
    return file.row(
        1, "tokens", tokens, "finished", finished, "log_prob", RowsFile.copies(tokens.length, -1));
  }

  private Seq<RolloutFinding> ends(RowsFile file) {
    return new EndTokens().of(file.read(folder));
  }

  private static RowsFile finished(int rows) {
    RowsFile file = new RowsFile();
    for (int i = 0; i < rows; i++) {
      row(file, true, 1, 2 + i, END);
    }
    return file;
  }

  @Test
  void finishedResponsesShareTheEndToken() {
    assertTrue(ends(row(finished(4), false, 1, 2, 3)).isEmpty());
    RolloutFinding found = ends(row(finished(4), true, 1, 2, 3)).single();
    assertEquals("finished-without-end-token", found.code());
    assertEquals(1, found.count());
    assertEquals(new FilePlace(5, Option.none()), found.first().get());
    assertEquals(END, found.numbers().get("end_token").get());
  }

  @Test
  void unfinishedOnesDoNotHaveIt() {
    RolloutFinding found = ends(row(row(finished(4), false, 3, END), false, 4, 4, END)).single();
    assertEquals("unfinished-with-end-token", found.code());
    assertEquals(2, found.count());
    assertEquals(new FilePlace(5, Option.none()), found.first().get());
  }

  @Test
  void aModelMayHaveTwoEndTokens() {
    assertTrue(ends(row(row(finished(3), true, 1, 8), true, 1, 3, 8)).isEmpty());
  }

  @Test
  void anEndTokenThatWasLeftOutIsTold() {
    RowsFile file = new RowsFile();
    for (int i = 0; i < 6; i++) {
      row(file, true, 5, 4, 3, 2, 1, 0, i);
    }
    RolloutFinding found = ends(file).single();
    assertEquals("end-token-missing", found.code());
    assertEquals(6, found.count());
    assertEquals(1 / 6.0, found.numbers().get("share").get(), 1e-12);
  }

  /** The last token of the policy counts, not a padding behind it. */
  @Test
  void paddingIsNoEnd() {
    RowsFile file = row(finished(3), true, 1, END, 0, 0);
    for (int i = 0; i < 3; i++) {
      file.put(i, "response_mask", new int[] {1, 1, 1});
    }
    assertTrue(ends(file.put(3, "response_mask", new int[] {1, 1, 0, 0})).isEmpty());
  }

  @Test
  void cutOffResponsesAreCounted() {
    RowsFile file = row(row(finished(3), false, 1, 2, 3, 4), false, 1, 2);
    RolloutFinding found = new Overlong().of(file.read(folder)).single();
    assertEquals("overlong", found.code());
    assertEquals(Severity.NOTE, found.severity());
    assertEquals(1, found.count());
    assertEquals(4, found.numbers().get("length").get());
    assertEquals(0.2, found.numbers().get("share").get(), 1e-12);
    assertTrue(new Overlong().of(finished(3).read(folder)).isEmpty());
    RowsFile most = row(row(finished(1), false, 1, 2, 3, 4), false, 1, 2, 3, 5);
    assertEquals(Severity.WARNING, new Overlong().of(most.read(folder)).single().severity());
  }

  static java.util.stream.Stream<Arguments> prompts() {
    return java.util.stream.Stream.of(
        Arguments.of("a:x a:x b:y b:y", List.of()),
        Arguments.of("a:x a:z b:y b:y", List.of("prompt-text-differs 1 row 2")),
        Arguments.of("a:x a:z b:y b:w", List.of("prompt-text-differs 2 row 2")),
        Arguments.of("a:x a:x b:x b:x", List.of("prompt-text-twice 1 row 3")),
        Arguments.of(
            "a:x a:y b:y b:y", List.of("prompt-text-differs 1 row 2", "prompt-text-twice 1 row 3")),
        Arguments.of("a:x b:x c:x d:y", List.of("prompt-text-twice 2 row 2")),
        Arguments.of("a:x b:y c:z d:w", List.of()));
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void onePromptHasOneText(String rows, List<String> expected) {
    assertEquals(expected, ofPrompts(rows, text -> text));
  }

  /** A chat is compared as its messages with their roles. */
  @ParameterizedTest
  @MethodSource("prompts")
  void oneChatIsOnePrompt(String rows, List<String> expected) {
    Map<String, String> system = Map.of("role", "system", "content", "Add.");
    assertEquals(
        expected,
        ofPrompts(
            rows, text -> List.of(system, Map.of("role", "user", "content", text, "name", "u"))));
  }

  private List<String> ofPrompts(String rows, UnaryOperator<Object> prompt) {
    RowsFile file = new RowsFile();
    for (String row : rows.split(" ", -1)) {
      file.row(
          row.substring(0, 1),
          "prompt",
          prompt.apply(row.substring(2)),
          "tokens",
          new int[] {1},
          "log_prob",
          new double[] {-1});
    }
    return new PromptTexts()
        .of(file.read(folder))
        .map(one -> one.code() + " " + one.count() + " " + one.first().get())
        .asJava();
  }

  @Test
  void promptsWithoutTextSayNothing() {
    RowsFile file = new RowsFile();
    file.row(1, "tokens", new int[] {1}, "log_prob", new double[] {-1});
    file.row(1, "tokens", new int[] {1}, "log_prob", new double[] {-1}, "prompt", "x");
    assertTrue(new PromptTexts().of(file.read(folder)).isEmpty());
  }
}
