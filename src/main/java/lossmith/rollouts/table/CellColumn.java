package lossmith.rollouts.table;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lossmith.storage.MemoryBudget;
import lossmith.storage.NumberStore;

/**
 * One column of a file as it was read: what each row holds, its numbers without boxes. A list keeps
 * the place of entries that are no numbers: {@link #NO_ENTRY} where the file has nothing, {@link
 * #NO_NUMBER} where it has something else.
 */
public final class CellColumn {
  /** What a row holds. */
  public enum Kind {
    /** Nothing: the row has no such field, or null. */
    NOTHING,
    /** One number. */
    NUMBER,
    /** Text. */
    TEXT,
    /** True or false, as the number 1 or 0. */
    TRUTH,
    /** A list. */
    LIST,
    /** An object with fields. */
    OBJECT;

    private static final Kind[] ALL = values();

    /** Its place among all kinds, in the memory of one process. */
    @SuppressWarnings("EnumOrdinal")
    private byte place() {
      return (byte) ordinal();
    }
  }

  /** A list's entry of which the file says nothing: a NaN with a mark of its own. */
  public static final double NO_ENTRY = Double.longBitsToDouble(0x7ff8_0000_0000_0001L);

  /** A list's entry that is no number: a NaN with a mark of its own. */
  public static final double NO_NUMBER = Double.longBitsToDouble(0x7ff8_0000_0000_0002L);

  private static final byte NOTHING = Kind.NOTHING.place();

  private final String name;
  private final NumberStore numbers;

  /** The place of each row's kind among all kinds: a byte for each of millions of rows. */
  private byte[] kinds = new byte[64];

  private RowPlaces places = new RowPlaces();
  private final RowWords texts;
  private int rows;
  private final Map<String, Integer> words = new LinkedHashMap<>();
  private final List<String> wordList = new ArrayList<>();
  private int[] wordOf = {};
  private RowOrigins sources = RowOrigins.NONE;
  private int[] hidden = {};
  private boolean nested;
  private boolean objects;
  private Option<Integer> twice = Option.none();
  private boolean ignored;

  /**
   * An empty column.
   *
   * @param name its name in the file
   * @param budget what of its numbers may be in memory
   */
  public CellColumn(String name, MemoryBudget budget) {
    this.name = name;
    this.numbers = new NumberStore(budget);
    this.texts = new RowWords(budget);
  }

  void from(RowOrigins files) {
    this.sources = files;
  }

  /** {@return where a row is, counted from 1, and in which file if there are several} */
  public String place(int row) {
    return sources.place(row);
  }

  /** {@return the files without anything in this column, if there are several files} */
  public Seq<Path> lacking(int allRows) {
    return sources.without(row -> kind(row) == Kind.NOTHING, allRows);
  }

  /** {@return its name in the file} */
  public String name() {
    return name;
  }

  /** {@return how many rows were read up to the last one that holds something} */
  public int rows() {
    return rows;
  }

  /** {@return what a row holds} */
  public Kind kind(int row) {
    return row < rows ? Kind.ALL[kinds[row]] : Kind.NOTHING;
  }

  /** {@return how many entries the list in a row has; 1 for a number, 0 for what is neither} */
  public int length(int row) {
    return row < rows ? (int) (places.start(row + 1) - first(row)) : 0;
  }

  /** Where the entries of a row begin that are read. */
  private long first(int row) {
    return places.start(row) + (row < hidden.length ? hidden[row] : 0);
  }

  /** Leaves out the first entries of the list in each row, so many of each. */
  public void hideFirst(int[] entries) {
    hidden = entries;
  }

  /** {@return an entry of the list in a row, or its number} */
  public double number(int row, int entry) {
    return numbers.get(first(row) + entry);
  }

  /** Copies the entries of the list in a row to a place in an array. */
  public void copy(int row, double[] to, int at) {
    numbers.copy(first(row), to, at, length(row));
  }

  /** {@return how a scalar was written; empty for lists and objects} */
  public String text(int row) {
    return row < rows ? texts.get(row) : "";
  }

  /** {@return an entry that is text of the list in a row; empty for one that is none} */
  public String text(int row, int entry) {
    long at = first(row) + entry;
    return at < wordOf.length && wordOf[(int) at] > 0 ? wordList.get(wordOf[(int) at] - 1) : "";
  }

  /** {@return whether lists lay in lists, as those of turns do; they are read as one list} */
  public boolean nested() {
    return nested;
  }

  /** {@return the first row that has the field twice} */
  public Option<Integer> twice() {
    return twice;
  }

  void scalar(int row, Kind kind, double number, String text) {
    open(row, kind, text);
    add(number);
    close();
  }

  void text(int row, String text) {
    open(row, Kind.TEXT, text);
    close();
  }

  void nothing(int row) {
    open(row, Kind.NOTHING, "");
    close();
  }

  void object(int row, String fields) {
    open(row, Kind.OBJECT, fields);
    close();
  }

  void open(int row, Kind kind) {
    open(row, kind, "");
  }

  private void open(int row, Kind kind, String text) {
    if (row < rows) {
      twice = twice.orElse(Option.some(row));
      ignored = true;
      return;
    }
    if (row >= kinds.length) {
      kinds = Arrays.copyOf(kinds, Math.max(row + 1, row + row / 2));
    }
    for (; rows < row; rows++) {
      kinds[rows] = NOTHING;
      places.end(rows, numbers.size());
    }
    rows = row + 1;
    kinds[row] = kind.place();
    texts.put(row, text);
  }

  void add(double number) {
    if (!ignored) {
      numbers.add(number);
    }
  }

  /** Adds an entry that is text, which is kept once however often it occurs. */
  void addText(String text) {
    int at = Math.toIntExact(numbers.size());
    if (at >= wordOf.length) {
      wordOf = Arrays.copyOf(wordOf, Math.max(1024, 2 * at));
    }
    wordOf[at] =
        words.computeIfAbsent(
            text,
            key -> {
              wordList.add(key);
              return wordList.size();
            });
    add(NO_NUMBER);
  }

  void close() {
    if (!ignored) {
      places.end(rows - 1, numbers.size());
    }
    ignored = false;
  }

  /**
   * Keeps its places once with those of another column that has the same: most columns of a file
   * are lists of the same lengths.
   *
   * @return whether they are the same
   */
  boolean sharesPlaces(CellColumn other) {
    if (rows != other.rows || !places.same(other.places, rows)) {
      return false;
    }
    places = other.places;
    if (Arrays.equals(kinds, 0, rows, other.kinds, 0, rows)) {
      kinds = other.kinds;
    }
    return true;
  }

  /** {@return whether a list has objects, of each of which one number is read} */
  public boolean objects() {
    return objects;
  }

  void sawObject() {
    objects = true;
  }

  void sawNested() {
    nested = true;
  }
}
