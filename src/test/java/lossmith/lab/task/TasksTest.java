package lossmith.lab.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TasksTest {
  static Stream<Task> tasks() {
    return Tasks.all().toJavaStream();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "addition; 37+48=; ' right 7+8=15,3+4+1=8 answer 85'; 1",
        "addition; 37+48=; ' left 4+3=7,8+7=14 wait 15 thus 85'; 1",
        "addition; 37+48=; ' just 85'; 1",
        "addition; 37+48=; ' just 86'; 0",
        "addition; 37+48=; ' just 085'; 0",
        "addition; 37+48=; ' right 7+8=15,3+4+1=8'; 0",
        "addition; 37+48=; '85'; 0",
        "addition; 37+48=; ' answer 85 thus 84'; 0",
        "target; 7>24:; '+9=16+8=24'; 1",
        "target; 7>24:; '*3=21+3=24'; 1",
        "target; 7>24:; '-5=2*9=18+6=24'; 1",
        "target; 7>24:; '+9=16+8=25'; 0",
        "target; 7>24:; '+9=17+7=24'; 0",
        "target; 7>24:; '+9=16'; 0",
        "target; 7>24:; '+9=16+8=24='; 0",
        "target; 7>24:; ''; 0",
        "two-ways; 37+48=; ' about 8'; 0.5",
        "two-ways; 37+48=; ' about 9'; 0",
        "two-ways; 37+48=; ' exactly 7+8=15,3+4=85'; 1",
        "two-ways; 37+48=; ' exactly 7+8=15,3+4=84'; 0",
        "two-ways; 37+48=; '=85'; 0",
      })
  void aResponseIsWorthWhatItSays(String task, String prompt, String response, double reward) {
    assertEquals(reward, Tasks.named(task).reward(prompt, response));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void demonstrationsFitAndAreRightNowAndThen(Task task) {
    RandomGenerator random = Seeds.random(7);
    int right = 0;
    for (int i = 0; i < 500; i++) {
      String prompt = Prompts.training(task, random);
      String response = task.demonstration(prompt, random);
      int[] ids = task.symbols().encode(response);
      assertEquals(response, task.symbols().decode(ids));
      assertTrue(ids.length < task.longestResponse(), response);
      assertTrue(task.symbols().encode(prompt).length <= task.longestPrompt(), prompt);
      right += task.reward(prompt, response) > 0 ? 1 : 0;
    }
    assertTrue(right > 150 && right < 480, "right " + right + " of 500");
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void heldOutPromptsAreNeverTrainedOn(Task task) {
    Set<String> trained = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      String prompt = Prompts.training(task, Seeds.random(1, i));
      trained.add(prompt);
    }
    var heldOut = Prompts.heldOut(task, 16);
    assertEquals(16, heldOut.distinct().size());
    heldOut.forEach(prompt -> assertFalse(trained.contains(prompt), prompt));
    assertEquals(heldOut, Prompts.heldOut(task, 16));
  }

  @Test
  void theLongestSymbolIsRead() {
    Alphabet symbols = Alphabet.of("ab", "abb");
    assertArrayEquals(new int[] {3, 1, 2}, symbols.encode("abbab"));
    assertEquals("abbab", symbols.decode(new int[] {3, 1, 2}));
    ProblemException unknown = assertThrows(ProblemException.class, () -> symbols.encode("abc"));
    assertTrue(
        String.valueOf(unknown.getMessage()).contains("\"c\""),
        String.valueOf(unknown.getMessage()));
    assertThrows(ProblemException.class, () -> Alphabet.of("aa"));
  }

  @Test
  void anUnknownTaskNamesTheNearest() {
    ProblemException unknown = assertThrows(ProblemException.class, () -> Tasks.named("additon"));
    assertTrue(
        String.valueOf(unknown.getMessage()).contains("addition"),
        String.valueOf(unknown.getMessage()));
    assertThrows(ProblemException.class, () -> Tasks.named("java.lang.String"));
    assertEquals("addition", Tasks.named(Addition.class.getName()).name());
  }
}
