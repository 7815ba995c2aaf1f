package lossmith.rollouts;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Parquet files without rows, whose schema is a group in a group and so on. */
public final class DeepParquet {
  private static final int REQUIRED = 0;
  private static final int INT32 = 1;

  private DeepParquet() {}

  /**
   * {@return a file}
   *
   * @param levels how many nodes its schema has below the root, each in the one before
   */
  public static byte[] levels(int levels) {
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    // version = 1, then the list of nodes
    footer.writeBytes(new byte[] {0x15, 0x02, 0x19, (byte) 0xFC});
    number(footer, levels + 1);
    for (int level = 0; level <= levels; level++) {
      boolean leaf = level == levels;
      if (leaf) {
        footer.writeBytes(new byte[] {0x15, 2 * INT32, 0x25, 2 * REQUIRED, 0x18});
      } else if (level == 0) {
        footer.write(0x48);
      } else {
        footer.writeBytes(new byte[] {0x35, 2 * REQUIRED, 0x18});
      }
      byte[] name = (level == 1 ? "log_prob" : "a").getBytes(StandardCharsets.US_ASCII);
      number(footer, name.length);
      footer.writeBytes(name);
      if (!leaf) {
        // one child
        footer.writeBytes(new byte[] {0x15, 0x02});
      }
      footer.write(0);
    }
    // num_rows = 0, no row groups
    footer.writeBytes(new byte[] {0x16, 0x00, 0x19, 0x0C, 0});
    ByteBuffer file = ByteBuffer.allocate(12 + footer.size()).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
    return file.put(magic).put(footer.toByteArray()).putInt(footer.size()).put(magic).array();
  }

  private static void number(ByteArrayOutputStream to, int number) {
    for (int rest = number; ; rest >>>= 7) {
      if (rest < 0x80) {
        to.write(rest);
        return;
      }
      to.write((rest & 0x7F) | 0x80);
    }
  }
}
