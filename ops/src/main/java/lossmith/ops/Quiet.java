package lossmith.ops;

/** Keeps TensorFlow's start-up talk off the screen. */
public final class Quiet {
  private Quiet() {}
}
