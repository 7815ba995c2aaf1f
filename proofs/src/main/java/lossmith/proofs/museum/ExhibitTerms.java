package lossmith.proofs.museum;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** The right words that exhibits share. */
final class ExhibitTerms {
  private ExhibitTerms() {}

  /** The group-normalised advantage A. */
  static Detached<Token> a() {
    return Advantages.groupNormalised(reward(), Conventions.paper());
  }

  /** The importance ratio r. */
  static Term<Token> r() {
    return logProb().minus(oldLogProb()).exp().as("r");
  }

  static Clip bounds() {
    return Surrogate.trustRegion(0.2, 0.2);
  }

  /** min(r·A, clip(r)·A). */
  static Term<Token> surrogate() {
    return min(r().times(a()), r().clip(bounds()).times(a()));
  }

  /** A column that is 1 for tokens that count. */
  static Condition<Token> counts() {
    return given("token_mask", TOKEN).positive();
  }

  static Detached<Token> zero() {
    return lossmith.dsl.Terms.constant(0, TOKEN);
  }

  /** How many tokens the whole batch has, known to each of its micro-batches. */
  static Detached<Batch> batchTokens() {
    return given("batch_tokens", Axis.BATCH);
  }

  static Claim tokenMean() {
    return new Claim.OnPolicy("A", x -> x.mean(ALL_TOKENS));
  }

  static Claim masked() {
    return new Claim.Masked("token_mask");
  }
}
