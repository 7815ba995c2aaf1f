package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a policy gradient makes of a prompt that teaches something. */
final class PromptLaws {
  /** What says what a token was worth, where nobody else's policy does. */
  private static final Set<String> EARNED =
      HashSet.of(Columns.REWARD, Columns.FINISHED, Columns.ENTROPY, Columns.LOG_PI);

  private PromptLaws() {}

  static PartLaws.Presumed heard() {
    return PartLaws.law(
        "prompt-heard",
        "where all policies are one and the responses to a prompt earned 1 and 0 by turns, some of"
            + " them is moved",
        "π_old = π, R = 1, 0, … ⇒ ∂L/∂log π ≢ 0 within the prompt",
        0,
        "a zero is not rounded",
        role ->
            role.role().policyGradient()
                && role.worth().contains(Columns.REWARD)
                && earns(role)
                && Graph.below(List.of(role.whole())).forAll(PromptLaws::isOfTokensOrAPrompt),
        (part, trial, tolerance) ->
            part.bound().gradients().containsKey(Columns.LOG_PROB)
                ? unmoved(part, PartLaws.usual(part, trial))
                : List.empty(),
        Trial.Kind.ORDINARY);
  }

  private static boolean readsReward(PresumedRole role) {
    return role.reads().contains(Columns.REWARD)
        || Graph.only(Node.Input.class, Graph.below(role.coefficients()))
            .exists(input -> input.name().equals(Columns.REWARD));
  }

  /** Whether the reward, whether a response ended and the policies of its tokens say it all. */
  private static boolean earns(PresumedRole role) {
    return role.worth().forAll(name -> EARNED.contains(name) || PresumedRole.isMask(name))
        && Graph.only(Node.Input.class, Graph.below(List.of(role.whole())))
            .filter(input -> input.level() != Level.Name.BATCH)
            .map(Node.Input::name)
            .forAll(
                name ->
                    EARNED.contains(name)
                        || name.equals(Columns.REFERENCE_LOG_PI)
                        || Columns.LOG_PROBS.contains(name)
                        || PresumedRole.isMask(name));
  }

  /** Orders of the responses to a prompt may leave it no gradient, as where most are right. */
  private static boolean isOfTokensOrAPrompt(Node node) {
    boolean ofTokens =
        (node instanceof Node.Rank rank && rank.of().level() == Level.Name.TOKEN)
            || (node instanceof Node.Quantile quantile
                && quantile.of().level() == Level.Name.TOKEN);
    return ofTokens || BatchSizeLaws.isOfEachPrompt(node);
  }

  static PartLaws.Presumed told() {
    return PartLaws.law(
        "reward-heard",
        "what reads the rewards of the responses to a prompt tells 1 and 0 by turns from 0 for all"
            + " of them",
        "R = 1, 0, … : ∇L(R) ≠ ∇L(0)",
        0,
        "the same arithmetic gives the same numbers",
        role ->
            readsReward(role)
                && (!role.role().policyGradient() || earns(role))
                && Graph.below(List.of(role.whole())).forAll(BatchSizeLaws::isOfEachPrompt),
        (part, trial, tolerance) -> {
          Trial turns = byTurns(PartLaws.usual(part, trial));
          Trial none = PartLaws.changed(turns, Columns.REWARD, x -> 0);
          double[] slope = part.slope(Columns.LOG_PROB, turns);
          return taught(trial.samples()).nonEmpty()
                  && part.bound().gradients().containsKey(Columns.LOG_PROB)
                  && Arrays.equals(slope, part.slope(Columns.LOG_PROB, none))
              ? List.of(
                  new Violation.Fact(
                      part.presumed().part()
                          + ": the gradient is the same where every reward is 0"))
              : List.empty();
        },
        Trial.Kind.ORDINARY);
  }

  /** The prompts with two responses or more that have tokens. */
  private static Seq<Integer> taught(Samples samples) {
    int[] prompts = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] lengths = samples.lengths();
    return List.range(0, samples.size(Level.Name.GROUP))
        .filter(
            g -> List.range(0, lengths.length).count(i -> prompts[i] == g && lengths[i] > 0) > 1);
  }

  private static Trial byTurns(Trial any) {
    return byTurns(any, 1);
  }

  /** All policies are one, nothing is masked or cut, and the responses with tokens differ. */
  private static Trial byTurns(Trial any, double first) {
    Trial one = HeardLaws.unmasked(any);
    Trial trial = PartLaws.changed(one, Columns.FINISHED, x -> 1);
    Samples samples = trial.samples();
    if (!samples.level(Columns.REWARD).contains(Level.Name.SEQUENCE)) {
      return trial;
    }
    int[] lengths = samples.lengths();
    int[] prompts = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    double[] rewards = new double[lengths.length];
    double[] next = new double[samples.size(Level.Name.GROUP)];
    Arrays.fill(next, first);
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = next[prompts[i]];
      next[prompts[i]] = lengths[i] > 0 ? 1 - next[prompts[i]] : next[prompts[i]];
    }
    return PartLaws.with(trial, samples.with(Columns.REWARD, Level.Name.SEQUENCE, rewards));
  }

  private static Seq<Violation> unmoved(Isolated part, Trial usual) {
    Trial trial = byTurns(usual);
    Samples samples = trial.samples();
    Seq<Integer> taught = taught(samples);
    Seq<Integer> still = still(part, trial, taught);
    boolean each =
        Graph.below(List.of(part.presumed().whole())).forAll(BatchSizeLaws::isOfEachPrompt);
    // Where tokens of the whole batch are chosen, all may be of one response, which earned 0.
    boolean all =
        taught.size() == samples.size(Level.Name.GROUP)
            && still.equals(taught)
            && still(part, byTurns(usual, 0), taught).equals(taught);
    return (each || all ? still : List.<Integer>empty())
        .map(
            g ->
                PartLaws.at(
                    part,
                    "where rewards are 1 and 0 by turns, the gradient at all tokens of prompt",
                    g,
                    0))
        .take(1);
  }

  private static Seq<Integer> still(Isolated part, Trial trial, Seq<Integer> taught) {
    double[] slope = part.slope(Columns.LOG_PROB, trial);
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] prompts = trial.samples().parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    return taught.filter(
        g ->
            List.range(0, slope.length)
                .filter(t -> prompts[of[t]] == g)
                .forAll(t -> slope[t] == 0));
  }

  /** What is imitated beside something else that the same responses teach. */
  static PartLaws.Presumed chosen() {
    return new PartLaws.Presumed(
        new lossmith.proofs.subject.Law(
                "imitation-chosen",
                "beside a policy gradient or a preference, what is imitated is chosen: neither the"
                    + " rejected response of a pair nor all that earned -1",
                "s_i = −1 ∨ R = −1 ⇒ ∂L_imitation/∂log π_t = 0",
                0,
                "a zero is not rounded",
                (subject, trial, tolerance) ->
                    subject
                        .presumed()
                        .filter(part -> part.presumed().role() == Role.IMITATION)
                        .reject(part -> isChosenOtherwise(part.presumed()))
                        .flatMap(part -> rejected(part, trial)))
            .on(Trial.Kind.ORDINARY),
        subject ->
            subject.presumed().exists(part -> part.presumed().role() == Role.IMITATION)
                && subject.presumed().exists(part -> teaches(part.presumed())));
  }

  /** Whether something else than a reward or the sign of a pair says what is imitated. */
  private static boolean isChosenOtherwise(PresumedRole role) {
    return Graph.only(Node.Input.class, Graph.below(List.of(role.whole())))
        .exists(
            input ->
                !input.name().equals(Columns.LOG_PI)
                    && !Columns.LOG_PROBS.contains(input.name())
                    && !List.of(Columns.SIGN, Columns.REWARD).contains(input.name())
                    && !PresumedRole.isMask(input.name()));
  }

  private static boolean teaches(PresumedRole role) {
    return role.role().policyGradient() || role.role() == Role.PREFERENCE_PAIR;
  }

  private static Seq<Violation> rejected(Isolated part, Trial any) {
    Samples samples = any.samples();
    boolean pairs = samples.columns().contains(Columns.SIGN);
    Trial trial = pairs ? any : PartLaws.changed(any, Columns.REWARD, x -> -1);
    double[] slope = part.slope(Columns.LOG_PROB, PartLaws.usual(part, trial));
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] sign = pairs ? samples.column(Columns.SIGN).get() : new double[0];
    return List.range(0, slope.length)
        .filter(t -> slope[t] != 0 && (!pairs || sign[of[t]] < 0))
        .map(
            t ->
                PartLaws.at(
                    part,
                    (pairs ? "of a rejected response" : "where every reward is -1")
                        + ", d/dlog_prob",
                    t,
                    slope[t]))
        .take(1);
  }
}
