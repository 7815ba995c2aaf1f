package lossmith.rollouts;

import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.storage.MemoryBudget;

/**
 * Reads a part of rollouts that were spread over machines, by the rules of {@link RolloutFile}. A
 * part is a file with some rows, in their order, of whole prompts; each row has its number.
 */
public final class RolloutPart {
  private RolloutPart() {}

  /**
   * {@return what the rows of a part say, and what is wrong with them}
   *
   * @param part the file
   * @param reading how parts are read
   * @param budget what may be in memory of its numbers
   */
  public static PartFacts facts(Path part, PartReading reading, MemoryBudget budget) {
    try {
      FileColumns columns = FileColumns.readPart(part, reading.rows(), reading.reading(), budget);
      ResponseRows rows = ResponseRows.of(reading.file(), columns);
      int[] numbers = IntStream.range(0, columns.rows()).map(columns::number).toArray();
      Responses responses = Responses.part(rows, IntStream.range(0, numbers.length).toArray());
      RowColumns values = new RowColumns(columns, responses, false);
      int[] existing = RolloutFile.verified(columns, responses, values);
      return new PartFacts(
          numbers,
          rows.lengths(),
          existing,
          firstRows(rows.groups(), numbers),
          UnscoredRows.of(columns, responses.rows())
              .map(UnscoredRows::marks)
              .getOrElse(new boolean[0]),
          SignPairs.of(columns, responses.rows()).getOrElse(new double[0]),
          rows.measure(),
          rows.ids(),
          ofBatch(columns),
          columns.notes(),
          rows.problems().appendAll(values.problems()));
    } catch (ProblemException e) {
      int[] none = new int[0];
      return new PartFacts(
          none,
          none,
          none,
          none,
          new boolean[0],
          new double[0],
          "",
          Option.none(),
          LinkedHashMap.empty(),
          List.empty(),
          List.ofAll(e.problems()));
    }
  }

  private static int[] firstRows(int[] groups, int[] numbers) {
    HashMap<Integer, Integer> first = new HashMap<>();
    return IntStream.range(0, groups.length)
        .map(row -> first.computeIfAbsent(groups[row], group -> numbers[row]))
        .toArray();
  }

  private static Map<String, Double> ofBatch(FileColumns columns) {
    Map<String, Double> numbers = LinkedHashMap.empty();
    for (Tuple2<String, Level.Name> column : columns.levels()) {
      if (column._2 == Level.Name.BATCH && columns.rows() > 0) {
        numbers = numbers.put(column._1, Scalars.number(columns.get(column._1).get(), 0));
      }
    }
    return numbers;
  }

  /**
   * {@return the rollouts of a part}
   *
   * @param part the file
   * @param reading how parts are read
   * @param placement where its responses are in the batch
   * @param budget what may be in memory of its numbers
   */
  public static Rollouts read(
      Path part, PartReading reading, Placement placement, MemoryBudget budget) {
    FileColumns columns = FileColumns.readPart(part, reading.rows(), reading.reading(), budget);
    if (reading.isWithoutSigns()) {
      columns.leaveOut(Columns.SIGN, "");
    }
    ResponseRows rows = ResponseRows.of(reading.file(), columns);
    int[] kept = kept(columns, placement);
    if (kept.length != placement.numbers().length) {
      throw Problem.of(
              "part",
              part + " with other rows than it had",
              "files that stay as they are while they are scored",
              "the command again")
          .exception();
    }
    Responses responses = Responses.part(rows, kept);
    return new Rollouts(
        new RolloutPieces(
            columns,
            responses,
            new RowColumns(columns, responses, false),
            reading.reading().grids().mapValues(Npy::read),
            placement),
        budget,
        Option.none(),
        Option.none(),
        List.empty(),
        LinkedHashMap.empty());
  }

  /** The rows of the part that are read. */
  private static int[] kept(FileColumns columns, Placement placement) {
    int[] wanted = placement.numbers();
    return IntStream.range(0, columns.rows())
        .filter(row -> Arrays.binarySearch(wanted, columns.number(row)) >= 0)
        .toArray();
  }
}
