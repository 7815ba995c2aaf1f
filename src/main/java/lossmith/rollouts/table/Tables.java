package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JacksonException;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import lossmith.dsl.Problem;
import lossmith.pieces.Watch;
import lossmith.storage.Database;
import lossmith.storage.MemoryBudget;

/** Reads files of rows by their endings. */
public final class Tables {
  private static final int MESSAGE = 200;

  private Tables() {}

  /**
   * {@return the columns of a file that are asked for}
   *
   * @param file as for {@link #read(Seq, Predicate, MemoryBudget, Watch)}
   * @param asked which columns
   */
  public static Table read(Path file, Predicate<String> asked) {
    return read(List.of(file), asked, new MemoryBudget(MemoryBudget.usual()), Watch.NONE);
  }

  /**
   * {@return the columns of files that are asked for, the rows of one after those of the other}
   *
   * @param files JSONL, JSON, CSV (also packed, .gz or .zst), Parquet or Arrow; exactly these
   *     paths, whatever is in their names
   * @param asked which columns; it is asked for {@code a.b} where b is a field of an object in a,
   *     and for {@code a.} whether it wants any such
   * @param budget what may be in memory of their numbers
   * @param watch is told how many rows were read
   * @throws lossmith.dsl.ProblemException with the line and the reason, where a file is not what
   *     its ending says
   */
  public static Table read(
      Seq<Path> files, Predicate<String> asked, MemoryBudget budget, Watch watch) {
    Wanted wanted = new Wanted(asked, budget, watch);
    RowOrigins sources = RowOrigins.NONE;
    int rows = 0;
    for (Path file : files) {
      sources = sources.then(file, rows);
      rows = rows(file, wanted, rows);
    }
    return wanted.table(rows, sources);
  }

  /**
   * {@return the columns of a part of files that are asked for; it has a column {@value
   * PartRows#NUMBER} that says which of all rows each is}
   *
   * @param part the part, as for {@link #read(Seq, Predicate, MemoryBudget, Watch)}
   * @param rows what is known of all parts
   * @param asked which columns
   * @param budget what may be in memory of their numbers
   */
  public static Table readPart(
      Path part, PartRows rows, Predicate<String> asked, MemoryBudget budget) {
    Wanted wanted =
        new Wanted(name -> name.equals(PartRows.NUMBER) || asked.test(name), budget, Watch.NONE);
    rows.names().forEach(wanted::knows);
    int count = rows(part, wanted, 0);
    Table all = wanted.table(count, RowOrigins.NONE);
    CellColumn numbers =
        all.column(PartRows.NUMBER)
            .getOrElseThrow(() -> unreadable(part, "a part without the numbers of its rows"));
    int[] own = IntStream.range(0, count).map(row -> (int) Numbers.of(numbers.text(row))).toArray();
    RowOrigins origins = new RowOrigins(rows.files(), Option.some(own));
    Seq<CellColumn> others = all.columns().remove(numbers);
    others.forEach(column -> column.from(origins));
    return new Table(count, others, all.leftOut(), Option.some(own));
  }

  /**
   * {@return a table without rows}
   *
   * @param names of its columns
   * @param asked which of them are asked for
   */
  public static Table named(Seq<String> names, Predicate<String> asked) {
    Wanted wanted = new Wanted(asked, new MemoryBudget(0), Watch.NONE);
    names.forEach(wanted::knows);
    return wanted.table(0, RowOrigins.NONE);
  }

  /**
   * Begins to load what files are read with, which goes on beside what follows.
   *
   * @param files the paths of those that will be read, as text
   */
  public static void prepare(Seq<String> files) {
    if (files.exists(Tables::isParquet)) {
      Database.startBeside();
    }
  }

  private static boolean isParquet(String file) {
    return file.toLowerCase(Locale.ROOT).endsWith(".parquet");
  }

  private static int rows(Path file, Wanted wanted, int first) {
    check(file);
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    String plain = name.replaceFirst("\\.(gz|zst)$", "");
    try {
      if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson") || plain.endsWith(".json")) {
        return JsonTable.read(file, wanted, first);
      }
      if (plain.endsWith(".csv")) {
        return CsvTable.read(file, wanted, first);
      }
      if (isParquet(file.toString())) {
        return ParquetTable.read(file, wanted, first);
      }
      if (name.matches(".*\\.(arrow|feather|ipc)")) {
        return ArrowTable.read(file, wanted, first);
      }
    } catch (JacksonException e) {
      throw unreadable(file, where(e) + MalformedFile.reason(e));
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
    throw problem(
            file + ", whose ending says nothing",
            ".jsonl, .ndjson, .json or .csv, also packed as .gz or .zst, .parquet, .arrow or"
                + " .feather",
            "a name with such an ending")
        .exception();
  }

  private static String where(JacksonException e) {
    return Option.of(e.getLocation())
        .map(at -> "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ")
        .getOrElse("");
  }

  private static void check(Path file) {
    try {
      if (!Files.exists(file)) {
        throw problem(file + ", which does not exist", "a rollout file", "the path of one")
            .exception();
      }
      if (Files.isDirectory(file)) {
        throw problem(file + ", a directory", "a rollout file", "the path of a file in it")
            .exception();
      }
      if (!Files.isReadable(file)) {
        throw problem(
                file + ", which may not be read",
                "a rollout file",
                "a file you have the right to read")
            .exception();
      }
      if (Files.size(file) == 0) {
        throw problem(file + ", an empty file", "at least one response", "a file with rollouts")
            .exception();
      }
    } catch (IOException e) {
      throw problem(file + ": " + e.getMessage(), "a rollout file", "the path of one").exception();
    }
  }

  private static RuntimeException unreadable(Path file, String reason) {
    String line = reason.lines().findFirst().orElse("");
    String shown = line.length() > MESSAGE ? line.substring(0, MESSAGE) + "…" : line;
    return problem(
            file + ", which is cut off or not what its name says (" + shown + ")",
            "a whole, valid file",
            "such a file")
        .exception();
  }

  private static Problem problem(String wrote, String expected, String remedy) {
    return Problem.of("file", wrote, expected, remedy);
  }
}
