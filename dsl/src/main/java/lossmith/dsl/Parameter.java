package lossmith.dsl;

import lossmith.dsl.Level.Batch;

/**
 * A named number of the whole batch with a default and a closed range, fed at run time: a schedule
 * needs no recompile.
 */
public final class Parameter extends Detached<Batch> {
  private final String name;
  private final Range range;

  Parameter(String name, Range range) {
    super(Nodes.parameter(name, range));
    this.name = name;
    this.range = range;
  }

  /** {@return the name it is fed by} */
  public String name() {
    return name;
  }

  /** {@return its default and range} */
  public Range range() {
    return range;
  }

  @Override
  String type() {
    return "Parameter = " + range;
  }

  Node at(Level.Name level) {
    return Nodes.broadcast(node(), level);
  }
}
