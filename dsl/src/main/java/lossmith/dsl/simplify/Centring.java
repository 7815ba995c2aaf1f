package lossmith.dsl.simplify;

import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/** Sums that are 0 whatever the numbers: Σ (x − mean x), and what is put together from such. */
final class Centring {
  private Centring() {}

  /** Whether Σ x over each element of {@code to} is 0; nodes must be shared. */
  static boolean vanishes(Node x, Level.Name to) {
    if (x instanceof Node.Named named) {
      return vanishes(named.of(), to);
    }
    if (x instanceof Node.Unary u) {
      return u.op() == UnaryOp.NEGATE && vanishes(u.of(), to);
    }
    if (x instanceof Node.Binary b) {
      return switch (b.op()) {
        case PLUS -> vanishes(b.left(), to) && vanishes(b.right(), to);
        case MINUS -> isMean(b, to) || (vanishes(b.left(), to) && vanishes(b.right(), to));
        case TIMES ->
            (one(b.left(), to) && vanishes(b.right(), to))
                || (one(b.right(), to) && vanishes(b.left(), to));
        case DIVIDE -> one(b.right(), to) && vanishes(b.left(), to);
        default -> false;
      };
    }
    return false;
  }

  /** Whether this is x − mean x. */
  private static boolean isMean(Node.Binary difference, Level.Name to) {
    return difference.right() instanceof Node.Broadcast spread
        && spread.of() instanceof Node.Reduce mean
        && mean.op() == ReduceOp.MEAN
        && mean.to() == to
        && mean.where().isEmpty()
        && mean.of() == difference.left();
  }

  /** Whether this is the same number at all members of an element of {@code to}. */
  private static boolean one(Node x, Level.Name to) {
    return x instanceof Node.Constant
        || (x instanceof Node.Broadcast b && !b.of().level().finerThan(to))
        || (x instanceof Node.Binary b && one(b.left(), to) && one(b.right(), to))
        || (x instanceof Node.Unary u && one(u.of(), to));
  }
}
