package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.dsl.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Another program that does the same work and prints {@code median_ms=…}.
 *
 * @param name what to call it
 * @param command the program and its arguments, {@code {rows}} and {@code {vocabulary}} filled in
 * @param least how many times slower than Lossmith it should at least be, if that is the goal
 * @param most how many times slower than it Lossmith may be, if that is the goal
 */
public record Peer(String name, List<String> command, Option<Double> least, Option<Double> most) {
  private static final Pattern MEDIAN = Pattern.compile("median_ms=([0-9.]+)");

  /**
   * {@return a program whose time is a limit, none without a command}
   *
   * @param name what to call it
   * @param command its words, apart by spaces
   * @param most how many times its time Lossmith may take
   */
  public static Option<Peer> floor(String name, @Nullable String command, double most) {
    return Option.of(command)
        .map(words -> new Peer(name, words(words), Option.none(), Option.some(most)));
  }

  /**
   * {@return a program that should be slower, none without a command}
   *
   * @param name what to call it
   * @param command its words, apart by spaces
   * @param least how many times the time of Lossmith it should take
   */
  public static Option<Peer> slower(String name, @Nullable String command, double least) {
    return Option.of(command)
        .map(words -> new Peer(name, words(words), Option.some(least), Option.none()));
  }

  private static List<String> words(String command) {
    return List.of(command.trim().split("\\s+"));
  }

  /** The ratio of its time and ours. */
  Figure against(double own, int rows, int vocabulary) {
    double theirs = milliseconds(rows, vocabulary);
    String how =
        Math.round(theirs * 10) / 10.0 + " ms, as it says itself: " + command.mkString(" ");
    return most.isDefined()
        ? new Figure(
            "logits time over that of " + name, own / theirs, "x", Option.none(), most, how)
        : new Figure("time of " + name + " over the logits'", theirs / own, "x", least, most, how);
  }

  private double milliseconds(int rows, int vocabulary) {
    List<String> filled =
        command.map(
            word ->
                word.replace("{rows}", String.valueOf(rows))
                    .replace("{vocabulary}", String.valueOf(vocabulary)));
    try {
      Process process = new ProcessBuilder(filled.asJava()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher found = MEDIAN.matcher(said);
      if (process.waitFor() == 0 && found.find()) {
        return Double.parseDouble(found.group(1));
      }
      throw Problem.of(
              "peer",
              filled.mkString(" ") + ", which said: " + said.lines().findFirst().orElse("nothing"),
              "a program that prints median_ms=… and leaves with 0",
              "the command with {rows} and {vocabulary} where they belong")
          .exception();
    } catch (IOException unable) {
      throw new UncheckedIOException(unable);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " was running", stopped);
    }
  }
}
