package lossmith.storage;

import com.sun.management.OperatingSystemMXBean;
import io.vavr.control.Option;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/**
 * The bytes that what depends on the size of the data may occupy in memory; what is beyond goes to
 * temporary files. Half of them are for numbers in a row, a quarter for DuckDB.
 */
public final class MemoryBudget {
  /** DuckDB does not read a Parquet file with much less. */
  private static final long LEAST_TABLES = 128L << 20;

  /** One in so many of the bytes is for DuckDB. */
  private static final int SHARE = 4;

  private static final String OUT_OF_MEMORY = "Out of Memory";

  private final AtomicLong left;
  private final long tables;
  private final SharedDatabase database = new SharedDatabase();

  /** {@return a quarter of the memory of the machine, or of the container, in bytes} */
  public static long usual() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
        / 4;
  }

  /**
   * A budget of which nothing is taken.
   *
   * @param bytes how much there is
   */
  public MemoryBudget(long bytes) {
    this.left = new AtomicLong(bytes / 2);
    this.tables = Math.max(LEAST_TABLES, bytes / SHARE);
  }

  /** {@return what whoever reads a file or a table (DuckDB, Arrow) may use, in bytes} */
  public long tables() {
    return tables;
  }

  /** {@return what keeps tables within it} */
  SharedDatabase database() {
    return database;
  }

  /**
   * {@return that the budget is too small for a query, if that is why it failed}
   *
   * @param failed what DuckDB says
   */
  public Option<ProblemException> exceeded(SQLException failed) {
    return Option.when(
        String.valueOf(failed.getMessage()).contains(OUT_OF_MEMORY),
        () -> tooSmall("a page of the file, or a step of a sort"));
  }

  /**
   * {@return that the budget is too small for tables}
   *
   * @param wanted what there is no room for
   */
  public ProblemException tooSmall(String wanted) {
    return Problem.of(
            "memory",
            (tables >> 20) + " MiB for tables, a quarter of the memory that was given",
            "room for " + wanted,
            "--memory " + ((2 * SHARE * tables) >> 20) + "M")
        .exception();
  }

  /** Takes so many bytes, which are needed whether they are left or not. */
  public void reserve(long bytes) {
    long unused = left.addAndGet(-bytes);
  }

  /** {@return whether so many bytes were left, which are taken then} */
  boolean take(long bytes) {
    return left.getAndUpdate(now -> now >= bytes ? now - bytes : now) >= bytes;
  }
}
