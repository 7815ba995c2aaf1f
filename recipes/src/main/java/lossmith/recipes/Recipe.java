package lossmith.recipes;

import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;

/** An objective with a name and a source. A user's own class is one too. */
public interface Recipe {
  /** {@return its name, title and source, what it claims and where it differs} */
  Card card();

  /**
   * {@return the objective as a loss to minimise}
   *
   * @param c the choices that trainers make differently
   */
  Loss loss(Conventions c);

  /** {@return the name to type, such as {@code grpo}} */
  default String name() {
    return card().name();
  }

  /** {@return what it is, in one line} */
  default String title() {
    return card().title();
  }

  /** {@return where it comes from} */
  default Source source() {
    return card().source();
  }

  /** {@return where this differs from its source, one sentence each; empty if nowhere} */
  default Seq<String> deviations() {
    return card().deviations();
  }

  /** {@return the properties it declares under the papers' conventions, each checked by a law} */
  default Seq<Claim> claims() {
    return card().claims();
  }

  /** {@return the implementations of this objective in other systems, and where they differ} */
  default Seq<Counterpart> counterparts() {
    return Counterparts.of(name());
  }

  /**
   * {@return the parameters, fed at run time, collected from the loss under the papers'
   * conventions}
   */
  default Seq<Parameter> parameters() {
    return loss(Conventions.paper()).parameters();
  }
}
