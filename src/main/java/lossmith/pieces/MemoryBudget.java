package lossmith.pieces;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes that numbers may occupy in memory; what is beyond goes to a temporary file. */
public final class MemoryBudget {
  private final AtomicLong left;

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
    this.left = new AtomicLong(bytes);
  }

  /** {@return whether so many bytes were left, which are taken then} */
  boolean take(long bytes) {
    return left.getAndUpdate(now -> now >= bytes ? now - bytes : now) >= bytes;
  }
}
