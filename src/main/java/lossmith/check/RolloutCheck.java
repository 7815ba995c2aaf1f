package lossmith.check;

import io.vavr.collection.Seq;

/** Looks at rollouts under one aspect. */
@FunctionalInterface
interface RolloutCheck {
  /** {@return what is found; nothing where a column that is needed is missing} */
  Seq<RolloutFinding> of(Recorded recorded);
}
