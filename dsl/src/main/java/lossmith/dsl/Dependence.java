package lossmith.dsl;

/** Which elements of its operands one element of a node depends on; nothing about dimensions. */
public enum Dependence {
  /** None: a column, a constant or a parameter. */
  LEAF,
  /** One of each: the same, the coarser one it belongs to, or the entry of the sampled token. */
  ELEMENTWISE,
  /** Other elements of the same level too: neighbours, scans, ranks, sums by key. */
  AROUND,
  /** All elements of a finer level: sums, means, counts, quantiles. */
  REDUCING;

  private static final ByDependence<Dependence> OF =
      new ByDependence<>() {
        @Override
        protected Dependence leaf(Node.Leaf node) {
          return LEAF;
        }

        @Override
        protected Dependence elementwise(Node node) {
          return ELEMENTWISE;
        }

        @Override
        protected Dependence around(Node node, Level.Name within) {
          return AROUND;
        }

        @Override
        protected Dependence reducing(Node node, Level.Name to) {
          return REDUCING;
        }
      };

  /** {@return how a node depends on its operands} */
  public static Dependence of(Node node) {
    return node.match(OF);
  }
}
