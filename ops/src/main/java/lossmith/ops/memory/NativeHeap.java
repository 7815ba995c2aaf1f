package lossmith.ops.memory;

import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;

/** The memory that native code allocates. */
public final class NativeHeap {
  private NativeHeap() {}

  /**
   * Gives back to the system what is free, which otherwise stays with the process: some ten
   * megabytes that XLA's compiler took, the chunks of a loss that is closed. Does nothing where the
   * C library has no such call.
   */
  public static void trim() {
    try {
      NativeLibrary.getProcess()
          .getFunction("malloc_trim")
          .invokeInt(new Object[] {new NativeLong(0)});
    } catch (UnsatisfiedLinkError absent) {
      return;
    }
  }
}
