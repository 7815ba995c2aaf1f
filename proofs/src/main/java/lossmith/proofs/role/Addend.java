package lossmith.proofs.role;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Node;

/**
 * A summand of a loss: what carries the gradient, and all that it is multiplied by.
 *
 * @param top the largest term that holds this summand and no other
 * @param carriers what carries the gradient: log π, or a function of it that is not linear; several
 *     where a minimum, a maximum or a condition chooses between them
 * @param factors the detached terms that multiply or divide it
 * @param offsets the detached terms that are added to it or subtracted
 */
record Addend(Node top, Seq<Node> carriers, Seq<Node> factors, Seq<Node> offsets) {
  static Addend of(Node carrier) {
    return new Addend(carrier, List.of(carrier), List.empty(), List.empty());
  }

  Addend under(Node node) {
    return new Addend(node, carriers, factors, offsets);
  }

  Addend times(Node factor) {
    return new Addend(top, carriers, factors.append(factor), offsets);
  }

  Addend shifted(Node offset) {
    return new Addend(top, carriers, factors, offsets.append(offset));
  }

  /** One of the two, as a minimum, a maximum or a condition chooses. */
  Addend or(Addend other, Node choice) {
    return new Addend(
        choice,
        carriers.appendAll(other.carriers).distinct(),
        factors.appendAll(other.factors).distinct(),
        offsets.appendAll(other.offsets).distinct());
  }
}
