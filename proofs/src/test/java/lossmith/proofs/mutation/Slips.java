package lossmith.proofs.mutation;

import io.vavr.collection.Seq;
import java.util.Random;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;

/** Every kind of mistake that is drawn here, and one of them at random. */
final class Slips {
  private Slips() {}

  static Seq<Slip> all() {
    return SignSlips.all()
        .appendAll(ReductionSlips.all())
        .appendAll(RatioSlips.all())
        .appendAll(BaselineSlips.all())
        .appendAll(PolicySlips.all());
  }

  /** A mistake of a kind that can be made in a loss, at one of the terms where it can. */
  static Mutant draw(Loss loss, Random random) {
    Loss shared = loss.rewritten(new HashConsing()::of);
    Seq<Seq<Mutant>> kinds = all().map(slip -> slip.sites().apply(shared)).filter(Seq::nonEmpty);
    Seq<Mutant> sites = kinds.get(random.nextInt(kinds.size()));
    return sites.get(random.nextInt(sites.size()));
  }
}
