package lossmith.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lossmith.console.Output;
import lossmith.dsl.Columns;
import lossmith.lab.policy.Texts;
import lossmith.lab.sink.ParquetFile;
import lossmith.lab.task.Alphabet;

/**
 * A batch as rollouts that every command reads, a line of JSON for each response: what it was drawn
 * with, and what the policy that it was updated to thinks of it.
 */
final class BatchFile {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String NUMBERS = "DOUBLE[]";

  private final Batch batch;
  private final Alphabet symbols;
  private final long step;
  private final Map<String, double[]> columns = new LinkedHashMap<>();
  private final Map<String, double[]> ofResponses = new LinkedHashMap<>();

  /**
   * A batch with the numbers that it was drawn with.
   *
   * @param batch the responses
   * @param symbols what their tokens are as text
   * @param step in which they were drawn
   */
  BatchFile(Batch batch, Alphabet symbols, long step) {
    this.batch = batch;
    this.symbols = symbols;
    this.step = step;
  }

  /** Takes a number for each token of the batch, unless one is none: a policy may be lost. */
  void put(String column, double[] numbers) {
    if (Arrays.stream(numbers).allMatch(Double::isFinite)) {
      double[] unused = columns.put(column, numbers);
    }
  }

  /**
   * Takes a number for each response of the batch, on the same condition; lines of JSON have it.
   */
  void putOfResponses(String column, double[] numbers) {
    if (Arrays.stream(numbers).allMatch(Double::isFinite)) {
      double[] unused = ofResponses.put(column, numbers);
    }
  }

  /** Writes the file, as a whole or not at all. */
  void write(Path file) throws IOException {
    Output.write(
        file,
        temporary -> {
          try (BufferedWriter out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
            int from = 0;
            for (int row = 0; row < batch.drawn().size(); row++) {
              out.write(MAPPER.writeValueAsString(row(row, from)) + "\n");
              from += batch.drawn().get(row).text().length();
            }
          }
        });
  }

  /** Writes what is known of tokens as Parquet, as a whole or not at all. */
  void writeTable(Path file) throws IOException {
    writeTable(file, ParquetFile::copy);
  }

  /** Writes a row for each token, as a whole or not at all. */
  void writeTokens(Path file) throws IOException {
    writeTable(file, ParquetFile::spread);
  }

  /** Writes lines of JSON as Parquet, in one form or another. */
  private interface Form {
    void write(Path lines, io.vavr.collection.Map<String, String> types, Path file)
        throws IOException;
  }

  private void writeTable(Path file, Form form) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path lines = Files.createTempFile("lossmith-rollouts", ".jsonl");
    try {
      write(lines);
      form.write(lines, types(), file);
    } finally {
      Files.delete(lines);
    }
  }

  private io.vavr.collection.Map<String, String> types() {
    return io.vavr.collection.LinkedHashMap.of("step", "BIGINT", "prompt_id", "BIGINT")
        .put("prompt", "VARCHAR")
        .put("response", "VARCHAR")
        .put("tokens", "INTEGER[]")
        .put("token_text", "VARCHAR[]")
        .put(Columns.REWARD, "DOUBLE")
        .put(Columns.FINISHED, "INTEGER")
        .put(Columns.OLD_LOG_PROB, NUMBERS)
        .merge(
            io.vavr.collection.LinkedHashMap.ofEntries(
                columns.keySet().stream().map(name -> io.vavr.Tuple.of(name, NUMBERS)).toList()));
  }

  private Map<String, Object> row(int row, int from) {
    Texts.Text text = batch.drawn().get(row).text();
    int[] ids = text.response();
    List<String> texts = Arrays.stream(ids).mapToObj(symbols.texts()::get).toList();
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("step", step);
    cells.put("prompt_id", (step - 1) * batch.groups() + row / batch.group());
    cells.put("prompt", batch.prompts().get(row));
    cells.put("response", String.join("", texts));
    cells.put("tokens", ids);
    cells.put("token_text", texts);
    cells.put(Columns.REWARD, batch.rewards().get(row));
    cells.put(Columns.FINISHED, batch.drawn().get(row).finished() ? 1 : 0);
    cells.put(Columns.OLD_LOG_PROB, batch.drawn().get(row).logProbs());
    ofResponses.forEach((name, all) -> cells.put(name, all[row]));
    columns.forEach(
        (name, all) -> cells.put(name, Arrays.copyOfRange(all, from, from + ids.length)));
    return cells;
  }
}
