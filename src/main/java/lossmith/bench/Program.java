package lossmith.bench;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.dsl.Problem;

/** Other programs that say a number. */
final class Program {
  private Program() {}

  /** A class of this program in a Java machine of its own, started with some options. */
  static List<String> java(String main, String... options) {
    String java = ProcessHandle.current().info().command().orElse("java");
    return List.of(java)
        .appendAll(List.of(options))
        .appendAll(List.of("-cp", System.getProperty("java.class.path"), main));
  }

  /** What a program says of itself as {@code key=…}. */
  static double number(String key, List<String> words) {
    try {
      Process process = new ProcessBuilder(words.asJava()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher found = Pattern.compile(key + "=([-0-9.]+|NaN)").matcher(said);
      if (process.waitFor() == 0 && found.find()) {
        return Double.parseDouble(found.group(1));
      }
      throw problem(key, words, "said: " + said.lines().reduce((a, b) -> b).orElse("nothing"));
    } catch (IOException unable) {
      throw problem(key, words, "does not start: " + unable.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "interrupted while " + words.head() + " was running", stopped);
    }
  }

  private static RuntimeException problem(String key, List<String> words, String what) {
    return Problem.of(
            "peer",
            words.mkString(" ") + ", which " + what,
            "a program that prints " + key + "=… and leaves with 0",
            "its command without the size of the work, which is added")
        .exception();
  }
}
