package lossmith.dsl.sweep;

import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Algebra;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/** The meaning that tells of each node how far it reads. */
final class Reaching implements Algebra<Reach> {
  private final Set<String> statistics;

  /** Columns of these names are statistics of the policy; so is every grid. */
  Reaching(Set<String> statistics) {
    this.statistics = statistics;
  }

  @Override
  public Reach input(Node.Input node) {
    boolean policy =
        node.level() == Level.Name.VOCABULARY
            || (node.level() == Level.Name.TOKEN && statistics.contains(node.name()));
    return policy ? Reach.ROW : Reach.DATA;
  }

  @Override
  public Reach chosen(Node.Chosen node) {
    return Reach.ROW;
  }

  @Override
  public Reach constant(Node.Constant node) {
    return Reach.DATA;
  }

  @Override
  public Reach truth(Node.Truth node) {
    return Reach.DATA;
  }

  @Override
  public Reach setting(Node.Setting node) {
    return Reach.DATA;
  }

  @Override
  public Reach uniform(Node.Uniform node, Reach seed, Reach step) {
    return seed.and(step);
  }

  @Override
  public Reach named(Node.Named node, Reach of) {
    return of;
  }

  @Override
  public Reach unary(Node.Unary node, Reach of) {
    return of;
  }

  @Override
  public Reach not(Node.Not node, Reach of) {
    return of;
  }

  @Override
  public Reach stopGradient(Node.StopGradient node, Reach of) {
    return of;
  }

  @Override
  public Reach broadcast(Node.Broadcast node, Reach of) {
    return of;
  }

  @Override
  public Reach neighbour(Node.Neighbour node, Reach of) {
    return beyond(of);
  }

  @Override
  public Reach choose(Node.Choose node, Reach of) {
    return Reach.ROW.and(of);
  }

  @Override
  public Reach binary(Node.Binary node, Reach left, Reach right) {
    return left.and(right);
  }

  @Override
  public Reach compare(Node.Compare node, Reach left, Reach right) {
    return left.and(right);
  }

  @Override
  public Reach logic(Node.Logic node, Reach left, Reach right) {
    return left.and(right);
  }

  @Override
  public Reach scan(Node.Scan node, Reach addend, Reach coefficient) {
    return beyond(addend.and(coefficient));
  }

  @Override
  public Reach share(Node.Share node, Reach of, Reach key) {
    return beyond(node.within(), of.and(key));
  }

  @Override
  public Reach permute(Node.Permute node, Reach of, Reach key) {
    return beyond(node.within(), of.and(key));
  }

  @Override
  public Reach clip(Node.Clip node, Reach of, Reach low, Reach high) {
    return of.and(low).and(high);
  }

  @Override
  public Reach select(Node.Select node, Reach when, Reach left, Reach right) {
    return when.and(left).and(right);
  }

  @Override
  public Reach reduce(Node.Reduce node, Reach of, Option<Reach> where) {
    Reach all = of.and(where.getOrElse(Reach.DATA));
    return beyond(node.to(), all);
  }

  @Override
  public Reach count(Node.Count node, Option<Reach> where) {
    Reach all = where.getOrElse(Reach.DATA);
    return node.from() == Level.Name.VOCABULARY
        ? beyond(node.to(), Reach.ROW.and(all))
        : beyond(all);
  }

  @Override
  public Reach rank(Node.Rank node, Reach of, Option<Reach> where) {
    return beyond(node.within(), of.and(where.getOrElse(Reach.DATA)));
  }

  @Override
  public Reach quantile(Node.Quantile node, Reach of, Reach share, Option<Reach> where) {
    return beyond(node.to(), of.and(share).and(where.getOrElse(Reach.DATA)));
  }

  /** The reach of what is taken over all entries of one token, or over more. */
  private static Reach beyond(Level.Name within, Reach of) {
    return within == Level.Name.TOKEN ? of : beyond(of);
  }

  private static Reach beyond(Reach of) {
    return of == Reach.DATA ? Reach.DATA : Reach.BATCH;
  }
}
