package lossmith.proofs.museum;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;
import static lossmith.proofs.museum.ExhibitTerms.a;
import static lossmith.proofs.museum.ExhibitTerms.r;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/** What is compared with what: a ratio with its bounds, a policy with a mixture, a pair. */
final class ComparedExhibits {
  private ComparedExhibits() {}

  private static Loss surrogate(Clip bounds) {
    return maximise(min(r().times(a()), r().clip(bounds).times(a())).mean(ALL_TOKENS));
  }

  private static Loss forward(boolean averaged) {
    Term<Vocabulary> each = probTimes(referenceLogPi(), referenceLogPi().minus(logPi()));
    return minimise((averaged ? each.mean(VOCABULARY) : each.sum(VOCABULARY)).mean(ALL_TOKENS));
  }

  /** The teacher's divergence from the mixture counts 0.3; its weight in the mixture is given. */
  private static Loss mixed(double teacher) {
    Term<Vocabulary> mixture =
        logAddExp(
            logPi().shiftedBy(Math.log(1 - teacher)),
            referenceLogPi().shiftedBy(Math.log(teacher)));
    Term<Token> ofTeacher = expected(referenceLogPi(), referenceLogPi().minus(mixture));
    Term<Token> ofStudent = expected(logPi(), logPi().minus(mixture));
    return minimise(ofTeacher.scaledBy(0.3).plus(ofStudent.scaledBy(0.7)).mean(ALL_TOKENS));
  }

  private static Loss pair(Detached<Sequence> by) {
    Term<Sequence> mean = logProb().minus(referenceLogProb()).sum(TOKENS).dividedBy(by);
    return maximise(mean.times(sign()).sum(SEQUENCES).scaledBy(0.1).logSigmoid().mean(GROUPS));
  }

  private static Detached<Sequence> ofTheChosen() {
    Detached<Group> chosen = length().times(sign().shiftedBy(1).scaledBy(0.5)).sum(SEQUENCES);
    return chosen.per(SEQUENCE);
  }

  private static Loss kto(Term<Batch> point) {
    Term<Sequence> apart = logProb().minus(referenceLogProb()).sum(TOKENS);
    Detached<Sequence> side =
        select(reward().positive(), constant(1, SEQUENCE), constant(-1, SEQUENCE));
    Term<Sequence> x = apart.minus(point.per(SEQUENCE)).weightedBy(side);
    return minimise(x.scaledBy(0.1).negated().sigmoid().mean(ALL_SEQUENCES));
  }

  private static Loss distilled(Term<Token> gap) {
    return maximise(logProb().times(gap).mean(ALL_TOKENS));
  }

  static Seq<Exhibit> all() {
    Term<Batch> point = logProb().minus(referenceLogProb()).sum(TOKENS).mean(ALL_SEQUENCES);
    Term<Token> gap = referenceLogProb().minus(logProb());
    return List.of(
        new Exhibit(
            "width-for-one-less-the-width",
            Exhibit.Kind.BOUND,
            "ChenmienTan/RL2#21 (August 2025)",
            "the ratio is clipped to [ε, 1 + ε] instead of [1 − ε, 1 + ε]",
            "what earned less than expected is pushed down until its ratio is 0.2",
            Caught.law(
                "bound-width",
                surrogate(Clip.between(0.2, 1.2)),
                surrogate(Clip.between(0.8, 1.2)))),
        new Exhibit(
            "divergence-averaged-over-entries",
            Exhibit.Kind.AXIS,
            "HikariTJU/LD#74; yuanli2333/Teacher-free-Knowledge-Distillation#41 (January 2025)",
            "kl_div with reduction mean: the entries of the vocabulary are averaged, not summed",
            "the divergence is smaller by the size of the vocabulary",
            Caught.law("vocabulary-sum", forward(true), forward(false))),
        new Exhibit(
            "weights-of-the-mixture-exchanged",
            Exhibit.Kind.DIVERGENCE,
            "huggingface/trl#3043 (March 2025), GKDTrainer",
            "β is the weight of the student in the mixture, and of the teacher beside it",
            "it is no Jensen–Shannon divergence but for β = 1/2",
            Caught.law("mixture-weights", mixed(0.7), mixed(0.3))),
        new Exhibit(
            "mask-of-the-other-response",
            Exhibit.Kind.PAIR,
            "QwenAudio/CosyVoice#1449 (July 2025)",
            "the rejected response is averaged with the mask of the chosen one",
            "how strongly it is pushed down depends on the length of the other",
            Caught.law("pair-balance", pair(ofTheChosen()), pair(length()))),
        new Exhibit(
            "reference-point-with-a-gradient",
            Exhibit.Kind.DETACH,
            "ContextualAI/HALOs#4 (January 2024)",
            "the gradient goes through the KL term that each response is compared with",
            "a good response is made less likely because others were compared with it",
            Caught.law("reference-point", kto(point), kto(point.stopGradient()))),
        new Exhibit(
            "teacher-gap-with-a-gradient",
            Exhibit.Kind.DETACH,
            "meta-pytorch/torchforge#527 (November 2025), on-policy distillation",
            "the advantage log π_ref − log π is not detached",
            "the product with log π has another gradient, which does not lead to the teacher",
            Caught.law("log-ratio", distilled(gap), distilled(gap.stopGradient()))));
  }
}
