package lossmith.spark;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import lossmith.ops.CompiledNodes;

/**
 * Compiled nodes of one pass, shared by all tasks of a process. Those of a pass are closed when
 * nobody uses them and another pass has begun.
 */
final class SharedNodes implements AutoCloseable {
  @GuardedBy("SharedNodes.class")
  private static final Map<String, SharedNodes> OPEN = new HashMap<>();

  private final CompiledNodes compiled;

  @GuardedBy("SharedNodes.class")
  private int users;

  private SharedNodes(CompiledNodes compiled) {
    this.compiled = compiled;
  }

  /**
   * {@return the nodes of a pass, for as long as they are not closed}
   *
   * @param pass the name of the pass
   * @param compile makes them
   */
  static SharedNodes of(String pass, Supplier<CompiledNodes> compile) {
    synchronized (SharedNodes.class) {
      closeUnused(pass);
      SharedNodes nodes = OPEN.computeIfAbsent(pass, key -> new SharedNodes(compile.get()));
      nodes.users++;
      return nodes;
    }
  }

  /** Closes what nobody uses, but for the nodes of one pass. */
  static void closeUnused(String but) {
    synchronized (SharedNodes.class) {
      for (Iterator<Map.Entry<String, SharedNodes>> all = OPEN.entrySet().iterator();
          all.hasNext(); ) {
        Map.Entry<String, SharedNodes> one = all.next();
        if (!one.getKey().equals(but) && one.getValue().users == 0) {
          one.getValue().compiled.close();
          all.remove();
        }
      }
    }
  }

  CompiledNodes compiled() {
    return compiled;
  }

  @Override
  public void close() {
    synchronized (SharedNodes.class) {
      users--;
    }
  }
}
