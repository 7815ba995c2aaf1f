package lossmith.cli.table;

import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * In what form a command prints what it found, and where else it goes.
 *
 * <p>In another form than a table standard output has what was found and nothing else; what is said
 * beside it goes to standard error.
 */
public final class FormatOptions {
  @picocli.CommandLine.Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "table",
      converter = TableFormat.Reader.class,
      description =
          "what is printed: table, csv, json or markdown. CSV and Markdown have the rows, JSON all"
              + " that was found; the rest is then said on standard error (default:"
              + " ${DEFAULT-VALUE})")
  private TableFormat format = TableFormat.TABLE;

  @picocli.CommandLine.Option(
      names = "--json",
      paramLabel = "FILE",
      description = "writes what --format json prints to a file")
  private @Nullable Path json;

  /** {@return the file that is written, if any} */
  public Option<Path> file() {
    return Option.of(json);
  }

  /** {@return where sentences beside the rows go} */
  public PrintWriter said(CommandLine command) {
    return format == TableFormat.TABLE ? command.getOut() : command.getErr();
  }

  /**
   * Writes the file, and prints what was found.
   *
   * @param found the rows and all around them, which are not made where nobody wants them
   * @param table prints the same as a table
   */
  public void print(CommandLine command, Supplier<FoundRows> found, Runnable table)
      throws IOException {
    for (Path path : file()) {
      found.get().write(path);
    }
    PrintWriter out = command.getOut();
    switch (format) {
      case TABLE -> table.run();
      case CSV -> out.print(found.get().csv());
      case JSON -> out.print(found.get().json());
      case MARKDOWN -> out.print(found.get().markdown());
    }
    out.flush();
  }
}
