package lossmith.proofs.role;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Otherwise;
import lossmith.dsl.UnaryOp;

/**
 * A detached term that multiplies a summand.
 *
 * @param node the term
 * @param kind what it is, by what it reads and how
 */
record Multiplier(Node node, Kind kind) {
  /** What a factor is. */
  enum Kind {
    /** Numbers, parameters, lengths and counts, or a mask: nothing of what was sampled. */
    COEFFICIENT,
    /** A probability of one policy. */
    PROBABILITY,
    /** A ratio of two policies. */
    WEIGHT,
    /** Anything else: what a token was worth. */
    ADVANTAGE
  }

  /** Columns of policies: their log-probabilities, and what is computed of them. */
  static final Set<String> POLICIES =
      HashSet.of(
          Columns.LOG_PI,
          Columns.LOG_PROB,
          Columns.OLD_LOG_PROB,
          Columns.ROLLOUT_LOG_PROB,
          Columns.REFERENCE_LOG_PROB,
          Columns.REFERENCE_LOG_PI,
          Columns.ENTROPY);

  /** The policies that a weight compares: which of them was the reference makes a reward. */
  private static final Set<String> SAMPLING =
      HashSet.of(Columns.LOG_PI, Columns.LOG_PROB, Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB);

  static final Set<String> PLACES = HashSet.of(Columns.POSITION);

  /** The factors of a product, each of which is of one kind. */
  static Seq<Multiplier> of(Node node) {
    if (node instanceof Node.Binary binary
        && (binary.op() == BinaryOp.TIMES || binary.op() == BinaryOp.DIVIDE)) {
      Seq<Multiplier> both = of(binary.left()).appendAll(of(binary.right()));
      return both.exists(factor -> factor.kind == Kind.ADVANTAGE)
              && both.exists(factor -> countsResponses(factor.node))
              && both.forAll(factor -> isWorth(factor.node))
          ? List.of(new Multiplier(node, Kind.ADVANTAGE))
          : both;
    }
    if (node instanceof Node.Broadcast || isNegative(node)) {
      return of(((Node.Of) node).of());
    }
    return List.of(new Multiplier(node, kind(node)));
  }

  /** A loss that is minimised has its advantages with the sign turned. */
  private static boolean isNegative(Node node) {
    return node instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE;
  }

  /** What of a product says what a token was worth, without what only scales or weighs it. */
  static Option<Node> worth(Node node) {
    if (kind(node) != Kind.ADVANTAGE) {
      return Option.none();
    }
    if (node instanceof Node.Broadcast || node instanceof Node.Named || isNegative(node)) {
      return worth(((Node.Of) node).of());
    }
    if (node instanceof Node.Binary binary
        && (binary.op() == BinaryOp.TIMES || binary.op() == BinaryOp.DIVIDE)) {
      boolean left = isWorth(binary.left());
      boolean right = isWorth(binary.right());
      return left && right
          ? Option.some(node)
          : left
              ? worth(binary.left())
              : binary.op() == BinaryOp.TIMES ? worth(binary.right()) : Option.some(node);
    }
    return Option.some(node);
  }

  /** Numbers of responses to a prompt are part of what a reward is compared with. */
  private static boolean isWorth(Node node) {
    return kind(node) == Kind.ADVANTAGE || countsResponses(node);
  }

  private static boolean countsResponses(Node node) {
    return Graph.only(Node.Count.class, Graph.below(List.of(node)))
        .exists(count -> count.level() == Level.Name.GROUP);
  }

  private static Kind kind(Node node) {
    return Graph.down(List.of(node), inner -> inner.match(STEPS).getOrElse(List.empty()))
        .filter(inner -> inner.match(STEPS).isEmpty())
        .map(Multiplier::ofEnd)
        .max()
        .getOrElse(Kind.COEFFICIENT);
  }

  private static Kind ofEnd(Node node) {
    Set<String> read = columns(List.of(node));
    boolean exponential =
        node instanceof Node.Unary unary
            && (unary.op() == UnaryOp.EXP || unary.op() == UnaryOp.EXPM1);
    int policies = read.count(POLICIES::contains);
    if (read.removeAll(PLACES).isEmpty() || ofTheBatch(node)) {
      return Kind.COEFFICIENT;
    }
    boolean compared = policies > 1 && read.removeAll(PLACES).removeAll(SAMPLING).isEmpty();
    if ((exponential && policies > 1) || compared) {
      return Kind.WEIGHT;
    }
    return exponential && policies == read.size() ? Kind.PROBABILITY : Kind.ADVANTAGE;
  }

  /** A number of the batch, such as a multiplier that is trained, or a count of all its tokens. */
  private static boolean ofTheBatch(Node node) {
    return node instanceof Node.Input input && input.level() == Level.Name.BATCH;
  }

  /** The names of the columns below some nodes, those that may be absent as if they were there. */
  static Set<String> columns(Iterable<Node> nodes) {
    return Graph.only(Node.Input.class, Graph.below(nodes, Node::children))
        .map(Node.Input::name)
        .toLinkedSet();
  }

  /** Where a product is looked through, and to what; nothing where it ends. */
  private static final Otherwise<Option<Seq<Node>>> STEPS =
      new Otherwise<>() {
        private Option<Seq<Node>> to(Node... nodes) {
          return Option.some(List.of(nodes));
        }

        @Override
        public Option<Seq<Node>> named(Node.Named node) {
          return to(node.of());
        }

        @Override
        public Option<Seq<Node>> stopGradient(Node.StopGradient node) {
          return to(node.of());
        }

        @Override
        public Option<Seq<Node>> broadcast(Node.Broadcast node) {
          return to(node.of());
        }

        @Override
        public Option<Seq<Node>> clip(Node.Clip node) {
          return to(node.of());
        }

        @Override
        public Option<Seq<Node>> select(Node.Select node) {
          return to(node.left(), node.right());
        }

        @Override
        public Option<Seq<Node>> unary(Node.Unary node) {
          return switch (node.op()) {
            case NEGATE, SQUARE, SQRT, ABS -> to(node.of());
            default -> Option.none();
          };
        }

        @Override
        public Option<Seq<Node>> binary(Node.Binary node) {
          return switch (node.op()) {
            case TIMES, DIVIDE, MIN, MAX -> to(node.left(), node.right());
            default -> Option.none();
          };
        }

        @Override
        public Option<Seq<Node>> reduce(Node.Reduce node) {
          return switch (node.op()) {
            case SUM, MEAN -> to(node.of());
            default -> Option.none();
          };
        }

        @Override
        protected Option<Seq<Node>> otherwise(Node node) {
          return Option.none();
        }
      };
}
