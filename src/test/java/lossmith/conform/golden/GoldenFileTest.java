package lossmith.conform.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenFileTest {
  private static final String GOOD =
      """
      {"name":"good","function":"f","config":{},"inputs":{"x":[[1,2],[3,4]]},
       "expected":{"loss":1,"grads":{"x":[[0,0],[0,0]]}},"wrt":["x"]}\
      """;

  @TempDir Path folder = Path.of("");

  private Path file(String name, String cases) throws Exception {
    return Files.writeString(
        folder.resolve(name), "{\"schema\":1,\"family\":\"f\",\"cases\":" + cases + "}");
  }

  private static Seq<String> problems(Path... files) {
    var wrong = assertThrows(ProblemException.class, () -> GoldenFile.read(List.of(files)));
    return wrong.problems().map(Problem::toString);
  }

  @Test
  void casesOfSeveralFilesAreReadInTheirOrder() throws Exception {
    Path second = file("b.json", "[" + GOOD.replace("good", "better") + "]");
    var cases = GoldenFile.read(List.of(file("a.json", "[" + GOOD + "]"), second));
    assertEquals(List.of("good", "better"), cases.map(GoldenCase::name).toList());
    assertEquals(4, cases.head().input("x").get(3));
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() throws Exception {
    String two = "[" + GOOD + "," + GOOD.replace("good", "other").replace("[3,4]", "[3]") + ",{}]";
    Seq<String> told = problems(file("a.json", two), folder.resolve("none.json"));
    assertEquals(3, told.size(), told.toString());
    assertTrue(told.get(0).contains("case 1, other x: a ragged list"), told.get(0));
    assertTrue(told.get(1).contains("case 2: nothing under \"name\""), told.get(1));
    assertTrue(told.get(2).contains("none.json: no such file"), told.get(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"loss\":1,\"grads\":{\"x\":[[0,0],[0,0]]}} | {} | good: nothing expected",
        "\"loss\":1 | \"loss\":[] | good loss of shape [0]; expected one number",
        "\"wrt\":[\"x\"] | \"wrt\":[\"y\"] | good: wrt y, grads of x",
        "\"config\":{} | \"config\":[] | good: \"config\" that is no object",
        "[3,4] | [3,\"x\"] | good x: \"x\"; expected a number"
      })
  void aCaseThatIsNoCaseIsAProblem(String right, String wrong, String told) throws Exception {
    String problem = problems(file("a.json", "[" + GOOD.replace(right, wrong) + "]")).head();
    assertTrue(problem.contains(told), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | no cases",
        "3 | cases that are no list",
        "[C,C] | good more than once",
        "[C],\"count\":2 | 1 cases, count 2"
      })
  void aFileWithoutItsCasesIsAProblem(String cases, String told) throws Exception {
    String problem = problems(file("a.json", cases.replace("C", GOOD))).head();
    assertTrue(problem.contains("a.json: " + told), problem);
  }
}
