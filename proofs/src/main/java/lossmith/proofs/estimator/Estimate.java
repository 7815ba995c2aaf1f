package lossmith.proofs.estimator;

import io.vavr.control.Option;

/** An advantage estimator as loops over plain arrays. */
interface Estimate {
  /** {@return A of each token} */
  double[] of(PlainResponses batch);

  /** {@return its name and its conventions} */
  String words();

  /** {@return whether it is one that has a name} */
  boolean named();

  /**
   * {@return of one that has no name, which named one it is near to and what it does otherwise, in
   * words; nothing where it is near to none}
   */
  Option<String> difference();
}
