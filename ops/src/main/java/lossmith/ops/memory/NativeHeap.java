package lossmith.ops.memory;

import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;

/** The memory that native code allocates. */
public final class NativeHeap {
  private NativeHeap() {}

  /**
   * Returns free memory to the system, which otherwise stays with the process: some ten megabytes
   * of XLA's compiler, the chunks of a closed loss. Does nothing where the C library has no such
   * call.
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
