package lossmith.proofs;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.proofs.stated.Statement;
import lossmith.proofs.stated.Statements;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.policy.Grpo;

/** The suite as a user writes it. */
final class ObjectivePropertiesTest implements ObjectiveProperties {
  @Override
  public Loss subject() {
    return new Grpo().loss(Conventions.paper());
  }

  @Override
  public Seq<Claim> claims() {
    return new Grpo().claims();
  }

  @Override
  public Option<Statement> statement() {
    return Statements.of("grpo");
  }
}
