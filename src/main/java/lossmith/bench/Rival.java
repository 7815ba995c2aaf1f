package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/**
 * Another program that does the same work and prints {@code median_ms=…}.
 *
 * @param name what to call it
 * @param hidden whether it starts from hidden states, not from logits
 * @param command the program and its arguments, with {@code {rows}}, {@code {vocabulary}}, {@code
 *     {width}} and {@code {threads}} where they belong
 * @param least how many times slower than Lossmith it should at least be, if that is the goal
 * @param most how many times slower than it Lossmith may be, if that is the goal
 */
public record Rival(
    String name, boolean hidden, List<String> command, Option<Double> least, Option<Double> most) {
  private static final List<String> SIZE =
      List.of("{rows}", "{vocabulary}", "{width}", "{threads}");
  private static final String LIBTORCH = "lossmith.bench.Libtorch";

  /**
   * {@return a hand-written kernel, whose time is a limit}
   *
   * @param command its words, separated by spaces; rows, vocabulary and threads follow
   */
  public static Rival kernel(String command) {
    List<String> words = words(command).appendAll(List.of("{rows}", "{vocabulary}", "{threads}"));
    return new Rival("the hand-written kernel", false, words, Option.none(), Option.some(2.0));
  }

  /**
   * {@return PyTorch, in every way that its users run it}
   *
   * @param command its words, separated by spaces; {@code logits}, {@code hidden} or {@code copy},
   *     the way ({@code eager}, {@code compile} or {@code chunked}), rows, vocabulary, width and
   *     threads go before its options
   */
  public static Seq<Rival> torch(String command) {
    return List.of(
        torch(command, "logits", "eager", 8),
        torch(command, "logits", "compile", 2.5),
        torch(command, "hidden", "eager", 1),
        torch(command, "hidden", "compile", 1),
        torch(command, "hidden", "chunked", 1),
        new Rival(
            "PyTorch copying as much",
            false,
            words(command, "copy", "eager"),
            Option.none(),
            Option.none()));
  }

  private static Rival torch(String command, String surface, String way, double least) {
    return new Rival(
        "PyTorch " + way,
        surface.equals("hidden"),
        words(command, surface, way),
        Option.some(least),
        Option.none());
  }

  /** Options come last. */
  private static List<String> words(String command, String surface, String way) {
    List<String> all = words(command);
    int options = all.indexWhere(word -> word.startsWith("--"));
    int end = options < 0 ? all.size() : options;
    return all.take(end).append(surface).append(way).appendAll(SIZE).appendAll(all.drop(end));
  }

  /** {@return libtorch inside a Java machine, where the build has it (profile {@code bench})} */
  public static Seq<Rival> libtorch() {
    try {
      Class<?> unused = Class.forName(LIBTORCH, false, Rival.class.getClassLoader());
    } catch (ClassNotFoundException absent) {
      return List.empty();
    }
    List<String> words = OtherProgram.java(LIBTORCH);
    return List.of("logits", "hidden")
        .map(
            surface ->
                new Rival(
                    "libtorch in Java",
                    surface.equals("hidden"),
                    words.append(surface).appendAll(SIZE),
                    Option.none(),
                    Option.none()));
  }

  private static List<String> words(String command) {
    return List.of(command.trim().split("\\s+"));
  }

  /** Runs it on little work, so that a wrong command is reported before anything is measured. */
  void check(BenchSize work) {
    double unused = milliseconds(new BenchSize(8, 64, 8, 1, work.device()));
  }

  /** The ratio of its time and ours, which is measured just before it. */
  Figure against(DoubleSupplier ours, BenchSize work) {
    double own = ours.getAsDouble();
    double theirs = milliseconds(work);
    String surface = hidden ? "hidden" : "logits";
    String how =
        String.format(Locale.ROOT, "%.1f ms, as it says itself, ours %.1f: ", theirs, own)
            + said(words(work));
    return most.isDefined()
        ? new Figure(surface + ", time over that of " + name, own / theirs, "x", least, most, how)
        : new Figure(
            surface + ", time of " + name + " over ours", theirs / own, "x", least, most, how);
  }

  private double milliseconds(BenchSize work) {
    return OtherProgram.number("median_ms", words(work));
  }

  private List<String> words(BenchSize work) {
    int threads = Runtime.getRuntime().availableProcessors();
    return command.map(
        word ->
            word.replace("{rows}", "" + work.rows())
                .replace("{vocabulary}", "" + work.vocabulary())
                .replace("{width}", "" + work.width())
                .replace("{threads}", "" + threads));
  }

  private static String said(List<String> words) {
    return words.filter(word -> !word.contains(System.getProperty("path.separator"))).mkString(" ");
  }
}
