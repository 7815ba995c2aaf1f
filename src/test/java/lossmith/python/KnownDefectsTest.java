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
import lossmith.blackbox.Probes;
import lossmith.blackbox.TensorBatch;
import lossmith.blackbox.law.AdvantageProver;
import lossmith.blackbox.law.BoxProver;
import lossmith.export.NeedsPython;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Mistakes that trainers have or had, in functions written from their formulas: each is told. By
 * default every third of them, all with {@code -Dlossmith.python.defects=1}.
 */
@NeedsPython
final class KnownDefectsTest {
  /** A function, and in its docstring how it is called and what is told. */
  private static final Pattern FUNCTION =
      Pattern.compile("def (\\w+)\\(.*\\n    \"\"\"as ([\\w-]+): prove: (.*)\"\"\"");

  private static final int EVERY = Integer.getInteger("lossmith.python.defects", 3);

  private static final Map<String, String> NONE = LinkedHashMap.empty();

  private static TensorBatch probe() {
    return Probes.onPolicy(new int[] {3, 1, 2, 4}, new int[] {0, 0, 1, 1}, 1, 1);
  }

  @Test
  void eachIsTold() throws Exception {
    String python = System.getenv(Interpreter.VARIABLE);
    if (python == null || python.isBlank()) {
      System.out.println(
          "PyTorch: left out without " + Interpreter.VARIABLE + ": known defects of trainers");
    }
    Assumptions.assumeTrue(python != null && !python.isBlank());
    Path file =
        Path.of(
            Objects.requireNonNull(getClass().getClassLoader().getResource("python/defects.py"))
                .toURI());
    Interpreter interpreter = new Interpreter(Objects.requireNonNull(python));
    Seq<String> missed = List.empty();
    int count = 0;
    Matcher next = FUNCTION.matcher(Files.readString(file));
    PythonFunction function = null;
    try {
      while (next.find()) {
        if (count++ % EVERY != 0) {
          continue;
        }
        Target target =
            new Target(
                file,
                next.group(1),
                Option.some(next.group(2)),
                NONE,
                NONE,
                Duration.ofSeconds(60));
        function =
            function == null
                ? PythonFunction.open(target, interpreter, probe())
                : function.instead(target, probe());
        Seq<String> words = List.of(next.group(3).split("; ", -1));
        String told = told(function, words);
        String name = next.group(1);
        missed = missed.appendAll(words.reject(told::contains).map(text -> name + ": " + text));
      }
    } finally {
      if (function != null) {
        function.close();
      }
    }
    assertEquals(List.of(), missed.toList(), "of " + count);
    System.out.println("PyTorch: one in " + EVERY + " of " + count + " known defects of trainers");
  }

  /** What is said by the laws that are named; where a setting is spoken of, by that of settings. */
  private static String told(PythonFunction function, Seq<String> words) {
    Seq<String> laws =
        words
            .filter(text -> text.startsWith("breaks "))
            .map(text -> text.substring("breaks ".length()));
    boolean settings =
        words.exists(text -> text.contains(" is another") || text.contains("nothing"));
    Seq<String> asked = settings ? laws.append("settings-act") : laws;
    if (function.estimates()) {
      try (AdvantageProver prover = new AdvantageProver(function.advantage(), asked)) {
        return prover.prove(6, 1, done -> {}).toString();
      }
    }
    try (BoxProver prover = new BoxProver(function, asked)) {
      return prover.prove(6, 1, done -> {}).toString();
    }
  }
}
