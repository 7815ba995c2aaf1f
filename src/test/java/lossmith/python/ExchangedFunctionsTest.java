package lossmith.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.blackbox.Identification;
import lossmith.blackbox.Identification.Nearest;
import lossmith.blackbox.Probes;
import lossmith.blackbox.TensorBatch;
import lossmith.export.NeedsPython;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Known objectives with one or two parts exchanged, written in Python: each is named, with what is
 * exchanged and nothing else. By default three of them, all with {@code
 * -Dlossmith.python.exchanged=100}.
 */
@NeedsPython
final class ExchangedFunctionsTest {
  private static final int MOST = Integer.getInteger("lossmith.python.exchanged", 3);

  /** A function, and in its docstring the objective and what is told of each part exchanged. */
  private static final Pattern FUNCTION =
      Pattern.compile("def (\\w+)\\(.*\\n    \"\"\"(.*?): (.*)\"\"\"");

  private static final Map<String, String> NONE = LinkedHashMap.empty();

  private static TensorBatch probe() {
    return Probes.onPolicy(new int[] {3, 1, 2, 4}, new int[] {0, 0, 1, 1}, 1, 1);
  }

  private static Target target(Path file, String function) {
    return new Target(file, function, Option.none(), NONE, NONE, Duration.ofSeconds(60));
  }

  private static Seq<Recipe> recipes() {
    return MOST > 3
        ? Recipes.all()
        : List.of("ppo", "grpo", "dapo", "cispo", "gspo", "dr-grpo").map(Recipes::get);
  }

  @Test
  void eachIsTheObjectiveWithWhatIsExchanged() throws Exception {
    String python = System.getenv(Interpreter.VARIABLE);
    if (python == null || python.isBlank()) {
      System.out.println(
          "PyTorch: left out without "
              + Interpreter.VARIABLE
              + ": objectives with parts exchanged");
    }
    Assumptions.assumeTrue(python != null && !python.isBlank());
    Path file =
        Path.of(
            Objects.requireNonNull(getClass().getClassLoader().getResource("python/exchanged.py"))
                .toURI());
    Seq<String> wrong = List.empty();
    int count = 0;
    Matcher next = FUNCTION.matcher(Files.readString(file));
    Interpreter interpreter = new Interpreter(Objects.requireNonNull(python));
    PythonFunction function =
        PythonFunction.open(target(file, "dapo_over_padded_width"), interpreter, probe());
    try {
      while (next.find() && count < MOST) {
        count++;
        function = function.instead(target(file, next.group(1)), probe());
        Identification found = Identification.of(function, recipes(), done -> {});
        System.out.println(next.group(1) + ": " + found);
        wrong = told(found, next.group(2), next.group(3)) ? wrong : wrong.append(next.group(1));
      }
    } finally {
      function.close();
    }
    assertEquals(List.of(), wrong.toList(), "of " + count);
  }

  private static boolean told(Identification found, String name, String words) {
    Seq<String> expected = List.of(words.split("; ", -1));
    return found
        .nearest()
        .filter(Nearest::settled)
        .exists(
            one ->
                one.name().equals(name)
                    && one.differences().size() == expected.size()
                    && expected.forAll(
                        word -> one.differences().exists(text -> text.contains(word))));
  }
}
