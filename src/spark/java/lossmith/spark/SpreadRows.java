package lossmith.spark;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Problem;
import lossmith.rollouts.PartReading;
import lossmith.rollouts.Reading;
import lossmith.rollouts.table.PartRows;
import lossmith.rollouts.table.RowForm;

/**
 * Rows of files that were spread over parts of whole prompts.
 *
 * @param parts the files of the parts
 * @param reading how they are read
 */
record SpreadRows(Seq<Path> parts, PartReading reading) {
  /** About so many bytes of the files are a task. */
  static final long SLICE = 32L << 20;

  /**
   * Spreads the rows of files.
   *
   * @param cluster who does it
   * @param files of one format
   * @param reading what their columns are called
   * @param staging where the parts go
   */
  static SpreadRows of(Cluster cluster, Seq<Path> files, Reading reading, Staging staging) {
    for (Path file : files) {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw problem(
                file + ", which " + (Files.exists(file) ? "cannot be read" : "does not exist"),
                "a file of rollouts that all machines of the cluster see under this path")
            .exception();
      }
    }
    Seq<Path> whole = files.map(Path::toAbsolutePath);
    try {
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      int count = (int) Math.max(2L * cluster.context().defaultParallelism(), bytes / SLICE + 1);
      if (files.forAll(
          file -> file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".parquet"))) {
        return new ParquetSpread(cluster, files, whole, reading, staging, count).spread();
      }
      Option<RowForm> form = RowForm.of(files);
      if (form.isEmpty()) {
        throw problem(
                files.mkString(", ") + " for --engine spark",
                "files of one format: JSONL (or JSON), CSV or Parquet")
            .exception();
      }
      return new TextSpread(cluster, form.get(), files, whole, reading, staging, count).spread();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Problem problem(String wrote, String expected) {
    return Problem.of("file", wrote, expected, "the path of such a file");
  }

  static Problem taken(Seq<Path> files) {
    return problem(
        files.mkString(", ") + " with a column " + PartRows.NUMBER,
        "files without it, where they are spread over machines");
  }

  static Seq<Path> parts(Path folder) {
    return List.ofAll(Staging.partsIn(folder))
        .filter(
            file -> {
              try {
                return Files.size(file) > 0;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }
}
