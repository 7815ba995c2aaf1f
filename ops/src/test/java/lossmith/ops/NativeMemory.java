package lossmith.ops;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Structure;

/** What the C library says of its memory (glibc from 2.33, {@code mallinfo2}). */
interface NativeMemory extends Library {
  /** The C library. */
  NativeMemory LIBRARY = Native.load(Platform.C_LIBRARY_NAME, NativeMemory.class);

  /** {@return what is allocated, by the names of its fields there} */
  Info mallinfo2();

  /** Whether it says so here. */
  static boolean isThere() {
    try {
      return Platform.isLinux() && LIBRARY.mallinfo2().uordblks > 0;
    } catch (UnsatisfiedLinkError absent) {
      return false;
    }
  }

  /** Bytes and counts: {@code uordblks} in use of the heaps, {@code hblkhd} mapped apart. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  final class Info extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }
}
