package lossmith.recipes;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;

/** An objective with a name and a source. A user's own class is one too. */
public interface Recipe {
  /** {@return the name to type, such as {@code grpo}} */
  String name();

  /** {@return what it is, in one line} */
  String title();

  /** {@return where it comes from} */
  Source source();

  /** {@return where this differs from its source, one sentence each; empty if nowhere} */
  default Seq<String> deviations() {
    return List.empty();
  }

  /** {@return what it claims of itself under the papers' conventions, each held by a law} */
  default Seq<Claim> claims() {
    return List.empty();
  }

  /** {@return the systems that have what is called so, and where theirs differs} */
  default Seq<Counterpart> peers() {
    return Counterparts.of(name());
  }

  /**
   * {@return the objective as a loss to minimise}
   *
   * @param c the choices that trainers make differently
   */
  Loss loss(Conventions c);

  /** {@return what is fed at run time, collected from the loss under the papers' conventions} */
  default Seq<Parameter> parameters() {
    return loss(Conventions.paper()).parameters();
  }
}
