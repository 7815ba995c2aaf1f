package lossmith.proofs;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.position;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;

import java.util.stream.Stream;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;

/** Mistakes about where a reward is earned, and in numbers that are only logged. */
final class CreditMistakes {
  private CreditMistakes() {}

  private static Detached<Token> a() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE)).per(TOKEN);
  }

  private static Loss carried(Detached<Token> earned) {
    return maximise(logProb().times(scanBackward(earned, constant(0.9, TOKEN))).mean(ALL_TOKENS));
  }

  private static Detached<Token> at(Detached<Token> place) {
    return select(position().equalTo(place), a(), constant(0, TOKEN));
  }

  private static Loss logged(String name, Detached<Batch> metric) {
    return maximise(ratio().times(a()).mean(ALL_TOKENS)).log(name, metric);
  }

  static Stream<RoleMistake> all() {
    Detached<Token> last = length().shiftedBy(-1).per(TOKEN);
    Detached<Token> policy = logProb().stopGradient();
    return Stream.of(
        new RoleMistake(
            "a reward that the first token earns",
            "reward-last",
            carried(at(constant(0, TOKEN))),
            carried(at(last))),
        new RoleMistake(
            "a reward that every token earns", "reward-last", carried(a()), carried(at(last))),
        new RoleMistake(
            "a logged divergence with the sign turned",
            "metric-divergence",
            logged("approx_kl", policy.minus(oldLogProb()).mean(ALL_TOKENS)),
            logged("approx_kl", oldLogProb().minus(policy).mean(ALL_TOKENS))),
        new RoleMistake(
            "a logged entropy with the sign turned",
            "metric-entropy",
            logged("entropy", policy.mean(ALL_TOKENS)),
            logged("entropy", policy.negated().mean(ALL_TOKENS))),
        new RoleMistake(
            "a logged reward that long responses weigh more in",
            "metric-responses",
            logged("reward", reward().per(TOKEN).mean(ALL_TOKENS)),
            logged("reward", reward().mean(ALL_SEQUENCES))));
  }
}
