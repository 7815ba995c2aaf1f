package lossmith.recipes.part;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Condition;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.schedule.Schedule;
import lossmith.recipes.Claim;

/**
 * What of the claim of a part is true where the part is put together with others. A claim of a part
 * is one of the objective in which the part stands alone, beside the first of each other kind; what
 * the others change decides:
 *
 * <ul>
 *   <li>A claim of a term is one of that term and of what it is made of. What is done with it
 *       leaves it true, as long as no other term has its name; where it is made of rewards, they
 *       must be those that were given.
 *   <li>A claim of an advantage is one of the summand of L that it multiplies, L = −Σ_t m_t w_t
 *       s(A_t) + …, whatever else is added, and whatever A is. That the loss is homogeneous in A
 *       needs no more, since neither m nor w is made of A. That it steps to the side of A needs m,
 *       w ≥ 0. That it is REINFORCE on policy needs w = 1 there, and speaks of the mean that is
 *       taken. Where exactly the gradient stops needs m, w &gt; 0: a selection and a weight may be
 *       0.
 *   <li>The slope of a penalty, averaged over what could have been sampled, is that of a divergence
 *       times a coefficient where responses of one token are averaged: not where they are summed,
 *       not over a constant length, and not where the sampled token decides whether it counts.
 *   <li>Sums over micro-batches of prompts add up where nothing below the sum is taken over more
 *       than one prompt.
 * </ul>
 *
 * <p>What cannot be shown by these rules is not kept, whether it is true or not.
 */
final class Surviving implements Claim.Cases<Option<Claim>> {
  private final Summed all;
  private final HashConsing sharing = new HashConsing();
  private final Seq<Node> nodes;

  private Surviving(Summed all) {
    this.all = all;
    this.nodes = Graph.below(all.loss().parts().values().map(part -> sharing.of(part.node())));
  }

  /** What of the claims of the parts of an objective is true of it. */
  static Seq<Claim> of(Summed all, Seq<Part<?>> parts) {
    Surviving surviving = new Surviving(all);
    return parts.flatMap(Part::claims).flatMap(claim -> claim.match(surviving)).distinct();
  }

  /** There is one term of that name, but for what it is made of. */
  private boolean named(String symbol) {
    Seq<Node> those =
        nodes.filter(node -> node instanceof Node.Named term && term.symbol().equals(symbol));
    Seq<Node> inner = Graph.below(those.flatMap(Node::children), Node::children);
    return those.removeAll(inner).size() == 1;
  }

  private boolean givenRewards() {
    return all.reward().node() instanceof Node.Input;
  }

  private <C extends Claim> Option<Claim> where(boolean kept, C claim) {
    return Option.when(kept, claim);
  }

  @Override
  public Option<Claim> onPolicy(Claim.OnPolicy claim) {
    return where(
        named(claim.advantage()) && all.weights().forAll(w -> Shown.oneOnPolicy(w.node())),
        new Claim.OnPolicy(claim.advantage(), all.mean()));
  }

  @Override
  public Option<Claim> homogeneous(Claim.Homogeneous claim) {
    return where(named(claim.advantage()), claim);
  }

  @Override
  public Option<Claim> sign(Claim.Sign claim) {
    return where(
        named(claim.advantage()) && all.weights().forAll(w -> Shown.nonNegative(w.node())), claim);
  }

  @Override
  public Option<Claim> clipRegion(Claim.ClipRegion claim) {
    return where(
        named(claim.advantage())
            && named(claim.ratio())
            && all.weights().isEmpty()
            && all.where().isEmpty(),
        claim);
  }

  @Override
  public Option<Claim> groupNormalised(Claim.GroupNormalised claim) {
    return where(named(claim.advantage()) && givenRewards(), claim);
  }

  @Override
  public Option<Claim> centred(Claim.Centred claim) {
    return where(named(claim.advantage()) && givenRewards(), claim);
  }

  @Override
  public Option<Claim> within(Claim.Within claim) {
    return where(named(claim.symbol()), claim);
  }

  @Override
  public Option<Claim> estimates(Claim.Estimates claim) {
    return where(all.where().isEmpty() && averages(), claim);
  }

  /** Whether responses of one token are averaged: nothing but sums in them, and a mean of all. */
  private boolean averages() {
    Term<Level.Token> x = Terms.logProb();
    Seq<Node> reducing =
        Graph.below(List.of(all.mean().apply(x).node()), Node::children)
            .removeAll(Graph.below(List.of(x.node()), Node::children));
    return reducing.forAll(
        node ->
            node instanceof Node.Reduce reduce
                && (reduce.op() == ReduceOp.MEAN || reduce.to() != Level.Name.BATCH));
  }

  @Override
  public Option<Claim> averages(Claim.Averages claim) {
    return where(named(claim.symbol()), claim);
  }

  @Override
  public Option<Claim> entropy(Claim.Entropy claim) {
    return where(named(claim.symbol()), claim);
  }

  @Override
  public Option<Claim> gae(Claim.Gae claim) {
    return where(named(claim.advantage()), claim);
  }

  @Override
  public Option<Claim> masked(Claim.Masked claim) {
    return Option.none();
  }

  @Override
  public Option<Claim> additive(Claim.Additive claim) {
    Seq<Node> below =
        Graph.below(
            all.perToken().map(Term::node).appendAll(all.where().map(Condition::node)),
            Node::children);
    return where(below.forAll(node -> !Schedule.beyond(Level.Name.GROUP, node)), claim);
  }

  /** What a part deviates from, it still does. */
  @Override
  public Option<Claim> deviates(Claim.Deviates claim) {
    return Option.some(claim);
  }
}
