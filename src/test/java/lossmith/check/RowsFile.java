package lossmith.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lossmith.pieces.Watch;
import lossmith.rollouts.NpyFile;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.RowTexts;
import lossmith.vocabulary.Vocabulary;

/** Rows that are written to a file, read back and checked. */
final class RowsFile {
  private final List<ObjectNode> rows = new ArrayList<>();

  /** Adds a row. */
  RowsFile row(Object id, Object... fields) {
    ObjectNode row = new ObjectMapper().createObjectNode().putPOJO("prompt_id", id);
    for (int i = 0; i < fields.length; i += 2) {
      row.putPOJO(String.valueOf(fields[i]), fields[i + 1]);
    }
    rows.add(row);
    return this;
  }

  /** Adds a field to every row or to one. */
  RowsFile put(int row, String name, Object value) {
    rows.get(row).putPOJO(name, value);
    return this;
  }

  Path write(Path folder) {
    StringBuilder text = new StringBuilder();
    try {
      for (ObjectNode row : rows) {
        // Jackson writes NaN and infinities in quotes; Python does not.
        String line = new ObjectMapper().writeValueAsString(row);
        text.append(line.replaceAll("\"(NaN|-?Infinity)\"", "$1")).append('\n');
      }
      return Files.writeString(folder.resolve("rollouts.jsonl"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Recorded read(Path folder) {
    Path file = write(folder);
    Rollouts rollouts =
        RolloutFile.readAsWritten(
            Vector.of(file), Reading.plain(), RowTexts.names(Reading.plain()), Watch.NONE);
    return new Recorded(rollouts, RowTexts.of(rollouts, Reading.plain(), Vocabulary.unknown()));
  }

  /** {@return the rollouts with logits, one row for each token of the policy} */
  Recorded read(Path folder, double[][] logits) {
    try {
      Path grid = Files.write(folder.resolve("logits.npy"), NpyFile.doubles(logits));
      Rollouts with =
          RolloutFile.readAsWritten(
              Vector.of(write(folder)),
              Reading.plain().logits(Option.some(grid)),
              Vector.empty(),
              Watch.NONE);
      return new Recorded(with, RowTexts.none());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return all findings of a code in what was written} */
  static Seq<RolloutFinding> named(Seq<RolloutFinding> findings, String code) {
    return findings.filter(finding -> finding.code().equals(code));
  }

  /** {@return the codes of findings that are no notes} */
  static List<String> alarms(Seq<RolloutFinding> findings) {
    return findings
        .filter(finding -> finding.severity() != Severity.NOTE)
        .map(RolloutFinding::code)
        .asJava();
  }

  static double[] copies(int count, double of) {
    double[] all = new double[count];
    Arrays.fill(all, of);
    return all;
  }
}
