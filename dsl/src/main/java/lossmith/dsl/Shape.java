package lossmith.dsl;

/** What the numbers of a node are made from. */
public enum Shape {
  /** Nothing but data and settings. */
  LEAF,
  /** The same element of other nodes, or the coarser one that it belongs to. */
  ELEMENTWISE,
  /** Other elements of the same level too. */
  AROUND,
  /** All elements of a finer level. */
  REDUCING;

  private static final ByShape<Shape> OF =
      new ByShape<>() {
        @Override
        protected Shape leaf(Node.Leaf node) {
          return LEAF;
        }

        @Override
        protected Shape elementwise(Node node) {
          return ELEMENTWISE;
        }

        @Override
        protected Shape around(Node node, Level.Name within) {
          return AROUND;
        }

        @Override
        protected Shape reducing(Node node, Level.Name to) {
          return REDUCING;
        }
      };

  /** {@return the shape of a node} */
  public static Shape of(Node node) {
    return node.match(OF);
  }
}
