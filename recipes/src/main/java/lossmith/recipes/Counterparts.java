package lossmith.recipes;

import io.vavr.Lazy;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
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
  private static final EntryFormat FORMAT =
      new EntryFormat("counterpart", List.of("differs", "wrong"), List.empty());
  private static final Seq<String> HEADER = List.of("system", "repository", "commit");

  private static final Lazy<Map<String, Seq<Counterpart>>> ALL =
      Lazy.of(
          () ->
              EntryFormat.index("counterparts")
                  .flatMap(file -> read(file, EntryFormat.lines("counterparts/" + file)))
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
    EntryFormat.Read read = FORMAT.read(file, lines);
    Seq<EntryFormat.Entry> header = read.entries().take(HEADER.size());
    Seq<EntryFormat.Entry> entries = read.entries().drop(HEADER.size());
    Problem.throwAll(
        header
            .zip(HEADER)
            .reject(line -> line._1.name().equals(line._2))
            .map(line -> problem(file, line._1, "", line._2 + ": …"))
            .appendAll(
                HEADER
                    .drop(header.size())
                    .take(1)
                    .map(key -> FORMAT.problem(file, lines.size(), "the end", key + ": …")))
            .appendAll(
                header
                    .flatMap(EntryFormat.Entry::fields)
                    .map(
                        field ->
                            FORMAT.problem(
                                file,
                                field.line(),
                                "\"  " + field.name() + ": " + field.text() + "\"",
                                "an entry above it")))
            .appendAll(read.problems())
            .appendAll(
                entries
                    .removeAll(entries.distinctBy(e -> Tuple.of(e.name(), e.text())))
                    .map(entry -> problem(file, entry, " twice", "an entry once"))));
    Seq<String> facts = header.map(EntryFormat.Entry::text);
    Counterpart.Project system = new Counterpart.Project(facts.get(0), facts.get(1), facts.get(2));
    return entries.map(
        e ->
            Tuple.of(
                e.name(), new Counterpart(system, e.text(), e.first("differs"), e.first("wrong"))));
  }

  private static Problem problem(
      String file, EntryFormat.Entry entry, String how, String expected) {
    String written = "\"" + entry.name() + ": " + entry.text() + "\"";
    return FORMAT.problem(file, entry.line(), written + how, expected);
  }
}
