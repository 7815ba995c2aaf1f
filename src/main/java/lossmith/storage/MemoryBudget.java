package lossmith.storage;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that what depends on the size of the data may occupy in memory; what is beyond goes to
 * temporary files. Half of them are for numbers in a row, a quarter for DuckDB.
 */
public final class MemoryBudget {
  /** DuckDB does not read a Parquet file with much less. */
  private static final long LEAST_TABLES = 128L << 20;

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
    this.tables = Math.max(LEAST_TABLES, bytes / 4);
  }

  /** {@return what DuckDB may use, in bytes} */
  long tables() {
    return tables;
  }

  /** {@return what keeps tables within it} */
  SharedDatabase database() {
    return database;
  }

  /** {@return whether so many bytes were left, which are taken then} */
  boolean take(long bytes) {
    return left.getAndUpdate(now -> now >= bytes ? now - bytes : now) >= bytes;
  }
}
