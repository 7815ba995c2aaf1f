package lossmith.proofs.estimator;

/** How a std is kept from 0. */
enum Guard {
  NONE(""),
  ADDED("added to the std"),
  INSIDE("added inside of the root"),
  FLOOR("the least std"),
  FLOOR_INSIDE("the least variance");

  private final String words;

  Guard(String words) {
    this.words = words;
  }

  String words(double epsilon) {
    return this == NONE ? "" : ", " + (float) epsilon + " " + words;
  }

  double root(double variance, double epsilon) {
    return switch (this) {
      case NONE -> Math.sqrt(variance);
      case ADDED -> Math.sqrt(variance) + epsilon;
      case INSIDE -> Math.sqrt(variance + epsilon);
      case FLOOR -> Math.max(Math.sqrt(variance), epsilon);
      case FLOOR_INSIDE -> Math.sqrt(Math.max(variance, epsilon));
    };
  }

  /** The same of a variance whose root is not taken. */
  double plain(double variance, double epsilon) {
    double root = root(variance, epsilon);
    return this == ADDED ? variance + epsilon : root * root;
  }
}
