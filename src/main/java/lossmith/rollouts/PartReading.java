package lossmith.rollouts;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.Serializable;
import java.nio.file.Path;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.PartRows;

/**
 * How the parts of rollouts are read that were spread over machines: the same for all parts, and
 * sent to every machine.
 */
public final class PartReading implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Seq<String> files;
  private final Seq<Integer> firstRows;
  private final Seq<String> names;
  private final Map<String, String> columns;
  private final Seq<String> leftOut;
  private final Map<String, Level.Name> wanted;
  private final Map<String, String> grids;
  private boolean withoutSigns;

  /**
   * How parts are read.
   *
   * @param files the files whose rows are spread
   * @param firstRows how many rows lie before those of each file
   * @param names the columns of the files, in their order; a field of an object is {@code a.b}
   * @param reading how the files are read
   */
  public PartReading(Seq<Path> files, Seq<Integer> firstRows, Seq<String> names, Reading reading) {
    this.files = files.map(Path::toString);
    this.firstRows = firstRows;
    this.names = names;
    this.columns = reading.columns();
    this.leftOut = reading.leftOut();
    this.wanted = reading.wanted().toLinkedMap(Node.Input::name, Node.Input::level);
    this.grids = reading.grids().mapValues(path -> path.toAbsolutePath().toString());
  }

  /**
   * {@return the column of the files that has the prompt's id, if they have one}
   *
   * @param files the files
   * @param names their columns
   * @param reading how they are read
   * @throws lossmith.dsl.ProblemException where names are not right
   */
  public static Option<String> promptColumn(Seq<Path> files, Seq<String> names, Reading reading) {
    return FileColumns.named(files, names, reading)
        .get(ColumnNames.PROMPT_ID)
        .map(CellColumn::name);
  }

  /** {@return the same, without the column of signs} */
  PartReading withoutSigns() {
    PartReading other = new PartReading(files.map(Path::of), firstRows, names, reading());
    other.withoutSigns = true;
    return other;
  }

  boolean isWithoutSigns() {
    return withoutSigns;
  }

  PartRows rows() {
    return new PartRows(
        names, files.zipWith(firstRows, (file, first) -> Tuple.of(Path.of(file), first)));
  }

  /** What to call the files where one is meant. */
  Path file() {
    return Path.of(files.head());
  }

  Reading reading() {
    return new Reading(
        columns,
        leftOut,
        wanted.toList().map(one -> (Node.Input) Nodes.given(one._1, one._2)),
        LinkedHashMap.ofEntries(grids.map(one -> Tuple.of(one._1, Path.of(one._2)))),
        false);
  }
}
