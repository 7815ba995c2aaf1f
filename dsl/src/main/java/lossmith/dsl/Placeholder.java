package lossmith.dsl;

/** Keeps the module from being empty; delete it with the first real type. */
public final class Placeholder {
  private Placeholder() {}
}
