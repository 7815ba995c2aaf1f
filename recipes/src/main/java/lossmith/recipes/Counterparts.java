package lossmith.recipes;

import io.vavr.Lazy;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import lossmith.dsl.Problem;

/**
 * What other systems have, by the name of the recipe or part here. Each system is a file in the
 * folder {@code counterparts} of the resources, which {@code index.txt} lists:
 *
 * <pre>{@code
 * system: TRL
 * repository: https://github.com/huggingface/trl
 * commit: f2cd5771
 *
 * grpo: loss_type grpo
 *   differs: the std has ddof 1 and 1e-4 is added
 *   wrong: what is a mistake there
 * }</pre>
 *
 * <p>The lines {@code differs} and {@code wrong} are left out where nothing is to be said; a system
 * that has two of one thing has two entries of that name. A line that starts with # is a comment.
 */
public final class Counterparts {
  private static final String DIFFERS = "differs";
  private static final String WRONG = "wrong";
  private static final Seq<String> HEADER = List.of("system", "repository", "commit");

  private static final Lazy<Map<String, Seq<Counterpart>>> ALL =
      Lazy.of(
          () ->
              lines("index.txt")
                  .reject(Counterparts::silent)
                  .flatMap(file -> read(file, lines(file)))
                  .groupBy(Tuple2::_1)
                  .mapValues(entries -> entries.map(Tuple2::_2)));

  private Counterparts() {}

  /** {@return the counterparts of all recipes and parts, by their names here} */
  public static Map<String, Seq<Counterpart>> all() {
    return ALL.get();
  }

  /** {@return the systems that have the recipe or part of that name; empty where none is known} */
  public static Seq<Counterpart> of(String name) {
    return all().getOrElse(name, List.empty());
  }

  /**
   * {@return the entries of one file: the name here and the counterpart in the system}
   *
   * @param file its name, for problems
   * @param lines its lines
   * @throws lossmith.dsl.ProblemException with every line that is none of the format
   */
  static Seq<Tuple2<String, Counterpart>> read(String file, Seq<String> lines) {
    Reading reading = new Reading(file, lines);
    Problem.throwAll(reading.problems);
    return reading.entries;
  }

  /** {@return the lines of a file of the folder} */
  static Seq<String> lines(String file) {
    try (InputStream in = Counterparts.class.getResourceAsStream("counterparts/" + file)) {
      byte[] bytes = Objects.requireNonNull(in, "no counterparts/" + file).readAllBytes();
      return List.ofAll(new String(bytes, StandardCharsets.UTF_8).lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean silent(String line) {
    return line.isBlank() || line.startsWith("#");
  }

  /** One file, read line by line; every line that is wrong is a problem of its own. */
  private static final class Reading {
    private final String file;
    private final Counterpart.Project system;
    private Seq<Problem> problems = List.empty();
    private Seq<Tuple2<String, Counterpart>> entries = List.empty();

    Reading(String file, Seq<String> lines) {
      this.file = file;
      Seq<Tuple2<String, Integer>> spoken =
          lines.zipWithIndex((line, i) -> Tuple.of(line, i + 1)).reject(line -> silent(line._1));
      Seq<String> header = HEADER.zipWith(spoken, (key, line) -> header(key, line._1, line._2));
      if (header.size() < HEADER.size()) {
        problem(lines.size(), "the end", HEADER.get(header.size()) + ": …");
      }
      Seq<String> full = header.padTo(HEADER.size(), "");
      system = new Counterpart.Project(full.get(0), full.get(1), full.get(2));
      spoken.drop(HEADER.size()).forEach(line -> entry(line._1, line._2));
    }

    private String header(String key, String line, int number) {
      if (!line.startsWith(key + ": ")) {
        problem(number, quoted(line), key + ": …");
        return "";
      }
      return line.substring(key.length() + 2);
    }

    private void entry(String line, int number) {
      int colon = line.indexOf(": ");
      String key = colon < 0 ? "" : line.substring(0, colon);
      String text = colon < 0 ? "" : line.substring(colon + 2).strip();
      Counterpart last = entries.isEmpty() ? null : entries.last()._2;
      if (text.isEmpty()) {
        problem(number, quoted(line), "NAME: what the system calls it");
      } else if (!key.startsWith(" ")) {
        start(key, text, line, number);
      } else if (last != null && key.strip().equals(DIFFERS) && last.differs().isEmpty()) {
        replace(new Counterpart(system, last.name(), text, last.wrong()));
      } else if (last != null && key.strip().equals(WRONG) && last.wrong().isEmpty()) {
        replace(new Counterpart(system, last.name(), last.differs(), text));
      } else {
        problem(number, quoted(line), "one line \"differs: …\", one \"wrong: …\" of each entry");
      }
    }

    private void start(String name, String there, String line, int number) {
      if (entries.exists(entry -> entry._1.equals(name) && entry._2.name().equals(there))) {
        problem(number, quoted(line) + " twice", "an entry once");
      }
      entries = entries.append(Tuple.of(name, new Counterpart(system, there, "", "")));
    }

    private void replace(Counterpart counterpart) {
      entries = entries.update(entries.size() - 1, entries.last().map2(old -> counterpart));
    }

    private void problem(int number, String got, String expected) {
      problems =
          problems.append(
              Problem.of(
                  "counterpart",
                  got + " in " + file + ", line " + number,
                  expected,
                  "NAME: what the system calls it, and below it, indented, differs: …, wrong: …"));
    }

    private static String quoted(String line) {
      return "\"" + line + "\"";
    }
  }
}
