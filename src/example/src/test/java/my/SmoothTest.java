package my;

import lossmith.dsl.Loss;
import lossmith.proofs.ObjectiveProperties;
import lossmith.recipes.Conventions;

/** Holds the loss to every law, on batches that jqwik draws. */
class SmoothTest implements ObjectiveProperties {
  @Override
  public Loss subject() {
    return new Smooth().loss(Conventions.paper());
  }
}
