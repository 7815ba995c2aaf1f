package lossmith.bench;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.dsl.Problem;

/** Runs another program and reads the number it prints. */
final class OtherProgram {
  private OtherProgram() {}

  /** A class of this program in a Java machine of its own, started with some options. */
  static List<String> java(String main, String... options) {
    String java = ProcessHandle.current().info().command().orElse("java");
    return List.of(java)
        .appendAll(List.of(options))
        .appendAll(List.of("-cp", System.getProperty("java.class.path"), main));
  }

  /** A number that a program prints as {@code key=…}. */
  static double number(String key, List<String> words) {
    return numbers(words, key).get(key).get();
  }

  /** All numbers that a program prints as {@code key=…}, by key. */
  static Map<String, Double> numbers(List<String> words, String... keys) {
    String said = said(words, keys[0]);
    return List.of(keys).toLinkedMap(key -> Tuple.of(key, number(key, words, said)));
  }

  private static double number(String key, List<String> words, String said) {
    Matcher found = Pattern.compile(key + "=([-0-9.]+|NaN)").matcher(said);
    if (found.find()) {
      return Double.parseDouble(found.group(1));
    }
    throw problem(key, words, "said: " + last(said));
  }

  private static String said(List<String> words, String key) {
    try {
      Process process = new ProcessBuilder(words.asJava()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() == 0) {
        return said;
      }
      throw problem(key, words, "said: " + last(said));
    } catch (IOException unable) {
      throw problem(key, words, "does not start: " + unable.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "interrupted while " + words.head() + " was running", stopped);
    }
  }

  private static String last(String said) {
    return said.lines().reduce((a, b) -> b).orElse("nothing");
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
