package lossmith.spark;

import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Objects;
import lossmith.dsl.Problem;
import lossmith.rollouts.PartReading;
import lossmith.rollouts.Reading;
import lossmith.rollouts.table.PartRows;
import lossmith.rollouts.table.RowForm;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Rows of text files. They are counted first, which finds the names of the columns and rows that
 * are none; then each goes, with its number, to the part of its prompt.
 *
 * @param cluster who does it
 * @param form what rows are
 * @param files what the files are called
 * @param whole where they are
 * @param reading what their columns are called
 * @param staging where the parts go
 * @param count how many parts there are, at most
 */
record TextSpread(
    Cluster cluster,
    RowForm form,
    Seq<Path> files,
    Seq<Path> whole,
    Reading reading,
    Staging staging,
    int count) {

  /** What is found in a slice: how many rows, what names they have, and why the next is no row. */
  private record Counted(int rows, LinkedHashSet<String> names, Option<String> fault)
      implements Serializable {}

  /** Where a row goes: rows of a part are in the order of their numbers. */
  private record Place(int part, int row) implements Serializable, Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return Integer.compare(row, other.row);
    }
  }

  /** Sends rows to their parts. */
  private static final class Parts extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int count;

    Parts(int count) {
      this.count = count;
    }

    @Override
    public int numPartitions() {
      return count;
    }

    @Override
    public int getPartition(Object place) {
      return ((Place) place).part();
    }
  }

  SpreadRows spread() throws IOException {
    List<Slice> slices = List.empty();
    for (Path file : whole) {
      slices = slices.appendAll(Slice.of(file, form));
    }
    Counted[] counted = new Counted[slices.size()];
    RowForm rowForm = form;
    cluster.run(slices, slice -> counted(slice, rowForm), (i, one) -> counted[i] = one);
    int[] first = new int[counted.length + 1];
    LinkedHashSet<String> names = LinkedHashSet.empty();
    for (int i = 0; i < counted.length; i++) {
      first[i + 1] = Math.addExact(first[i], counted[i].rows());
      names = names.addAll(counted[i].names());
    }
    List<Slice> all = slices;
    Seq<Integer> firstRows =
        whole
            .map(file -> first[all.indexWhere(slice -> slice.file().equals(file.toString()))])
            .toList();
    for (int i = 0; i < counted.length; i++) {
      if (counted[i].fault().isDefined()) {
        throw broken(slices.get(i), first[i + 1], firstRows, counted[i].fault().get()).exception();
      }
    }
    if (names.contains(PartRows.NUMBER)) {
      throw SpreadRows.taken(files).exception();
    }
    String prompt = PartReading.promptColumn(files, names.toList(), reading).getOrElse("");
    write(slices, first, prompt);
    return new SpreadRows(
        SpreadRows.parts(staging.parts()),
        new PartReading(files, firstRows, names.toList(), reading));
  }

  private Problem broken(Slice slice, int row, Seq<Integer> firstRows, String reason) {
    int file = whole.indexWhere(one -> one.toString().equals(slice.file()));
    return Problem.of(
        "file",
        files.get(file)
            + ", which is cut off or not what its name says (row "
            + (row - firstRows.get(file) + 1)
            + ": "
            + reason
            + ")",
        form.byLine(whole.get(file))
            ? "a whole, valid file with a row in each line"
            : "a whole, valid file",
        "such a file");
  }

  private static Counted counted(Slice slice, RowForm form) throws IOException {
    LinkedHashSet<String> names = LinkedHashSet.empty();
    int rows = 0;
    try (Slice.Rows texts = slice.open(form)) {
      while (texts.hasNext()) {
        names = names.addAll(form.names(texts.next()));
        rows++;
      }
    } catch (UncheckedIOException e) {
      return new Counted(
          rows, names, Option.some(RowForm.reason(Objects.requireNonNull(e.getCause()))));
    } catch (IOException e) {
      return new Counted(rows, names, Option.some(RowForm.reason(e)));
    }
    return new Counted(rows, names, Option.none());
  }

  private void write(List<Slice> slices, int[] first, String prompt) throws IOException {
    Path unused = Files.createDirectories(staging.parts());
    String folder = staging.parts().toString();
    RowForm rowForm = form;
    int parts = count;
    JavaRDD<Slice> spread = cluster.context().parallelize(slices.asJava(), slices.size());
    try {
      spread
          .mapPartitionsWithIndex(
              (i, own) -> numbered(own.next(), rowForm, first[i], prompt, parts), false)
          .mapToPair(row -> new scala.Tuple2<>(row._1, row._2))
          .repartitionAndSortWithinPartitions(new Parts(parts))
          .foreachPartition(rows -> writePart(rows, Path.of(folder), rowForm));
    } catch (Exception e) {
      throw Cluster.failed(e);
    }
  }

  private static Iterator<Tuple2<Place, String>> numbered(
      Slice slice, RowForm form, int first, String prompt, int parts) throws IOException {
    Slice.Rows texts = slice.open(form);
    TaskContext unused =
        TaskContext.get()
            .addTaskCompletionListener((TaskCompletionListener) context -> texts.close());
    return new Iterator<>() {
      private int row = first;

      @Override
      public boolean hasNext() {
        return texts.hasNext();
      }

      @Override
      public Tuple2<Place, String> next() {
        String text = texts.next();
        try {
          int key = prompt.isEmpty() ? row : spread(form.text(text, prompt));
          Place place = new Place(Math.floorMod(key, parts), row);
          return new Tuple2<>(place, form.numbered(text, row++));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** A number for a text: those of similar ids are far apart. */
  private static int spread(String id) {
    int mixed = id.hashCode() * 0x9E3779B9;
    return mixed ^ (mixed >>> 15);
  }

  /** A task that is done twice writes one file twice: the same rows, put in place as a whole. */
  private static void writePart(
      Iterator<scala.Tuple2<Place, String>> rows, Path folder, RowForm form) throws IOException {
    if (!rows.hasNext()) {
      return;
    }
    TaskContext task = TaskContext.get();
    String name = String.format(java.util.Locale.ROOT, "part-%05d", task.partitionId());
    Path temporary = folder.resolve("." + name + "-" + task.taskAttemptId());
    try (BufferedWriter to = Files.newBufferedWriter(temporary)) {
      if (!form.head().isEmpty()) {
        to.write(form.head());
        to.write('\n');
      }
      while (rows.hasNext()) {
        to.write(rows.next()._2);
        to.write('\n');
      }
    }
    Path unused =
        Files.move(
            temporary,
            folder.resolve(name + form.ending()),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
  }
}
