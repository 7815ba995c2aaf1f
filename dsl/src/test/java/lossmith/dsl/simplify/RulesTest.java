package lossmith.dsl.simplify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.HashSet;
import java.util.Set;
import lossmith.dsl.Node;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/** Every rule of every table applies to some terms, and to none of which it changes the value. */
final class RulesTest {
  private static final Seq<Rule<?>> ALL = Simplify.RULES.append(SoftmaxSums.RULE);

  /** In so many random terms each rule is met. */
  private static final int TERMS = 6000;

  /** The simplifier, of which every rule that applies to a node is held to its value. */
  private static final class Watched extends Simplify {
    private final Simplify other = new Simplify();
    private final long seed;
    private final Reference reference;
    private final Set<Rule<?>> met;

    Watched(long seed, Reference reference, Set<Rule<?>> met) {
      this.seed = seed;
      this.reference = reference;
      this.met = met;
    }

    @Override
    Node simple(Node node) {
      Node same = other.intern(node);
      for (Rule<?> rule : ALL) {
        for (Node found : rule.of(other, same)) {
          met.add(rule);
          assertEquals(node.level(), found.level(), () -> told(rule, node));
          assertArrayEquals(reference.of(node), reference.of(found), 1e-9, () -> told(rule, node));
        }
      }
      return super.simple(node);
    }

    private String told(Rule<?> rule, Node node) {
      return "seed " + seed + ": " + rule + " at " + Formula.unicode(node);
    }
  }

  @Test
  void eachRuleKeepsTheValueWhereItApplies() {
    Set<Rule<?>> met = new HashSet<>();
    for (long seed = 0; seed < TERMS; seed++) {
      LevelledNodes random = new LevelledNodes(seed);
      Reference reference = new Reference(random.samples(), HashMap.of("temperature", 1.0));
      Node node = random.any();
      Node simple = new Watched(seed, reference, met).of(node);
      assertEquals(node.level(), simple.level());
    }
    assertEquals(List.empty(), ALL.reject(met::contains).toList());
  }

  @Test
  void eachLawIsWrittenOnce() {
    assertEquals(ALL.map(Rule::law), ALL.map(Rule::law).distinct());
  }
}
