package lossmith.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.rollouts.PartReading;
import lossmith.rollouts.Reading;
import lossmith.rollouts.table.PartRows;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of Parquet files, spread by Spark's own reader and writer.
 *
 * @param cluster who does it
 * @param files what the files are called
 * @param whole where they are
 * @param reading what their columns are called
 * @param staging where the parts go
 * @param count how many parts there are, at most
 */
record ParquetSpread(
    Cluster cluster,
    Seq<Path> files,
    Seq<Path> whole,
    Reading reading,
    Staging staging,
    int count) {
  SpreadRows spread() {
    try {
      Seq<Dataset<Row>> tables = whole.map(this::table);
      Seq<String> names = tables.flatMap(table -> names("", table.schema())).distinct();
      if (names.contains(PartRows.NUMBER)) {
        throw SpreadRows.taken(files).exception();
      }
      Option<String> prompt = PartReading.promptColumn(files, names, reading);
      List<Integer> firstRows = List.empty();
      int rows = 0;
      Option<Dataset<Row>> all = Option.none();
      for (Dataset<Row> table : tables) {
        Dataset<Row> numbered =
            table.withColumn(
                PartRows.NUMBER, col("_metadata.row_index").plus(lit((long) rows)).cast("int"));
        firstRows = firstRows.append(rows);
        rows = Math.toIntExact(rows + table.count());
        all = Option.some(all.map(one -> one.unionByName(numbered, true)).getOrElse(numbered));
      }
      Column key = col(prompt.map(ParquetSpread::quoted).getOrElse(PartRows.NUMBER)).cast("string");
      all.get()
          .repartition(count, key)
          .sortWithinPartitions(PartRows.NUMBER)
          .write()
          .parquet(uri(staging.parts()));
      return new SpreadRows(
          SpreadRows.parts(staging.parts()),
          new PartReading(files, firstRows, names.toList(), reading));
    } catch (Exception e) {
      throw Cluster.failed(e);
    }
  }

  private Dataset<Row> table(Path file) {
    return cluster.session().read().parquet(uri(file));
  }

  /** A path is a path: what would be a pattern is none. */
  private static String uri(Path file) {
    return "file:" + file.toString().replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
  }

  private static Seq<String> names(String prefix, StructType type) {
    return List.of(type.fields())
        .flatMap(
            field ->
                field.dataType() instanceof StructType inner
                    ? names(prefix + field.name() + ".", inner).prepend(prefix + field.name())
                    : List.of(prefix + field.name()));
  }

  private static String quoted(String path) {
    return '`' + path.replace("`", "``").replace(".", "`.`") + '`';
  }
}
