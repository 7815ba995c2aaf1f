package lossmith.recipes.trl;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.surrogate.Surrogate;

/**
 * TRL's GMPO ({@code experimental/gmpo}): the geometric mean of a response's ratios, each clamped
 * on the log scale, times A; the mean over responses; k3 by response.
 *
 * @param batch the mask and the advantages
 * @param low how far below 0 a log-ratio may move
 * @param high how far above 0 a log-ratio may move
 * @param kept which of the slots that count are in the geometric mean, 1 or 0
 * @param beta the weight of k3 to the reference; 0 for none
 * @param steps over how many micro-batches gradients are accumulated
 */
public record TrlGmpo(
    TrlBatch batch, double low, double high, Detached<Token> kept, double beta, double steps) {

  /** {@return the loss, logging what TRL logs} */
  public Loss loss() {
    Term<Token> d = logProb().minus(oldLogProb());
    Term<Token> clipped = d.clip(Clip.between(-low, high));
    Term<Token> x = select(batch.a().positive(), min(d, clipped), max(d, clipped));
    TrlBatch mean = new TrlBatch(batch.mask().times(kept), batch.advantage());
    Term<Sequence> objective = mean.meanOfEach(x).exp().times(batch.advantage());
    Term<Token> k3 = Surrogate.k3(referenceLogProb(), Conventions.paper());
    Term<Sequence> all =
        beta == 0 ? objective : objective.minus(batch.meanOfEach(k3).scaledBy(beta));
    Detached<Token> log = d.stopGradient();
    Condition<Token> below = log.below(constant(-low, TOKEN)).and(batch.a().negative());
    Condition<Token> above = log.above(constant(high, TOKEN)).and(batch.a().positive());
    Loss loss =
        batch.clips(
            maximise(all.mean(ALL_SEQUENCES).scaledBy(1 / steps)), TrlRatio.TOKEN, below, above);
    return beta == 0 ? loss : loss.log("kl", batch.mean(k3.stopGradient()));
  }
}
